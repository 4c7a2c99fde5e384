"""The steps a row offers: what its next step asks for, the likely one first, each one click away."""

from dataclasses import dataclass
from datetime import datetime

from referrals.admin import wording
from referrals.admin.actions.leading import is_being_tried
from referrals.lifecycle.reaching import Reached
from referrals.lifecycle.states import Action, Status
from referrals.models import ContactAttempt, Referral

Direction, Channel, Outcome = Referral.Direction, ContactAttempt.Channel, ContactAttempt.Outcome


@dataclass(frozen=True)
class Offer:
    """``proposes`` are the values its form opens with."""

    action: Action
    label: str
    proposes: tuple[tuple[str, str], ...] = ()

    def href(self, referral: Referral) -> str:
        return wording.step_of(referral, self.action, dict(self.proposes))


LOG_CONTACT, BOOK = Offer(Action.LOG_CONTACT, "Log contact"), Offer(Action.BOOK, "Book visit")
ATTACH = Offer(Action.ATTACH_NOTE, "Attach note")
LOG_LETTER = Offer(
    Action.LOG_CONTACT, "Log the letter", (("channel", Channel.LETTER.value), ("outcome", Outcome.SENT.value))
)


def offers(referral: Referral, now: datetime) -> list[Offer]:
    """At most three; none for a referral that has ended."""
    if not referral.is_open:
        return []
    if referral.is_asleep(now):
        return [Offer(Action.WAKE, "Wake up")]
    visit, inbound = referral.appointment, referral.direction == Direction.INBOUND
    patient = wording.reach_of(referral)
    match referral.status:
        case Status.RECEIVED:
            return [Offer(Action.ROUTE, "Choose specialist")]
        case Status.ROUTED if patient.last != Outcome.REFUSED:
            return [LOG_CONTACT, Offer(Action.ACCEPT, "Accept"), Offer(Action.DECLINE, "Decline")]
        case Status.ROUTED | Status.ACCEPTED:
            return _for_the_patient(patient)
        case Status.SCHEDULED if visit is not None and visit.starts_at > now:
            return [Offer(Action.CONFIRM_APPOINTMENT, "Patient confirmed"), Offer(Action.RESCHEDULE, "Move visit")]
        case Status.SCHEDULED:
            return [Offer(Action.MARK_SEEN, "Patient seen"), Offer(Action.NO_SHOW, "No-show")]
        case Status.SEEN:
            return [ATTACH] if inbound else [Offer(Action.NUDGE, "Ask for note"), ATTACH]
        case Status.NOTE_RETURNED:
            done = referral.reconciled_at is not None
            return [Offer(Action.ACKNOWLEDGE, "Note delivered") if done else Offer(Action.RECONCILE, "Reconcile")]
        case Status.ON_HOLD:
            return [Offer(Action.RESUME, "Resume")]
        case _:
            return [Offer(Action.CONFIRM_CANCEL, "Confirm cancel")]


def _for_the_patient(patient: Reached) -> list[Offer]:
    """A visit that only waits for the patient: call, write, book, or end it when there is no hope."""
    if patient.last == Outcome.REFUSED:
        return [LOG_CONTACT, _end("End referral", "patient_refused")]
    if patient.unreachable and patient.letter_at is not None:
        return [LOG_CONTACT, _end("Unreachable", "unreachable")]
    if patient.unreachable:
        return [LOG_LETTER, LOG_CONTACT]
    return [LOG_CONTACT, BOOK] if is_being_tried(patient) else [BOOK, LOG_CONTACT]


def _end(label: str, reason: str) -> Offer:
    return Offer(Action.MARK_LOST, label, (("reason_code", reason),))
