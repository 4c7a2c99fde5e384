"""How people behave in the demo: every probability and delay in one place.

Probabilities are shares of 1. Delays are ``(shortest, usual, longest)`` in working days of nine hours (8:00 to 17:00,
business days of the practice), drawn from a triangular distribution. The numbers are chosen so that a mature month
closes about three quarters of its referrals, loses about a tenth, and every worklist has something overdue.
"""

Delay = tuple[float, float, float]
PACE = {"routine": 1.0, "urgent": 0.4, "asap": 0.12, "stat": 0.06}  # every delay but a hold's is multiplied by this

# -- what arrives -------------------------------------------------------------------------------------------------
REFERRALS_PER_MONTH = 410
DIRECTIONS = {"inbound": 0.46, "internal": 0.16, "outbound": 0.38}
PRIORITIES = {"routine": 0.77, "urgent": 0.17, "asap": 0.04, "stat": 0.02}
INBOUND_AND_INTERNAL_SPECIALTIES = {
    "cardiology": 24, "orthopedics": 21, "gastroenterology": 14, "dermatology": 13, "neurology": 12,
    "endocrinology": 9, "rheumatology": 7,
}  # fmt: skip
OUTBOUND_SPECIALTIES = {
    "ophthalmology": 14, "ent": 10, "urology": 11, "pulmonology": 10, "general-surgery": 10, "nephrology": 6,
    "hematology-oncology": 8, "obstetrics-gynecology": 7, "podiatry": 6, "psychiatry": 7, "pain-medicine": 5,
    "vascular-surgery": 4, "allergy-immunology": 4, "physical-medicine": 4, "cardiology": 4, "orthopedics": 3,
    "infectious-disease": 2,
}  # fmt: skip
SOURCES = {"ehr": 0.34, "fax": 0.26, "admin": 0.16, "fhir": 0.12, "hl7": 0.08, "csv": 0.04}  # of offices without API
KNOWN_PATIENT = 0.30  # the patient was referred before
ANOTHER_VISIT_SOON = 0.02  # the same ask is captured again by somebody else: a duplicate
RECORD_NUMBER_GIVEN = 0.85
FORMER_NAME_GIVEN = 0.04
NEEDED_BY_GIVEN = 0.12
LETTER_ATTACHED = 0.12
NEEDS_AUTHORIZATION = 0.14

# -- looking after the record ---------------------------------------------------------------------------------------
ENTERED_IN_ERROR = 0.008
DETAILS_CORRECTED = 0.05
COMMENTED = 0.06
OWNER_CHANGED = 0.025
SOON: Delay = (0.02, 0.15, 0.8)
DUPLICATE_NOTICED: Delay = (0.2, 1.0, 4.0)

# -- no specialist found ---------------------------------------------------------------------------------------------
UNROUTED_LOOKED_AT: Delay = (0.3, 2.5, 18.0)
UNROUTED_CHOSEN_BY_HAND = 0.55  # out of network agreed, or a place made free
UNROUTED_LOST = 0.2  # the patient finds somebody alone; the rest is cancelled as "no specialist available"

# -- the specialist's answer ------------------------------------------------------------------------------------------
ANSWER: Delay = (0.1, 0.9, 4.0)
ANSWER_FORGOTTEN = 0.06
FORGOTTEN: Delay = (5.0, 7.0, 15.0)
CANCELLED_BEFORE_ANSWER = 0.015
DECLINED = 0.055
DECLINED_BY_WHOLE_OFFICE = 0.35  # of those who decline
INFORMATION_ASKED = 0.05
INFORMATION_COMES: Delay = (0.5, 2.0, 7.0)
BOOKED_WITHOUT_ACCEPTING = 0.14  # the office rings with a date at once
DECLINED_AFTER_ACCEPTING = 0.012
DECLINE_REASONS = (
    "Not accepting this diagnosis at the moment", "Needs a subspecialist", "No openings within the time asked for",
    "Seen here before and discharged", "Plan not contracted at this location",
)  # fmt: skip
INFORMATION_QUESTIONS = (
    "Please send the last laboratory results.", "Imaging report is missing.", "Which anticoagulant does the patient take?",
    "Please send the previous specialist's note.", "Current medication list, please.",
)  # fmt: skip

