"""The first hours: captured, corrected, commented, handed over, or found to be a mistake or a repeat."""

from datetime import UTC

from referrals.actions import contacts, details, ending, notes
from referrals.capture.create import capture
from referrals.intake.receive import store
from referrals.lifecycle.actor import Actor
from referrals.models import Coordinator, Document, Office
from referrals.routing.assign import reassign
from refloop_site.demo import behaviour as b
from refloop_site.demo import consult_notes
from refloop_site.demo.journey import Journey, Step

REMARKS = (
    "Patient prefers mornings.", "Daughter arranges transport, call her.", "Records sent by fax today.",
    "Asks for the office nearest to work.", "Please mind the needle phobia.", "Spanish interpreter requested.",
)  # fmt: skip


def first_hours(j: Journey) -> Step:
    yield j.planned.at
    _capture(j)
    if j.planned.repeats:
        yield j.later(b.SOON)
        j.end(ending.void, j.manager, "duplicate", "Same ask was captured before.")
        return
    if j.chance(b.ENTERED_IN_ERROR):
        yield j.later(b.SOON)
        j.end(ending.void, j.manager, "entered_in_error", "Wrong patient chosen.")
        return
    if j.chance(b.LETTER_ATTACHED):
        _letter(j)
    if j.chance(b.DETAILS_CORRECTED):
        yield j.later(b.SOON)
        number = f"PA-{40_000 + j.planned.index}"
        changes = {"authorization_state": "approved", "authorization_number": number}
        j.do(details.update_details, j.owner, changes=changes)
    if j.chance(b.COMMENTED):
        yield j.later(b.SOON)
        j.do(contacts.comment_on, j.owner, text=j.rng.choice(REMARKS))
    if j.chance(b.OWNER_CHANGED):
        yield j.later(b.SOON)
        colleagues = Coordinator.objects.filter(active=True, is_fallback=False).exclude(pk=j.referral.owner_id)
        j.do(reassign, j.owner, owner=j.rng.choice(colleagues.order_by("pk")), comment="Evening the load")


def _capture(j: Journey) -> None:
    office = j.planned.office
    by_api = office.contact_preference == Office.Contact.API and not j.planned.repeats
    # Typed in by whoever is at the desk; the owner is only known afterwards.
    desk = j.rng.choice(list(j.cast.staff.user_of.values()))
    actor = Actor.of_office(office) if by_api else Actor.staff(desk)
    j.referral = capture(ask=j.planned.ask, actor=actor, now=j.now.astimezone(UTC)).referral


def _letter(j: Journey) -> None:
    text = consult_notes.letter(
        number=j.referral.number,
        person=j.planned.person.data,
        office=j.planned.office,
        referrer=j.cast.providers.get(j.referral.referring_provider_id),
        question=j.planned.question,
    )
    stored = store(text.encode(), filename="referral-letter.txt")
    kind = notes.NoteDetails(kind=Document.Kind.REFERRAL_LETTER, author_office=j.planned.office)
    j.do(notes.attach, j.referrer, stored=stored, details=kind)
