"""One endpoint per action. Each names its service; the input's fields are the service's arguments."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from referrals import selectors
from referrals.actions import (
    answering,
    contacts,
    details,
    ending,
    holding,
    nudging,
    retracting,
    scheduling,
    snoozing,
    taking_back,
    taking_off,
    visits,
)
from referrals.api.inputs import actions as inputs
from referrals.api.outputs.referrals import ReferralSerializer, referral_for
from referrals.api.schema import Operation
from referrals.api.views.office_view import OfficeView
from referrals.errors import InvalidInput, NotPermitted
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import refuse_if_illegal
from referrals.models import Encounter, Referral
from referrals.reconcile import decide
from referrals.routing import assign, choose


class ActionView(OfficeView):
    """POST does ``action`` by ``service`` with the values of ``takes`` and answers with the fresh referral."""

    action: ClassVar[Action]
    service: ClassVar[Callable[..., Any]]
    takes: ClassVar[type]

    def post(self, request: Request, number: str) -> Response:
        referral = self.party_referral(number)
        if "document" in self.takes().fields:  # without a note no body could be right, and that says nothing of why
            self._refuse_hopeless(referral)
        documents = selectors.documents_visible_to(self.viewer.office).filter(referral=referral)
        values = self.validated(self.takes, documents=documents)
        type(self).service(referral=referral, actor=self.actor, now=timezone.now(), **values)
        fresh = self.visible().filter(pk=referral.pk).first()
        if fresh is None:  # declined, or sent to somebody else: no longer this office's
            return Response(status=204)
        return self.answer(ReferralSerializer, referral_for(self.viewer, fresh, now=timezone.now()))

    def _refuse_hopeless(self, referral: Referral) -> None:
        if not may(self.actor, self.action, referral):
            raise NotPermitted(f"You may not do this: {self.action.label.lower()}.")
        refuse_if_illegal(referral, self.action, self.actor, now=timezone.now())


def _action(action: Action, tag: str, takes: type, service: Callable[..., Any], description: str) -> type[ActionView]:
    """The view of an action whose service takes the input's values as they are."""
    operation = Operation(
        id=f"referrals_{action.value}",
        tag=tag,
        summary=str(action.label),
        description=description,
        takes=takes,
        gives={200: ReferralSerializer, 204: None},
        notes={200: "Done; the referral as it is now.", 204: "Done; your office is no longer a party to it."},
        refuses=(403, 404, 409),
    )
    attributes = {
        "action": action, "service": staticmethod(service), "takes": takes, "operations": {"POST": operation},
        "__doc__": description, "__module__": __name__,
    }  # fmt: skip
    return type(f"{action.name.title().replace('_', '')}View", (ActionView,), attributes)


def _reconcile(*, referral: Referral, encounter_id: str = "", **common: Any) -> Referral:
    encounter = None
    if encounter_id:
        encounter = Encounter.objects.filter(patient=referral.patient_id, external_id=encounter_id).first()
        if encounter is None:
            raise InvalidInput([("encounter_id", "No visit of this patient has this number.")])
    return decide.reconcile(referral=referral, encounter=encounter, **common)


def _update_details(*, referral: Referral, actor, now, expected_version: int | None = None, **changes: Any) -> Referral:
    return details.update_details(
        referral=referral, actor=actor, now=now, changes=changes, expected_version=expected_version
    )


def _route(*, provider=None, **values: Any) -> Referral:
    return choose.route_by_hand(provider=provider, **values)


