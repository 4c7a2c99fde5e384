"""The tables, one file per aggregate."""

from referrals.models.appointment import Appointment
from referrals.models.closure import Closure
from referrals.models.contact import ContactAttempt
from referrals.models.directory import Office, Payer, Provider, Specialty
from referrals.models.document import Document, DocumentVersion, Reconciliation
from referrals.models.encounter import Encounter
from referrals.models.ending import EndingReason
from referrals.models.event import ReferralEvent
from referrals.models.guarded import StatusIsWrittenElsewhere
from referrals.models.heartbeat import Heartbeat
from referrals.models.incoming import Arrival, IncomingDocument, MatchDecision
from referrals.models.patient import Patient, PatientIdentifier, PatientName
from referrals.models.policy import EscalationFiring, EscalationPolicy, EscalationRung, SweepFailure
from referrals.models.read import RecordRead
from referrals.models.receipt import CaptureReceipt
from referrals.models.referral import Referral
from referrals.models.review import DeadlineReview
from referrals.models.routing import RoutingDecision, RoutingExclusion
from referrals.models.saved_view import SavedView
from referrals.models.staff import Absence, Coordinator
from referrals.models.token import OfficeToken
from referrals.models.tour import TourTaken

__all__ = [
    "Absence",
    "Appointment",
    "Arrival",
    "CaptureReceipt",
    "Closure",
    "ContactAttempt",
    "Coordinator",
    "DeadlineReview",
    "Document",
    "DocumentVersion",
    "Encounter",
    "EndingReason",
    "EscalationFiring",
    "EscalationPolicy",
    "EscalationRung",
    "Heartbeat",
    "IncomingDocument",
    "MatchDecision",
    "Office",
    "OfficeToken",
    "Patient",
    "PatientIdentifier",
    "PatientName",
    "Payer",
    "Provider",
    "Reconciliation",
    "RecordRead",
    "Referral",
    "ReferralEvent",
    "RoutingDecision",
    "RoutingExclusion",
    "SavedView",
    "Specialty",
    "StatusIsWrittenElsewhere",
    "SweepFailure",
    "TourTaken",
]
