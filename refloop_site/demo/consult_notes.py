"""The text of the demo's documents: consult notes and referral letters."""

from datetime import date, datetime

from referrals.capture.ask import PatientData
from referrals.models import Office, Provider
from refloop_site.demo.clinical_questions import Question


def note(
    *,
    heading: str,
    status: str,
    number: str,
    person: PatientData,
    visit_on: date,
    office: Office,
    author: Provider | None,
    referrer: Provider | None,
    question: Question,
    written_at: datetime,
) -> str:
    """A consult note as an office's system would print it."""
    return f"""{office.name}
{office.address_line}   Phone {office.phone}   Fax {office.fax}

{heading}                                  Status: {status}

Patient:        {person.family_name}, {person.given_name}
Date of birth:  {person.birth_date:%m/%d/%Y}
Date of visit:  {visit_on:%m/%d/%Y}
Referral:       {number}
Referred by:    {referrer or "not named"}

REASON FOR CONSULTATION
{question.text}

DIAGNOSES
{", ".join(question.diagnoses)}

FINDINGS AND PLAN
{question.findings if status != "Preliminary" else "Dictated, not read. Final report follows."}

{"Electronically signed by" if status != "Preliminary" else "Unsigned draft of"} {author or office.name}
{written_at:%m/%d/%Y %H:%M}
"""


def letter(*, number: str, person: PatientData, office: Office, referrer: Provider | None, question: Question) -> str:
    """The referring office's letter."""
    return f"""{office.name}
{office.address_line}

REFERRAL LETTER                                  {number}

Re: {person.given_name} {person.family_name}, born {person.birth_date:%m/%d/%Y}

Dear colleague,

{question.text}

Working diagnoses: {", ".join(question.diagnoses)}. Medication list and recent results are enclosed in our fax.

{referrer or office.name}
"""