# The order is that of the loop. Descriptions begin with who does it.
VIEWS: dict[Action, type[ActionView]] = {
    view.action: view
    for view in (
        _action(
            Action.ROUTE, "Route", inputs.RouteSerializer, _route,
            "Group. Send the referral to a specialist. `comment` is needed when it is not the first of `candidates/`. "
            "A booked visit with the one before is cancelled.",
        ),
        _action(
            Action.ASSIGN, "Route", inputs.AssignOwnerSerializer, assign.reassign,
            "Group. Give the referral to another owner (`coordinators/` lists them).",
        ),
        _action(
            Action.ACCEPT, "Answer", inputs.CommentedSerializer, answering.accept,
            "Receiving office or group. The specialist takes the patient; next, book. Ends a hold.",
        ),
        _action(
            Action.DECLINE, "Answer", inputs.DeclineSerializer, answering.decline,
            "Receiving office or group. The specialist does not take the patient, also after accepting. The referral "
            "goes to the next candidate at once, so an office that declines gets 204 and does not see it any more.",
        ),
        _action(
            Action.REQUEST_INFORMATION, "Answer", inputs.RequestInformationSerializer, answering.request_information,
            "Receiving office or group. Something is needed first: on hold until the referring office has "
            "answered (`comment`, a document) and then sends `resume`; an answer alone does not end the hold.",
        ),
        _action(
            Action.HOLD, "Answer", inputs.HoldSerializer, holding.hold,
            "Either office. Wait on purpose until a date, such as for an authorization. A booked visit stays booked.",
        ),
        _action(
            Action.RESUME, "Answer", inputs.CommentedSerializer, holding.resume,
            "Either office. What it waited for is here; the referral stands where it was.",
        ),
        _action(
            Action.SNOOZE, "Escalate", inputs.SnoozeSerializer, snoozing.snooze,
            "Group. Nobody is told before `until`, and it is not overdue meanwhile. The clock runs on: what falls due is "
            "sent at the end. It ends early when the referral moves to another stage. Sent again, it moves the end.",
        ),
        _action(
            Action.WAKE, "Escalate", inputs.CommentedSerializer, snoozing.wake,
            "Group. End the snooze now; what was held back is due at once.",
        ),
        _action(
            Action.NUDGE, "Escalate", inputs.NudgeSerializer, nudging.nudge,
            "Group. Send at once what the escalation would say, with a sentence of yours. Deadlines stay as they are. The "
            "same audience can be nudged once an hour (400 on `audience` before that).",
        ),
        _action(
            Action.LOG_CONTACT, "Schedule", inputs.ContactSerializer, contacts.log_contact,
            "Either office. One attempt to reach the patient or the other office. Not idempotent: send "
            "`expected_version` so that a repeat is refused.",
        ),
        _action(
            Action.BOOK, "Schedule", inputs.BookSerializer, scheduling.book,
            "Receiving office or group. Book the first visit, which implies acceptance; after the visit, a follow-up.",
        ),
        _action(
            Action.RESCHEDULE, "Schedule", inputs.RescheduleSerializer, scheduling.reschedule,
            "Receiving office or group. Move the booked visit; the old appointment stays in the history.",
        ),
        _action(
            Action.CONFIRM_APPOINTMENT, "Schedule", inputs.Versioned, scheduling.confirm_appointment,
            "Receiving office or group. The patient said they will come.",
        ),
        _action(
            Action.CANCEL_APPOINTMENT, "Schedule", inputs.ReasonedSerializer, scheduling.cancel_appointment,
            "Receiving office or group. Cancel the booked visit; the referral is to be scheduled again.",
        ),
        _action(
            Action.NO_SHOW, "Visit", inputs.NoShowSerializer, scheduling.no_show,
            "Receiving office or group. The patient did not come; the referral is to be scheduled again. On a referral "
            "recorded as seen it corrects that record.",
        ),
        _action(
            Action.MARK_SEEN, "Visit", inputs.MarkSeenSerializer, visits.mark_seen,
            "Receiving office or group. The patient was seen. This starts the wait for the note; it never closes.",
        ),
        _action(
            Action.TAKE_BACK, "Visit", inputs.ReasonedSerializer, taking_back.take_back,
            "Receiving office or group. The last record was a mistake: the patient was not seen, did not miss the visit, "
            "or nobody accepted. The referral stands where it stood; the referring office is told of the correction.",
        ),
        _action(
            Action.RETRACT_NOTE, "Note", inputs.OfNoteSerializer, retracting.retract_note,
            "Receiving office or group. The author took the note back; a closed referral opens again.",
        ),
        _action(
            Action.DETACH_NOTE, "Note", inputs.OfNoteSerializer, taking_off.detach_note,
            "Group. The note belongs to another referral or patient: undo everything it implied.",
        ),
        _action(
            Action.RECONCILE, "Close", inputs.ReconcileSerializer, _reconcile,
            "Group. Tie the final note to the visit it documents. Outbound and internal referrals close here; an "
            "inbound one once the note was delivered as well.",
        ),
        _action(
            Action.ACKNOWLEDGE, "Close", inputs.AcknowledgeSerializer, decide.acknowledge,
            "Referring office or group, inbound referrals. The referring office has the note. Closes when it is "
            "reconciled already.",
        ),
        _action(
            Action.CANCEL, "Close", inputs.CancelSerializer, ending.cancel,
            "Referring office or group. Before acceptance it is cancelled at once; afterwards the receiving office is "
            "asked and answers with `confirm-cancel`, or goes on.",
        ),
        _action(
            Action.CONFIRM_CANCEL, "Close", inputs.ConfirmCancelSerializer, ending.confirm_cancel,
            "Receiving office or group. Agree to the cancellation.",
        ),
        _action(
            Action.WITHDRAW_CANCEL, "Close", inputs.CommentedSerializer, ending.withdraw_cancel,
            "Referring office or group. The referral is wanted after all.",
        ),
        _action(
            Action.MARK_LOST, "Close", inputs.EndSerializer, ending.mark_lost,
            "Group. The patient will not be seen; a reason whose `ends_as` is `lost`.",
        ),
        _action(
            Action.CLOSE_WITHOUT_NOTE, "Close", inputs.EndSerializer, ending.close_without_note,
            "Group. Seen, and no note can be had; a reason whose `ends_as` is `closed_without_note`. Never counted as "
            "closed.",
        ),
        _action(
            Action.VOID, "Close", inputs.EndSerializer, ending.void,
            "Group. Entered in error or a duplicate; a reason with `excludes_from_cohort`.",
        ),
        _action(
            Action.REOPEN, "Close", inputs.ReopenSerializer, ending.reopen,
            "Referring office or group. Take an ending back; the referral stands where its facts put it.",
        ),
        _action(
            Action.UPDATE_DETAILS, "Capture", inputs.UpdateDetailsSerializer, _update_details,
            "Referring office or group. Change only the fields sent. The timeline keeps old and new values.",
        ),
        _action(
            Action.COMMENT, "Follow", inputs.CommentSerializer, contacts.comment_on,
            "Either office. A remark both offices read. Not idempotent: send `expected_version` so that a repeat is "
            "refused.",
        ),
    )
}  # fmt: skip
