"""From the visit to the closed loop: the note comes, late or never, is matched, reconciled, delivered, amended."""

from datetime import UTC, timedelta

from referrals.actions import contacts, ending, retracting, scheduling, taking_off
from referrals.models import Document
from referrals.reconcile import decide
from refloop_site.demo import behaviour as b
from refloop_site.demo.journey import Journey, Step
from refloop_site.demo.office_hours import visit_time


def seen(j: Journey) -> Step:
    """Waiting for the note."""
    if j.once("may be a mistake", b.SEEN_BY_MISTAKE):
        yield j.later(b.SOON)
        j.do(scheduling.no_show, j.receiver, reason="Marked as seen by mistake; the patient was not there")
        return
    if j.once("may need a follow-up", b.FOLLOW_UP_BOOKED):
        starts_at = visit_time(j.now + timedelta(days=j.rng.randrange(30, 75)), j.rng).astimezone(UTC)
        j.do(scheduling.book, j.receiver, starts_at=starts_at)
    if j.once("may never come", b.NOTE_NEVER_COMES):
        yield from _chase(j)
        yield j.later(b.GIVEN_UP_AFTER)
        codes = ("note_not_obtainable", "specialist_writes_no_note", "verbal_report_only")
        j.end(ending.close_without_note, j.owner, j.rng.choice(codes), "Asked three times.")
        return
    if j.once("may be forgotten", b.NOTE_FORGOTTEN):
        yield from _chase(j)
        yield j.later(b.NOTE_FORGOTTEN_FOR)
    yield j.later(b.OUR_NOTE if j.cast.offices[j.referral.receiving_office_id].is_ours else b.THEIR_NOTE)
    day, draft = j.memory["visit_on"], None
    kind = Document.Kind.PROCEDURE_REPORT if j.chance(b.PROCEDURE_REPORT) else Document.Kind.CONSULT_NOTE
    if j.once("may be preliminary", b.PRELIMINARY_FIRST):
        text = j.note_text(status="Preliminary")
        draft = j.attach(text, status=Document.Status.PRELIMINARY, service_date=day, kind=kind)
        yield j.later(b.THEIR_NOTE)
    j.attach(j.note_text(), service_date=day, supersedes=draft, kind=kind)


def _chase(j: Journey) -> Step:
    yield j.later(b.CHASED_AFTER)
    comment = "Asked for the consult note"
    j.do(contacts.log_contact, j.owner, party="receiving_office", outcome="reached", comment=comment)


def note_returned(j: Journey) -> Step:
    """Match it to the visit; an inbound one also has to reach the referrer."""
    if j.once("may be the wrong note", b.WRONG_MATCH):
        yield j.later(b.RECONCILED)
        why = "This is another patient's note"
        j.do(taking_off.detach_note, j.owner, document=j.referral.note, reason=why)
        return
    ours = j.referral.direction == "inbound"
    first = ours and j.once("may be delivered first", b.DELIVERED_FIRST)
    if j.referral.reconciled_at is None and not first:
        slow = j.chance(b.RECONCILING_FORGOTTEN)
        yield j.later(b.RECONCILING_FORGOTTEN_FOR if slow else b.RECONCILED)
        j.do(decide.reconcile, j.owner)
        return
    yield j.later(b.DELIVERY_FORGOTTEN_FOR if j.chance(b.DELIVERY_FORGOTTEN) else b.DELIVERED)
    j.do(decide.acknowledge, j.referrer, how=j.rng.choice(b.DELIVERY_WAYS))


def closed(j: Journey) -> Step:
    """What still happens to a closed loop: an amendment, or the author takes the note back."""
    if j.once("may be amended", b.AMENDED_LATER):
        yield j.later(b.AMENDED_AFTER)
        amended = j.note_text(heading="CONSULTATION NOTE, AMENDED", status="Amended")
        j.attach(amended, status=Document.Status.AMENDED, service_date=j.memory["visit_on"])
        if j.referral.direction == "inbound":
            yield j.later(b.DELIVERED)
            j.do(decide.acknowledge, j.referrer, how=j.rng.choice(b.DELIVERY_WAYS))
    elif j.once("may be retracted", b.RETRACTED_LATER):
        yield j.later(b.AMENDED_AFTER)
        j.do(
            retracting.retract_note,
            j.receiver,
            document=j.referral.note,
            reason="Signed in error, corrected note follows",
        )
        return
    j.over = True