# -- reaching the patient ---------------------------------------------------------------------------------------------
HELD = 0.05
HOLD_FORGOTTEN = 0.4
HOLD_LASTS: Delay = (3.0, 6.0, 18.0)
SNOOZED = 0.04
SNOOZE_LASTS: Delay = (2.0, 5.0, 12.0)
SNOOZE_REASONS = (
    "Patient asked us to call back after a trip",
    "Patient wants to think it over until next week",
    "Waiting for the patient's work schedule",
)
HOLD_REASONS = (
    "Authorization pending with the plan",
    "Patient travelling",
    "Waiting for MRI",
    "Pregnancy, after delivery",
)
FIRST_CALL: Delay = (0.1, 0.5, 2.0)
NEXT_CALL: Delay = (0.5, 1.0, 2.5)
REACHED = 0.64
CALLS_BEFORE_LETTER = 3
LETTER_WAIT: Delay = (6.0, 8.0, 12.0)
ANSWERS_THE_LETTER = 0.3
REFUSES = 0.03
GOES_ELSEWHERE = 0.018
MOVES_AWAY = 0.004
EXPIRES = 0.006
BOOKING_FORGOTTEN = 0.03
COMES_BACK = 0.07  # of the lost: the patient calls after all and the referral is reopened
COMES_BACK_AFTER: Delay = (3.0, 10.0, 25.0)

# -- the appointment ----------------------------------------------------------------------------------------------------
# Calendar days from booking to the visit, as a share of the specialist's usual wait.
LEAD: dict[str, tuple[float, float]] = {
    "routine": (0.4, 1.2), "urgent": (0.15, 0.45), "asap": (0.05, 0.15), "stat": (0.0, 0.06),
}  # fmt: skip
UNKNOWN_WAIT_DAYS = 14
CONFIRMED = 0.4
MOVED = 0.07
APPOINTMENT_CANCELLED = 0.04
CANCEL_ASKED = 0.024
CANCEL_ANSWERED: Delay = (0.3, 3.0, 10.0)
CANCEL_CONFIRMED = 0.7
NO_SHOW = 0.07
BOOKS_AGAIN_AFTER_NO_SHOW = 0.75  # the rest, and everybody after the second, is lost

# -- the visit ------------------------------------------------------------------------------------------------------------
VISIT_RECORDED: Delay = (0.01, 0.03, 0.5)
VISIT_FORGOTTEN = 0.05
VISIT_FORGOTTEN_FOR: Delay = (2.0, 5.0, 14.0)
NOTE_BEFORE_VISIT_RECORDED = 0.07
FOLLOW_UP_BOOKED = 0.06
SEEN_BY_MISTAKE = 0.006

# -- the note ----------------------------------------------------------------------------------------------------------------
OUR_NOTE: Delay = (0.2, 1.5, 6.0)
THEIR_NOTE: Delay = (1.0, 4.0, 11.0)
PRELIMINARY_FIRST = 0.09
PROCEDURE_REPORT = 0.08  # instead of a consult note
NOTE_FORGOTTEN = 0.09
NOTE_FORGOTTEN_FOR: Delay = (11.0, 15.0, 26.0)
NOTE_NEVER_COMES = 0.035
GIVEN_UP_AFTER: Delay = (19.0, 24.0, 34.0)
CHASED_AFTER: Delay = (9.0, 10.5, 14.0)

# -- closing -------------------------------------------------------------------------------------------------------------------
RECONCILED: Delay = (0.01, 0.06, 0.6)
RECONCILING_FORGOTTEN = 0.06
RECONCILING_FORGOTTEN_FOR: Delay = (1.5, 3.0, 8.0)
WRONG_MATCH = 0.008
DELIVERED: Delay = (0.01, 0.06, 0.6)
DELIVERED_FIRST = 0.15  # of our own notes: the referrer has it before it is reconciled
DELIVERY_FORGOTTEN = 0.05
DELIVERY_FORGOTTEN_FOR: Delay = (2.0, 4.0, 9.0)
DELIVERY_WAYS = ("fax confirmed", "portal message opened", "secure mail read receipt", "phoned and confirmed")
AMENDED_LATER = 0.025
AMENDED_AFTER: Delay = (1.0, 4.0, 10.0)
RETRACTED_LATER = 0.006
