"""The body of each action. Field names are the service's argument names."""

from referrals.actions.holding import LONGEST_HOLD
from referrals.actions.nudging import AUDIENCES
from referrals.actions.snoozing import LONGEST_SNOOZE
from referrals.api.fields import (
    Choice,
    CoordinatorId,
    Day,
    DocumentId,
    Instant,
    OfficeNpi,
    ProviderNpi,
    ReasonCode,
    Strict,
    Text,
    WholeNumber,
    YesNo,
)
from referrals.api.inputs.capture import DetailFields
from referrals.capture.validate import LONGEST_QUESTION
from referrals.models import ContactAttempt


class Versioned(Strict):
    expected_version = WholeNumber(
        required=False,
        min_value=1,
        help_text="Act only if the referral still has this version; else 409 stale-version.",
    )


class CommentedSerializer(Versioned):
    comment = Text(required=False, max_length=500)


class DeclineSerializer(Versioned):
    reason = Text(max_length=300, help_text="Why, so that the next specialist is chosen better.")
    whole_office = YesNo(required=False, help_text="true: nobody at this office will take it.")


class RequestInformationSerializer(Versioned):
    question = Text(max_length=180, help_text="What is needed.")
    until = Instant(
        required=False,
        help_text=f"When to look again, within {LONGEST_HOLD.days} days; left out: after three business days.",
    )


class HoldSerializer(Versioned):
    reason = Text(max_length=200, help_text="What it waits for.")
    until = Instant(help_text=f"When somebody looks again, within {LONGEST_HOLD.days} days.")


class SnoozeSerializer(Versioned):
    reason = Text(max_length=200, help_text="Why it may wait; stays inside the group.")
    until = Instant(help_text=f"When it ends by itself, within {LONGEST_SNOOZE.days} days.")


class NudgeSerializer(Versioned):
    audience = Choice(
        [(audience.value, audience.label) for audience in AUDIENCES],
        help_text="receiving_office is asked for the consult note once the patient was seen.",
    )
    comment = Text(required=False, max_length=300, help_text="A sentence of yours, sent with it.")


class ContactSerializer(Versioned):
    outcome = Choice(ContactAttempt.Outcome.choices)
    channel = Choice(ContactAttempt.Channel.choices, required=False, help_text="phone when left out.")
    party = Choice(ContactAttempt.Party.choices, required=False, help_text="patient when left out.")
    comment = Text(required=False, max_length=500)
    at = Instant(required=False, help_text="When it was made; left out: now.")
    call_back_on = Day(required=False, help_text="The day to call again; needed with the outcome call_back.")


class BookSerializer(Versioned):
    starts_at = Instant()
    ends_at = Instant(required=False, help_text="Left out: 30 minutes after the start.")
    office = OfficeNpi(required=False, help_text="NPI; left out: the receiving office.")
    provider = ProviderNpi(required=False, help_text="NPI; left out: the receiving provider.")
    instructions = Text(required=False, max_length=300, help_text="For the patient, such as: bring films.")
    external_id = Text(required=False, max_length=80, help_text="The appointment's number in your system.")


class RescheduleSerializer(Versioned):
    starts_at = Instant()
    ends_at = Instant(required=False, help_text="Left out: as long as before.")
    reason = Text(required=False, max_length=200)


class ReasonedSerializer(Versioned):
    reason = Text(max_length=200)


class NoShowSerializer(Versioned):
    reason = Text(required=False, max_length=200)


class MarkSeenSerializer(Versioned):
    seen_on = Day(
        required=False,
        help_text="Day of the visit; left out: that of the appointment, else today. Needed while the booked visit is still ahead.",
    )
    encounter_id = Text(required=False, max_length=80, help_text="Visit number in your EHR.")
    office = OfficeNpi(required=False, help_text="NPI; only on a referral without a specialist.")
    provider = ProviderNpi(required=False, help_text="NPI of who saw the patient.")


class OfNoteSerializer(Versioned):
    document = DocumentId(help_text="Id of the note.")
    reason = Text(max_length=200)


class ReconcileSerializer(Versioned):
    encounter_id = Text(
        required=False, max_length=80, help_text="Visit number in the EHR; left out: the visit is found or inferred."
    )


class AcknowledgeSerializer(Versioned):
    how = Text(required=False, max_length=200, help_text="Such as: filed in the chart.")


class CancelSerializer(Versioned):
    comment = Text(max_length=500, help_text="Why, for the other office.")
    reason = ReasonCode(required=False, help_text="Code; left out: referrer_cancelled.")


class ConfirmCancelSerializer(CommentedSerializer):
    reason = ReasonCode(required=False, help_text="Code; left out: referrer_cancelled.")


class EndSerializer(CommentedSerializer):
    reason = ReasonCode(help_text="Code from /ending-reasons/ with the fitting ends_as.")


class ReopenSerializer(Versioned):
    comment = Text(max_length=500, help_text="Why it is reopened.")


class CommentSerializer(Versioned):
    text = Text(max_length=2000, help_text="Both offices read it.")


class UpdateDetailsSerializer(DetailFields, Versioned):
    clinical_question = Text(max_length=LONGEST_QUESTION, required=False, allow_blank=False)


class RouteSerializer(Versioned):
    office = OfficeNpi(help_text="NPI of the receiving office.")
    provider = ProviderNpi(required=False, allow_null=True, help_text="NPI of the specialist.")
    comment = Text(required=False, max_length=300, help_text="Needed when it is not the first of candidates/.")


class AssignOwnerSerializer(CommentedSerializer):
    owner = CoordinatorId(help_text="Id from /coordinators/.")
