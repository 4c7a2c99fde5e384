"""Letters for measuring only: the rules for reading are not tuned on these layouts."""

import random

from tests.benchmarks.letters.layouts import LEFT, SENTENCES, Sheet, body, letterhead, says
from tests.benchmarks.letters.people import Case, first_last, last_first, other_day, written

CORE = ("name", "birth", "mrn", "visit", "number")


def sleep_lab(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    s.line("Badger Sleep & Respiratory Institute", size=15, bold=True, left=0.22)
    s.gap()
    s.line("Client:", last_first(c), "D.O.B.", birth, columns=(LEFT, 0.22, 0.55, 0.68))
    s.line("Chart #:", c.mrn, "Gender:", c.sex.title(), columns=(LEFT, 0.22, 0.55, 0.68))
    s.line("Appointment:", visit, "Clinician:", f"{c.author}, MD", columns=(LEFT, 0.22, 0.55, 0.68))
    s.line("Referral ID:", c.number, "Payer:", "Quartz", columns=(LEFT, 0.22, 0.55, 0.68))
    s.rule()
    s.line(f"Seen in clinic: {visit}")
    s.gap()
    body(s, rng, 10)
    says(s, c, *CORE, "author")


def oncology(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"{visit}")
    s.gap()
    s.line(f"Attn: {c.referrer}, MD     Fax: 608-555-0190")
    s.line(f"Subject: {first_last(c)}, date of birth {birth}, medical record number {c.mrn}", size=10)
    s.line(f"Reference: your referral {c.number}", size=10)
    s.gap()
    s.line("Dear Colleague,")
    s.prose(
        f"It was a pleasure to meet {c.title} {first_last(c)} in our multidisciplinary clinic on {visit}. "
        + rng.choice(SENTENCES)
    )
    body(s, rng, 8)
    s.line("Warm regards,")
    s.gap()
    s.line(f"{c.author}, MD, PhD")
    says(s, c, *CORE, "author")


def surgeon(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    s.line(f"{c.author.upper()}, M.D., F.A.C.S.", size=14, bold=True, left=0.3)
    s.line("General and Vascular Surgery", left=0.36, size=10)
    s.gap()
    s.line(visit)
    s.gap(0.5)
    s.line(f"RE:   {last_first(c).upper()}")
    s.line(f"         DOB:  {birth}")
    s.line(f"         MR#:  {c.mrn}")
    s.line(f"         REF:  {c.number}")
    s.gap()
    s.line(f"Dear {c.referrer.split()[0]}:")
    s.prose(f"Thank you for sending {c.title} {c.family} to see me on {visit}. " + rng.choice(SENTENCES))
    body(s, rng, 8)
    s.line("Very truly yours,")
    s.gap()
    s.line(f"{c.author}, M.D.")
    says(s, c, *CORE, "author")


def psychiatry(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    s.line("CONFIDENTIAL - Behavioral Health Intake Summary", bold=True)
    s.gap(0.5)
    s.line(f"Name of patient: {first_last(c)}")
    s.line(f"Birth date / age: {birth} / {c.age}")
    s.line(f"Record number: {c.mrn}")
    s.line(f"Date of initial visit: {visit}")
    s.line(f"Referred by: Dr. {c.referrer}")
    s.line(f"Referral number: {c.number}")
    s.line("Emergency contact: Robin Sample, 608-555-0144")
    s.gap()
    body(s, rng, 10)
    s.line(f"Completed and electronically signed by {c.author}, PhD, {other_day(c.visit, rng):%m/%d/%Y}", size=9)
    says(s, c, *CORE, "author", "referrer")


def flow_sheet(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A ruled table with the labels in the first row and the values in the second, more columns than usual."""
    s.line("Infusion & Rheumatology Partners", size=13, bold=True)
    s.grid(
        [
            ("Patient", "DOB", "MRN", "Date Seen", "Referral No."),
            (last_first(c), f"{c.birth:%m/%d/%Y}", c.mrn, f"{c.visit:%m/%d/%Y}", c.number),
        ],
        (LEFT, 0.36, 0.5, 0.63, 0.76),
        size=9,
    )
    s.line("HPI", bold=True)
    body(s, rng, 11)
    s.line(f"Rendering provider: {c.author}, NP")
    says(s, c, *CORE, "author")


def telehealth(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Everything about the patient in a sentence; ids at the foot."""
    letterhead(s, rng)
    s.line(f"{c.visit:%B} {c.visit.day}, {c.visit.year}")
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]},")
    who = "her" if c.sex == "female" else "him"
    s.prose(
        f"Thank you for your kind referral of {c.title} {first_last(c)} (DOB {birth}). I met with {who} by video on "
        f"{visit} for a new patient visit. {rng.choice(SENTENCES)}"
    )
    body(s, rng, 8)
    s.line("Sincerely,")
    s.gap()
    s.line(f"{c.author}, DO")
    s.at = 1.2
    s.rule()
    s.line(f"MRN: {c.mrn}     Referral: {c.number}     Page 1 of 1", size=8)
    says(s, c, *CORE, "author")


def bold_boxes(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    columns = (LEFT, 0.3, 0.52, 0.74)
    s.line("PODIATRY CONSULT", size=16, bold=True)
    s.rule()
    s.line("NAME", "BIRTHDATE", "MEDICAL RECORD", "REFERRAL", columns=columns, bold=True, size=9)
    s.line(f"{c.given} {c.family}", birth, c.mrn, c.number, columns=columns, size=9)
    s.rule()
    s.line("DATE OF EXAM", "EXAMINER", "PCP", "PHONE", columns=columns, bold=True, size=9)
    s.line(visit, f"{c.author}, DPM", f"{c.referrer}, MD", "608-555-0133", columns=columns, size=9)
    s.rule()
    s.gap()
    body(s, rng, 9)
    says(s, c, *CORE, "author")


def portal_print(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """The print of a web page."""
    s.line(f"{other_day(c.visit, rng):%m/%d/%y}, 3:14 PM        Chart export", size=8)
    s.line(first_last(c), size=16, bold=True)
    s.line(f"{c.sex.title()}, born {birth}  |  Patient ID {c.mrn}", size=10)
    s.line(f"Office visit {visit} with {c.author}, MD  |  Urology", size=10)
    s.line(f"Referral number {c.number}", size=10)
    s.gap()
    body(s, rng, 10)
    s.line("https://portal.example.org/chart/print?id=55120          1/1", size=8)
    says(s, c, *CORE)


def dictated(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """The plain text of a dictation service in capitals."""
    for text in (
        "CONSULTATION",
        "",
        f"PATIENT:  {last_first(c).upper()}",
        f"MED REC NO:  {c.mrn}",
        f"BIRTH DATE:  {birth}",
        f"CONSULTATION DATE:  {visit}",
        f"CONSULTANT:  {c.author.upper()}, M.D.",
        f"REQUESTING PHYSICIAN:  {c.referrer.upper()}, M.D.",
        f"REFERRAL NUMBER:  {c.number}",
        f"DICTATED:  {other_day(c.visit, rng):%m/%d/%Y}    TRANSCRIBED:  {other_day(c.visit, rng):%m/%d/%Y}",
    ):
        s.line(text, size=10)
    s.gap()
    body(s, rng, 10)
    says(s, c, *CORE, "author", "referrer")


def letter_with_table(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Results with dates of their own between the letter's own lines."""
    letterhead(s, rng)
    s.line(f"Re: {c.title} {first_last(c)} - DOB {birth} - MRN {c.mrn}", bold=True, size=10)
    s.line(f"Clinic visit: {visit}     Referral number {c.number}", size=10)
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]},")
    s.prose(f"I reviewed the results below with {c.title} {c.family}. " + rng.choice(SENTENCES))
    s.grid(
        [
            ("Test", "Date", "Result"),
            ("TSH", written(other_day(c.visit, rng), "{m}/{d}/{y}"), "2.1"),
            ("Vitamin D", written(other_day(c.visit, rng), "{m}/{d}/{y}"), "31"),
        ],
        (LEFT, 0.4, 0.65),
    )
    body(s, rng, 7)
    s.line(f"Electronically signed: {c.author}, MD")
    says(s, c, *CORE, "author")


UNSEEN = (
    sleep_lab, oncology, surgeon, psychiatry, flow_sheet, telehealth, bold_boxes, portal_print, dictated, letter_with_table,
)  # fmt: skip
