"""Words of forms, headings and departments, which stand where a name might and are none."""

import re
from collections.abc import Iterable

# A name ends before one of these.
_ENDS = """a about address admission age all allergies also an and appears appointment appt are as assessment associates at
    authorization be been being birth by call care case center chart chief claim clinic clinical code comments complaint
    consult consultation consulting contact copy current date dear department diagnosis diagnoses dob doctor document
    dos ed email emergency encounter evaluation exam examination fax female file findings first follow followup follow-up
    for form from gender gentleman group had has have he health her him his history hospital id identification in
    information initial insurance is it lady last letter location male man medical medication member middle minutes mrn my
    name new no none not note notes notified npi number of office on or order our page patient patients payer pcp phone
    physician plan please policy practice preferred primary provider pt re reason record records referral referred
    referring regarding report request requested results return review seen service services sex she signature signed
    specialist specialty ssn status summary surgery tel telephone test thank thanks that the their they this time to today
    type unit unknown update urgent visit was we were who will with woman year years yes you your presents presented
    details demographics history/physical above below same see attached enclosed following routine final draft copy
    preliminary scan image original confidential left right who which tests labs lab result procedure operative
    established
    representative representatives guardian guardians guarantor subscriber insured policyholder beneficiary relationship
    attorney caregiver caretaker custodian conservator enrollee claimant applicant decedent registration consent coverage
    eligibility interpreter occupation employer marital ethnicity religion language pronouns signatures witness zip
    section electronically verified authenticated dictated transcribed reviewed completed printed faxed received
    directive directives emergencies contacts colleague whom scribe pharmacist transcriptionist historian informant"""
# What is made of these alone is the wording of a form.
_ROLES = """legal durable power next kin responsible party holder secondary tertiary authorized personal designated alternate
    proxy agent surrogate parent parents spouse mother father husband wife partner son daughter brother sister sibling child
    children infant self other custodial foster adoptive joint sole financial financially account social security work home
    cell mobile day evening best street city state county country single married divorced widowed separated english spanish
    white black asian hispanic american school nurse manager coordinator worker advocate liaison clerk front desk billing
    business main maiden mailing permanent temporary living will advance relative friend proxies agents
    payor payee sponsor dependent student retired employed full part yes legally"""
# Who is spoken of beside the patient, as headings and labels call them.
_PEOPLE = """representative guardian guarantor subscriber insured policyholder holder attorney caregiver spouse mother father
    husband wife partner parent kin proxy agent relative sponsor"""
# Words of departments, complaints and organizations: what has one is no person.
_THINGS = """healthcare medicine therapy rehabilitation rehab imaging laboratory laboratories wellness pharmacy university
    institute foundation specialists partners physicians clinics hospitals orthopedic orthopedics orthopaedic orthopaedics
    pediatric pediatrics cardiac vascular neurosurgery neurosurgical pulmonary renal dental surgical chronic acute abnormal
    pain disease syndrome disorder injury fracture screening management discharge nursing inpatient outpatient ambulatory
    medicare medicaid hypertension diabetes asthma arthritis knee shoulder lumbar cervical spine chest abdominal mri
    ultrasound biopsy obstetrics geriatrics gynecology services llc pllc inc"""
OTHER_PEOPLE = frozenset(_PEOPLE.split())
_ENDING = frozenset(_ENDS.split())
_ROLE = frozenset(_ROLES.split())
_THING = frozenset(_THINGS.split())
_SPECIALTY = re.compile(
    r".{3,}(?:olog(?:y|ist|ists|ic|ical)|iatry|iatric|oscop(?:y|ic)|ectomy|otomy|plasty|ography|ogram)"
)


def words_of(text: str) -> list[str]:
    """The words of a wording in lower case, without marks and what stands behind an apostrophe."""
    return re.findall(r"[a-z]+(?:-[a-z]+)?", re.sub(r"['’`]s?\b", "", text.lower()))


def ends_a_name(word: str) -> bool:
    """Whether the word (lower case) cannot be part of a name, which ends before it."""
    return word in _ENDING


def is_a_thing(word: str) -> bool:
    """Whether the word (lower case) is of a department, a complaint or an organization: the whole is no person."""
    return word in _THING or bool(_SPECIALTY.fullmatch(word))


def is_form_wording(words: Iterable[str]) -> bool:
    """Whether words (lower case) are all of forms and headings: ``legal``, ``power of attorney``, ``next of kin``."""
    return all(word in _ROLE or word in _ENDING for word in words)
