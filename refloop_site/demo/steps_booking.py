"""From accepted to the visit: reaching the patient, booking, moving, cancelling, missing."""

from datetime import UTC, timedelta

from referrals.actions import contacts, ending, holding, scheduling, snoozing, visits
from refloop_site.demo import behaviour as b
from refloop_site.demo.journey import Journey, Step
from refloop_site.demo.office_hours import visit_time
from refloop_site.demo.steps_answer import decline


def accepted(j: Journey) -> Step:
    """Reach the patient and book, unless something comes between."""
    if j.once("may be held", b.HELD):
        yield j.later(b.SOON)
        j.memory["hold until"] = until = j.later(b.HOLD_LASTS, hurried=False)
        j.do(holding.hold, j.owner, reason=j.rng.choice(b.HOLD_REASONS), until=until.astimezone(UTC))
        return
    if j.once("may be snoozed", b.SNOOZED):
        yield j.later(b.FIRST_CALL)
        until = j.later(b.SNOOZE_LASTS, hurried=False)
        reason = j.rng.choice(b.SNOOZE_REASONS)
        j.do(snoozing.snooze, j.owner, until=until.astimezone(UTC), reason=reason)
        j.do(contacts.log_contact, j.owner, outcome="reached", comment=reason)
        yield until
    if j.once("may be declined late", b.DECLINED_AFTER_ACCEPTING):
        yield j.later(b.FIRST_CALL)
        decline(j)
        return
    if j.chance(b.BOOKING_FORGOTTEN):
        yield j.later(b.FORGOTTEN)
    if j.memory.pop("books at once", False):
        yield j.later(b.SOON)
        _book(j)
        return
    for attempt in range(b.CALLS_BEFORE_LETTER):
        yield j.later(b.NEXT_CALL if attempt else b.FIRST_CALL)
        if j.chance(b.REACHED):
            _talk(j)
            return
        outcome = "left_message" if j.chance(0.6) else "no_answer"
        j.do(contacts.log_contact, j.owner, outcome=outcome)
    yield j.later(b.SOON)
    j.do(contacts.log_contact, j.owner, channel="letter", outcome="sent", comment="Asked to call us")
    yield j.later(b.LETTER_WAIT, hurried=False)
    if j.chance(b.ANSWERS_THE_LETTER):
        _talk(j)
    else:
        j.end(ending.mark_lost, j.owner, "unreachable", "Three calls and a letter.")


def _talk(j: Journey) -> None:
    """The patient answers: usually a date is agreed."""
    for share, code, outcome in (
        (b.REFUSES, "patient_refused", "refused"),
        (b.GOES_ELSEWHERE, "went_elsewhere", "reached"),
        (b.MOVES_AWAY, "moved_away", "reached"),
        (b.EXPIRES, "expired", "reached"),
    ):
        if j.chance(share):
            j.do(contacts.log_contact, j.owner, outcome=outcome)
            j.end(ending.mark_lost, j.owner, code)
            return
    j.do(contacts.log_contact, j.owner, outcome="reached")
    _book(j)


def _book(j: Journey) -> None:
    provider = j.cast.providers.get(j.referral.receiving_provider_id)
    usual = (provider.typical_wait_days if provider else None) or b.UNKNOWN_WAIT_DAYS
    low, high = b.LEAD[j.referral.priority]
    day = j.now + timedelta(days=usual * j.rng.uniform(low, high))
    starts_at = visit_time(day, j.rng)
    if starts_at <= j.now:
        starts_at = visit_time(j.now + timedelta(days=1), j.rng)
    instructions = "Bring the medication list." if j.chance(0.3) else ""
    j.do(scheduling.book, j.receiver, starts_at=starts_at.astimezone(UTC), instructions=instructions)
    j.memory["visit at"] = starts_at


def scheduled(j: Journey) -> Step:
    """Until the visit begins."""
    visit_at = j.memory["visit at"]
    if j.chance(b.CONFIRMED) and (at := j.before(visit_at)):
        yield at
        j.do(scheduling.confirm_appointment, j.owner)
    if j.once("may ask to cancel", b.CANCEL_ASKED) and (at := j.before(visit_at)):
        yield at
        j.do(ending.cancel, j.referrer, comment="Patient asked us to cancel.")
        return
    if j.chance(b.APPOINTMENT_CANCELLED) and (at := j.before(visit_at)):
        yield at
        j.do(scheduling.cancel_appointment, j.receiver, reason="Patient cannot come that day")
        return
    if j.chance(b.MOVED) and (at := j.before(visit_at)):
        yield at
        visit_at = visit_time(visit_at + timedelta(days=j.rng.randrange(2, 15)), j.rng)
        moved_to = visit_at.astimezone(UTC)
        j.do(scheduling.reschedule, j.receiver, starts_at=moved_to, reason="Clinic had to move the session")
        j.memory["visit at"] = visit_at
    yield max(j.now, visit_at + timedelta(minutes=30))
    if j.chance(b.NO_SHOW):
        yield j.later(b.VISIT_RECORDED)
        j.do(scheduling.no_show, j.receiver, reason="Did not come, no call")
        j.memory["missed"] = j.memory.get("missed", 0) + 1
        if j.memory["missed"] > 1 or not j.chance(b.BOOKS_AGAIN_AFTER_NO_SHOW):
            yield j.later(b.NEXT_CALL)
            j.end(ending.mark_lost, j.owner, "repeated_no_show")
        return
    yield from _visited(j)


def _visited(j: Journey) -> Step:
    """The patient was there; somebody records it, or the note comes first."""
    j.memory["visit_on"] = j.memory["visit at"].date()
    if j.chance(b.NOTE_BEFORE_VISIT_RECORDED):
        yield j.later(b.OUR_NOTE)
        j.attach(j.note_text(), service_date=j.memory["visit_on"])
        return
    yield j.later(b.VISIT_FORGOTTEN_FOR if j.chance(b.VISIT_FORGOTTEN) else b.VISIT_RECORDED)
    from_ehr = f"V{500_000 + j.planned.index}" if j.chance(0.5) else ""
    j.do(visits.mark_seen, j.receiver, seen_on=j.memory["visit_on"], encounter_id=from_ehr)


def cancel_asked(j: Journey) -> Step:
    """The receiving side agrees, or the referrer thinks again."""
    yield j.later(b.CANCEL_ANSWERED)
    if j.chance(b.CANCEL_CONFIRMED):
        j.do(ending.confirm_cancel, j.receiver)
    else:
        j.do(ending.withdraw_cancel, j.referrer, comment="Patient wants to come after all.")


def lost(j: Journey) -> Step:
    """Now and then a lost patient calls."""
    if not j.chance(b.COMES_BACK):
        j.over = True
        return
    yield j.later(b.COMES_BACK_AFTER)
    j.do(ending.reopen, j.owner, comment="Patient called and wants the visit.")
