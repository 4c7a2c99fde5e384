"""What a message without a document tells, in words for the one who reviews it. Pure data."""

from dataclasses import dataclass

BOOKED, MOVED, CALLED_OFF, MISSED, ASKED_FOR = "booked", "moved", "called_off", "missed", "asked_for"
ARRIVED, ATTENDED, LEFT, VISIT_UNDONE = "arrived", "attended", "left", "visit_undone"
RECORD_CHANGED, MERGED, ORDERED, ANNOUNCED = "record_changed", "merged", "ordered", "announced"
ACCEPTED, DECLINED, REFERRAL_CANCELLED, NOT_OURS = "accepted", "declined", "referral_cancelled", "not_ours"


@dataclass(frozen=True)
class Notice:
    """``says`` what happened, ``do`` what the reviewer does; ``steps`` are the actions of a referral that record it, the
    first that is possible counts (lifecycle/states.py)."""

    says: str
    do: str
    steps: tuple[str, ...] = ()


_ASIDE = "Set it aside once that is done."
NOTICES: dict[str, Notice] = {
    BOOKED: Notice("An appointment was booked", f"Record it on the referral. {_ASIDE}", ("book", "reschedule")),
    MOVED: Notice("An appointment was moved or changed", f"Record the new time on the referral. {_ASIDE}", ("reschedule", "book")),
    CALLED_OFF: Notice("An appointment was cancelled", f"Record it on the referral. {_ASIDE}", ("cancel_appointment",)),
    MISSED: Notice("The patient did not come to an appointment", f"Record the no-show. {_ASIDE}", ("no_show",)),
    ASKED_FOR: Notice("A request for an appointment", "It books nothing yet. Answer it where you book, then set it aside."),
    ARRIVED: Notice("The patient was registered for a visit", f"If it is the visit referred for, record it. {_ASIDE}", ("mark_seen",)),
    ATTENDED: Notice("The appointment took place", f"Record that the patient was seen. {_ASIDE}", ("mark_seen",)),
    LEFT: Notice("The visit ended", f"If it is the visit referred for, record it. The note is still to come. {_ASIDE}", ("mark_seen",)),
    VISIT_UNDONE: Notice("A registration or discharge was cancelled", "See whether a visit recorded on the referral is wrong, then set it aside."),
    RECORD_CHANGED: Notice("The sender's record of the patient changed", "Compare name, phone and address with ours, then set it aside."),
    MERGED: Notice("The sender joined two patient records", "See whether we hold both as patients, then set it aside."),
    ORDERED: Notice("An order without a report", "If it asks us for a consultation, capture a referral from it; else set it aside."),
    ANNOUNCED: Notice("It says that a document was written, but does not hold it", "Ask the sender for the document itself, then set this aside."),
    ACCEPTED: Notice("The specialist's office accepted the referral", f"Record the answer on the referral. {_ASIDE}", ("accept",)),
    DECLINED: Notice("The specialist's office declined the referral", f"Record the answer on the referral. {_ASIDE}", ("decline",)),
    REFERRAL_CANCELLED: Notice("The referring office cancels a referral", f"Record it on the referral. {_ASIDE}", ("cancel",)),
    NOT_OURS: Notice("A message about something RefLoop does not keep", "It holds no note and no appointment: set it aside."),
}  # fmt: skip


def words_of(notice: str, message: str) -> str:
    """``An appointment was booked (SIU^S12). Record it …``, at most 200 characters; empty for a notice unknown here."""
    known = NOTICES.get(notice)
    return f"{known.says}{f' ({message})' if message else ''}. {known.do}"[:200] if known else ""
