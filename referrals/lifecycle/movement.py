"""What counts as movement of a referral: pure data, no database, no clock.

A referral moves when its care does: a specialist is found or answers, a visit is booked, moved, missed or takes place, a
note comes or is taken off, a pause begins or ends, it ends or is reopened. What people do *about* one that stands still
moves nothing: a nudge, a message, an escalation, a snooze, another owner, a comment, a corrected detail, a filed paper,
and also a contact attempt, whoever was reached, until it leads to one of the above. The stall clock sees it the same way
(those keep the stay in the stage), so nobody can chase a referral out of the leakage figures."""

# Kinds of events. Every kind that lifecycle.transition can write is in exactly one of the two.
MOVES = frozenset(
    {
        "captured", "routed", "accepted", "declined", "scheduled", "rescheduled", "appointment_confirmed",
        "appointment_cancelled", "no_show", "seen", "information_requested", "held", "resumed", "note_attached",
        "note_returned", "note_amended", "note_retracted", "retraction_undone", "note_detached", "reconciled",
        "note_delivered", "closed", "seen_undone", "no_show_undone", "acceptance_undone", "settling_undone",
        "cancel_requested", "cancelled", "cancel_withdrawn", "voided", "lost", "closed_without_note", "reopened",
    }
)  # fmt: skip
STANDS_STILL = frozenset(
    {
        "not_routed", "assigned", "contact_logged", "contact_undone", "snoozed", "woken", "nudged", "document_added",
        "document_removed", "details_changed", "commented", "match_undone",
    }
)  # fmt: skip
