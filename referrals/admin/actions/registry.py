"""Which form and which service stand behind each action. A new action is one more line here and its form."""

from referrals.admin.actions import calling, concluding, escalating, noting, picking, placing, visiting
from referrals.admin.actions.step import Step, StepForm
from referrals.lifecycle.states import Action as A

STEPS: dict[str, Step] = {
    A.ROUTE: Step(
        picking.RouteForm,
        picking.route,
        "A booked visit with another specialist is cancelled.",
        "Send",
        template="admin/referrals/referral/act_route.html",
        searches=True,
    ),
    A.ASSIGN: Step(placing.AssignForm, placing.hand_over),
    A.ACCEPT: Step(placing.AcceptForm, placing.accept, "The specialist takes the patient."),
    A.DECLINE: Step(
        placing.DeclineForm,
        placing.decline,
        "They are left out from now on, and the referral goes to the next specialist who fits.",
    ),
    A.LOG_CONTACT: Step(
        calling.LogContactForm, calling.log_contact, "Every try counts, also those nobody answered.", "Log it"
    ),
    A.BOOK: Step(visiting.BookForm, visiting.book, "Times are the practice's. Booking implies acceptance.", "Book"),
    A.RESCHEDULE: Step(visiting.RescheduleForm, visiting.reschedule, "The old time stays in the history.", "Move"),
    A.CONFIRM_APPOINTMENT: Step(StepForm, visiting.confirm_appointment, "The patient said they will come."),
    A.CANCEL_APPOINTMENT: Step(
        visiting.WhyForm, visiting.cancel_appointment, "The referral goes back to unscheduled; it is not cancelled."
    ),
    A.NO_SHOW: Step(visiting.MayBeWhyForm, visiting.no_show, "The referral goes back to unscheduled.", "Did not come"),
    A.MARK_SEEN: Step(
        visiting.SeenForm, visiting.mark_seen, "Starts the clock for the consult note. Seen is not closed."
    ),
    A.TAKE_BACK: Step(
        visiting.TakeBackRecordForm,
        visiting.take_back,
        "The last record was a mistake: everything it implied is undone, and whoever was told is told so.",
        "Take it back",
    ),
    A.REQUEST_INFORMATION: Step(
        placing.RequestInformationForm, placing.request_information, "Puts the referral on hold until it is answered."
    ),
    A.HOLD: Step(concluding.HoldForm, concluding.hold, "Stops the clock until that day."),
    A.RESUME: Step(concluding.RemarkForm, concluding.resume, "Ends the hold; it stands where it stood before."),
    A.SNOOZE: Step(
        escalating.SnoozeForm,
        escalating.snooze,
        "Nobody is told and it is not overdue meanwhile. The clock runs on: what falls due is sent when the snooze ends.",
    ),
    A.WAKE: Step(concluding.RemarkForm, escalating.wake, "Ends the snooze; what was held back is due at once."),
    A.NUDGE: Step(
        escalating.NudgeForm,
        escalating.nudge,
        "Sends now what the escalation would say. The deadlines stay as they are.",
        "Send",
    ),
    A.ATTACH_NOTE: Step(
        noting.NoteForm, noting.attach, "Check that the file is this patient's. A final note implies the visit."
    ),
    A.ADD_DOCUMENT: Step(noting.DocumentForm, noting.attach, "Letters, results, anything that is not the note."),
    A.RETRACT_NOTE: Step(
        noting.TakeBackForm, noting.retract, "The author took the note back. The visit stands.", is_final=True
    ),
    A.DETACH_NOTE: Step(
        noting.TakeBackForm,
        noting.detach,
        "The note belongs to another referral or patient. What it implied is undone.",
        "Take it off",
        is_final=True,
    ),
    A.RECONCILE: Step(
        noting.ReconcileForm, noting.reconcile, "Ties the final note to the visit and documents it for billing."
    ),
    A.ACKNOWLEDGE: Step(noting.DeliveredForm, noting.delivered, "The referring office has our note."),
    A.CANCEL: Step(
        concluding.CancelForm,
        concluding.cancel,
        "At once before a specialist accepted; afterwards they have to confirm.",
        is_final=True,
    ),
    A.CONFIRM_CANCEL: Step(concluding.ConfirmCancelForm, concluding.confirm_cancel, is_final=True),
    A.WITHDRAW_CANCEL: Step(concluding.RemarkForm, concluding.withdraw_cancel, "The referrer wants it after all."),
    A.VOID: Step(
        concluding.VoidForm,
        concluding.void,
        "The referral should never have been here: it leaves every figure.",
        is_final=True,
    ),
    A.MARK_LOST: Step(concluding.LostForm, concluding.mark_lost, "The patient will not be seen.", is_final=True),
    A.CLOSE_WITHOUT_NOTE: Step(
        concluding.WithoutNoteForm,
        concluding.close_without_note,
        "The patient was seen and no note can be had. It never counts as closed.",
        is_final=True,
    ),
    A.REOPEN: Step(concluding.ExplainForm, concluding.reopen, "The referral stands where its facts put it."),
    A.UPDATE_DETAILS: Step(concluding.DetailsForm, concluding.update_details, button="Save"),
    A.COMMENT: Step(visiting.CommentForm, visiting.comment, button="Add comment"),
}
