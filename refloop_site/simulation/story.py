"""What happens around one referral, step by step, from capture to its end. Each step waits for a task or an instant."""

from datetime import UTC, timedelta

from referrals.actions import answering, contacts, ending, incoming, notes, scheduling, visits
from referrals.capture.create import capture
from referrals.intake.receive import store
from referrals.lifecycle.states import Status
from referrals.models import Document, IncomingDocument, Provider
from referrals.reconcile import decide
from referrals.routing.choose import route_by_hand
from refloop_site.demo import consult_notes
from refloop_site.demo.behaviour import DECLINE_REASONS
from refloop_site.demo.office_hours import visit_time
from refloop_site.simulation.case import Case, Story
from refloop_site.simulation.mailroom import Mailroom

VISIT_LASTS = timedelta(minutes=30)


def story(case: Case, mailroom: Mailroom) -> Story:
    """The whole way; ends with the referral."""
    yield case.planned.at
    actor = case.cast.desk(case.planned)
    case.referral = capture(ask=case.planned.ask, actor=actor, now=case.now.astimezone(UTC)).referral
    while step := _STEPS.get(case.referral.status):
        yield from step(case, mailroom)


def _unrouted(case: Case, mailroom: Mailroom) -> Story:
    yield case.waits_for("finds specialist", case.assumed.finds_specialist)
    there = Provider.objects.filter(specialties=case.referral.specialty_id, offices__isnull=False)
    if case.referral.direction == "inbound":
        there = there.filter(offices__is_ours=True)
    choices = list(there.order_by("pk").distinct())
    if not choices:
        case.end(ending.cancel, "no_specialist_available", "Nobody in the directory.")
        return
    provider = choices[int(case.uniform("which specialist", 0, len(choices) - 0.001))]
    offices = [o for o in provider.offices.order_by("pk") if o.is_ours or case.referral.direction != "inbound"]
    case.do(route_by_hand, case.owner, office=offices[0], provider=provider, comment="Agreed by phone")


def _unanswered(case: Case, mailroom: Mailroom) -> Story:
    yield case.waits_for("answers", case.assumed.answers)
    if case.chance("declines", case.assumed.declines):
        case.do(answering.decline, case.receiver, reason=DECLINE_REASONS[0])
    else:
        case.do(answering.accept, case.receiver)


def _to_book(case: Case, mailroom: Mailroom) -> Story:
    """Reach the patient, call by call; then a letter, then somebody has to say that it is over."""
    if case.memory.pop("missed", False):
        yield case.waits_for("books again", case.assumed.books_again, with_patient=True)
        _book(case)
        return
    for call in range(case.assumed.calls):
        act = case.assumed.next_call if call else case.assumed.first_call
        yield case.waits_for("next call", act, with_patient=True)
        if case.chance("reached", case.assumed.reached):
            _talk(case)
            return
    case.do(contacts.log_contact, case.owner, channel="letter", outcome="sent", comment="Asked to call us")
    yield case.waits_for("says unreachable", case.assumed.says_unreachable, with_patient=True)
    case.end(ending.mark_lost, "unreachable", "Calls and a letter.")


def _talk(case: Case) -> None:
    if case.chance("refuses", case.assumed.refuses):
        case.end(ending.mark_lost, "patient_refused")
    elif case.chance("goes elsewhere", case.assumed.goes_elsewhere):
        case.end(ending.mark_lost, "went_elsewhere")
    else:
        _book(case)


def _book(case: Case) -> None:
    day = case.now + timedelta(days=case.uniform("wait", *case.assumed.wait_days))
    starts_at = visit_time(day, case.dice("hour of the visit"))
    if starts_at <= case.now:
        starts_at = visit_time(case.now + timedelta(days=1), case.dice("hour of the visit"))
    case.do(scheduling.book, case.receiver, starts_at=starts_at.astimezone(UTC))
    case.memory["visit at"] = starts_at


def _booked(case: Case, mailroom: Mailroom) -> Story:
    """The visit, or not; afterwards the note and the record of the visit are on their way side by side."""
    visit_at = case.memory["visit at"]
    yield max(case.now, visit_at + VISIT_LASTS)
    if case.chance("misses", case.assumed.misses):
        case.do(scheduling.no_show, case.receiver, reason="Did not come")
        case.memory["missed"] = True
        return
    case.memory["visit on"] = visit_at.date()
    note = case.waits_for("sends note", case.assumed.sends_note)
    record = case.waits_for("records visit", case.assumed.records_visit)
    record.due = min(record.due, note.due)
    yield record
    case.memory["note"] = note
    if note.due > case.now:
        case.do(visits.mark_seen, case.receiver, seen_on=case.memory["visit on"])
    else:
        yield from _note_comes(case, mailroom)


def _seen(case: Case, mailroom: Mailroom) -> Story:
    note = case.memory.pop("note", None) or case.waits_for("sends note", case.assumed.sends_note)
    yield note
    yield from _note_comes(case, mailroom)


def _note_comes(case: Case, mailroom: Mailroom) -> Story:
    """Into the mailroom: filed by itself when it can be, otherwise somebody has to."""
    case.memory.pop("note", None)
    text = _note_text(case)
    waiting = mailroom.receive(text, at=case.now)
    if waiting is None or waiting.state == IncomingDocument.State.REVIEW:
        yield case.waits_for("files note", case.assumed.files_note)
        if waiting is None:
            details = notes.NoteDetails(service_date=case.memory["visit on"])
            case.do(notes.attach, case.owner, stored=store(text.encode(), filename="note.txt"), details=details)
            case.memory["filed by hand"] = True
            case.do(decide.reconcile, case.owner)
        else:
            taken_for = incoming.As(kind=Document.Kind.CONSULT_NOTE, status=Document.Status.FINAL,
                                    service_date=case.memory["visit on"])  # fmt: skip
            incoming.attach(document=waiting, referral=case.referral, taken_for=taken_for, actor=case.owner,
                            now=case.now.astimezone(UTC))  # fmt: skip
    case.refresh()


def _note_text(case: Case) -> str:
    person = case.planned.person.data
    clear = not case.chance("note unclear", case.assumed.note_unclear)
    text = consult_notes.note(
        heading="CONSULTATION NOTE",
        status="Final",
        number=case.referral.number,
        person=person,
        visit_on=case.memory["visit on"],
        office=case.cast.offices[case.referral.receiving_office_id],
        author=case.cast.providers.get(case.referral.receiving_provider_id),
        referrer=case.cast.providers.get(case.referral.referring_provider_id),
        question=case.planned.question,
        written_at=case.now,
    )
    dropped = []
    if not clear or not case.chance("note carries number", case.assumed.note_carries_number):
        dropped.append("Referral:")
    if not clear:
        dropped.append("Date of birth:")
    return "\n".join(line for line in text.splitlines() if not line.startswith(tuple(dropped) or ("\0",)))


def _note_here(case: Case, mailroom: Mailroom) -> Story:
    """Reconcile it, if that is not done yet; our own note also has to reach the referrer."""
    if case.referral.reconciled_at is None:
        yield case.waits_for("files note", case.assumed.files_note)
        case.do(decide.reconcile, case.owner)
    else:
        yield case.waits_for("delivers", case.assumed.delivers)
        case.do(decide.acknowledge, case.referrer, how="fax confirmed")


_STEPS = {
    Status.RECEIVED: _unrouted,
    Status.ROUTED: _unanswered,
    Status.ACCEPTED: _to_book,
    Status.SCHEDULED: _booked,
    Status.SEEN: _seen,
    Status.NOTE_RETURNED: _note_here,
}
