"""Sheets: letters as lines at places, each with what it says; and plain layouts of them."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.benchmarks.letters.people import DATE_FORMATS, Case, first_last, last_first, written

LEFT, RIGHT, MIDDLE = 0.09, 0.91, 0.52  # of the page width
LINE = 0.0215  # of the page width, between base lines of body text

SENTENCES = [
    "The chest discomfort comes with climbing stairs and eases within minutes of rest.",
    "There has been no fever, no weight loss and no change of appetite.",
    "Blood pressure was 132/78, pulse 72 and regular, oxygen saturation 98% on room air.",
    "Current medications were gone through line by line and the list was brought up to date.",
    "An electrocardiogram in the office showed sinus rhythm without acute changes.",
    "The left knee is swollen but stable, with pain on deep flexion.",
    "Laboratory work of 01/12/2025 was reviewed: hemoglobin 13.1, creatinine 0.9, TSH 2.4.",
    "I explained the choices, their benefits and their risks, and all questions were answered.",
    "A trial of physical therapy twice a week for six weeks seems the sensible first step.",
    "The rash began in the spring on both forearms and has not spread since.",
    "Family history is notable for a father with early coronary disease.",
    "Past surgical history includes an appendectomy and a cesarean section in 1998.",
    "Imaging from the outside hospital shows a small nodule that needs a look in six months.",
    "Allergies: penicillin, which caused hives in childhood.",
    "Heart sounds are normal, the lungs are clear and the abdomen is soft.",
    "We will start a low dose and raise it slowly as blood pressure allows.",
]  # fmt: skip
ORGANIZATIONS = [
    "Lakeside Cardiology Associates",
    "Prairie Orthopedic Group",
    "Harbor Neurology Clinic",
    "Summit Gastroenterology, P.C.",
    "Evergreen Dermatology Center",
    "Riverbend Specialty Physicians",
]


@dataclass
class Sheet:
    """Pages of texts at (left, top) in page widths with a size in points and ``bold``, and of rules from (left, top) to

    (right, bottom); ``truth`` is what a reader must find."""

    pages: list[list[tuple[float, float, str, float, bool]]] = field(default_factory=lambda: [[]])
    rules: list[list[tuple[float, float, float, float]]] = field(default_factory=lambda: [[]])
    truth: dict[str, str] = field(default_factory=dict)
    at: float = 0.07

    def put(self, text: str, left: float = LEFT, size: float = 11, bold: bool = False) -> None:
        self.pages[-1].append((left, self.at, text, size, bold))

    def turn(self) -> None:
        """Start a page."""
        self.pages.append([])
        self.rules.append([])
        self.at = 0.07

    def rule(self, left: float = LEFT, right: float = RIGHT) -> None:
        self.gap(0.3)
        self.rules[-1].append((left, self.at - 0.004, right, self.at - 0.004))

    def grid(
        self, rows: list[tuple[str, ...]], columns: tuple[float, ...], size: float = 10, head: bool = True
    ) -> None:
        """A ruled table; the first row in bold when it is the head."""
        top, edges = self.at + 0.3 * LINE - 0.004, [left - 0.008 for left in columns] + [RIGHT + 0.01]
        for number, row in enumerate(rows):
            self.rule(edges[0], edges[-1])
            self.line(*row, columns=columns, size=size, bold=head and number == 0)
        self.rule(edges[0], edges[-1])
        self.rules[-1] += [(edge, top, edge, self.at - 0.004) for edge in edges]
        self.gap(0.4)

    def line(
        self, *texts: str, left: float = LEFT, size: float = 11, bold: bool = False, columns: tuple[float, ...] = ()
    ) -> None:
        for number, text in enumerate(texts):
            self.put(text, columns[number] if columns else left + number * (MIDDLE - LEFT), size, bold)
        self.at += LINE * size / 11

    def gap(self, lines: float = 1) -> None:
        self.at += LINE * lines

    def prose(self, text: str, width: int = 88) -> None:
        line = ""
        for word in text.split():
            if len(line) + len(word) + 1 > width:
                self.line(line)
                line = ""
            line = f"{line} {word}".strip()
        self.line(line)


def make(layout: Callable[..., None], c: Case, rng: random.Random) -> Sheet:
    sheet = Sheet()
    birth, visit = rng.choice(DATE_FORMATS), rng.choice(DATE_FORMATS)
    layout(sheet, c, rng, written(c.birth, birth), written(c.visit, visit))
    return sheet


def says(sheet: Sheet, c: Case, *fields: str, **others: str) -> None:
    """What the letter says: fields of the case, and others with their values."""
    values = {
        "name": f"{c.given} {c.family}",
        "birth": c.birth.isoformat(),
        "visit": c.visit.isoformat(),
        "mrn": c.mrn,
        "number": c.number,
        "author": c.author,
        "referrer": c.referrer,
        "suffix": c.suffix,
        "phone": c.phone,
        "zip": c.zip,
        "order": c.order,
    }
    sheet.truth |= {name: values[name] for name in fields} | others


def letterhead(sheet: Sheet, rng: random.Random) -> None:
    sheet.line(rng.choice(ORGANIZATIONS), size=16, bold=True)
    sheet.line(f"{rng.randrange(100, 9000)} Harbor Drive, Suite {rng.randrange(100, 400)}, Madison, WI 53703", size=9)
    sheet.line("Phone 608-555-0100   Fax 608-555-0101", size=9)
    sheet.gap(1.2)


def body(sheet: Sheet, rng: random.Random, count: int = 8) -> None:
    chosen = rng.sample(SENTENCES, count)
    for start in range(0, count, 3):
        sheet.prose(" ".join(chosen[start : start + 3]))
        sheet.gap(0.6)


def signed(sheet: Sheet, c: Case) -> None:
    sheet.gap(0.5)
    sheet.line("Sincerely,")
    sheet.gap(1.5)
    sheet.line(f"{c.author}, MD")
    sheet.line(f"Electronically signed by {c.author}, MD")


def narrative(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(sheet, rng)
    sheet.line(f"RE: {first_last(c)}", bold=True)
    sheet.line(f"DOB: {birth}")
    sheet.line(f"MRN: {c.mrn}")
    sheet.line(f"Referral #: {c.number}")
    sheet.gap()
    sheet.line(f"Dear Dr. {c.referrer.split()[-1]}:")
    sheet.gap(0.6)
    sheet.prose(
        f"Thank you for referring {c.title} {c.family}, a {c.age}-year-old whom I had the pleasure of seeing in consultation on {visit}. {rng.choice(SENTENCES)}"
    )
    body(sheet, rng)
    signed(sheet, c)
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def one_line(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(sheet, rng)
    sheet.line(f"RE: {last_first(c)}   DOB: {birth}   MRN: {c.mrn}", size=10)
    sheet.line(f"Date of Service: {visit}")
    sheet.line(f"Your ref: {c.number}")
    sheet.gap()
    sheet.line(f"Dear {c.referrer}, MD,")
    sheet.prose("I had the opportunity to see your patient in our office. " + rng.choice(SENTENCES))
    body(sheet, rng)
    signed(sheet, c)
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def two_columns(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(sheet, rng)
    sheet.line("CONSULTATION REPORT", bold=True, size=13)
    sheet.line(f"Patient Name: {first_last(c)}", f"Visit Date: {visit}")
    sheet.line(f"Date of Birth: {birth}", f"Referring Provider: {c.referrer}, MD")
    sheet.line(f"MRN: {c.mrn}", f"Consultant: {c.author}, MD")
    sheet.line(f"Sex: {c.sex.title()}", f"Referral Number: {c.number}")
    sheet.gap()
    body(sheet, rng, 10)
    sheet.line(f"Electronically signed by {c.author}, MD on {visit}")
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def table(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(sheet, rng)
    sheet.line("Office Visit Note", bold=True, size=14)
    columns = (LEFT, 0.42, 0.62, 0.79)
    sheet.line("Patient Name", "Date of Birth", "MRN", "Service Date", columns=columns, bold=True, size=10)
    sheet.line(last_first(c), birth, c.mrn, visit, columns=columns, size=10)
    sheet.gap(0.7)
    sheet.line(f"Referring physician: {c.referrer}, MD", f"RefLoop No. {c.number}")
    sheet.gap()
    sheet.line("HISTORY OF PRESENT ILLNESS", bold=True)
    body(sheet, rng, 9)
    sheet.line("ASSESSMENT AND PLAN", bold=True)
    sheet.prose(rng.choice(SENTENCES))
    sheet.line(f"Signed by: {c.author}, MD")
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def banner(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    sheet.line(f"{last_first(c).upper()}   DOB: {birth}   MRN: {c.mrn}", size=10, bold=True)
    sheet.gap(0.5)
    sheet.line("Progress Notes", size=15, bold=True)
    sheet.line(f"Encounter Date: {visit}", f"Provider: {c.author}, MD")
    sheet.line(f"Referral ID: {c.number}")
    sheet.gap()
    sheet.prose(f"{c.title} {c.family} was seen in our clinic. {rng.choice(SENTENCES)}")
    body(sheet, rng, 10)
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def no_numbers(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Neither record number nor referral number, and no day of visit: nothing may be made up for them."""
    letterhead(sheet, rng)
    sheet.line(f"Patient: {first_last(c)}   (DOB {birth})")
    sheet.line("Account: 5550011223   Pages: 2")
    sheet.gap()
    sheet.line("To whom it may concern,")
    sheet.prose(
        "We have reviewed the outside records. "
        + rng.choice(SENTENCES)
        + " She was seen in the emergency department on 02/10/2025."
    )
    body(sheet, rng)
    says(sheet, c, "name", "birth")


def memo(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    sheet.line("TO:", f"{c.referrer}, M.D.", columns=(LEFT, 0.25))
    sheet.line("FROM:", f"{c.author}, D.O.", columns=(LEFT, 0.25))
    sheet.line("PATIENT:", first_last(c).upper(), columns=(LEFT, 0.25))
    sheet.line("BIRTHDATE:", birth, columns=(LEFT, 0.25))
    sheet.line("CHART NO:", c.mrn, columns=(LEFT, 0.25))
    sheet.line("DATE SEEN:", visit, columns=(LEFT, 0.25))
    sheet.line("REFERRAL:", c.number, columns=(LEFT, 0.25))
    sheet.gap()
    body(sheet, rng, 10)
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def footer(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    sheet.line(rng.choice(ORGANIZATIONS), left=0.3, size=14, bold=True)
    sheet.gap()
    sheet.line(visit, left=0.7)
    sheet.line(f"Re: {first_last(c)} (D.O.B. {birth})")
    sheet.line(f"Dear {c.referrer.split()[0]},")
    sheet.prose(f"I saw {c.title} {c.given} {c.family} on {visit} for evaluation. " + rng.choice(SENTENCES))
    body(sheet, rng, 9)
    sheet.line("With kind regards,")
    sheet.gap()
    sheet.line(f"{c.author}, MD, FACC")
    sheet.at = 1.22
    sheet.line(f"{last_first(c)} | Medical Record # {c.mrn} | {c.number} | Page 1 of 1", size=9)
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def stacked(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Small labels above their values in two rows of boxes."""
    letterhead(sheet, rng)
    columns = (LEFT, 0.38, 0.66)
    sheet.line("PATIENT", "DATE OF BIRTH", "SEX", columns=columns, size=8)
    sheet.line(first_last(c), birth, c.sex[0].upper(), columns=columns)
    sheet.gap(0.3)
    sheet.line("MEDICAL RECORD NUMBER", "DATE OF SERVICE", "REFERRAL NUMBER", columns=columns, size=8)
    sheet.line(c.mrn, visit, c.number, columns=columns)
    sheet.gap()
    body(sheet, rng, 10)
    sheet.line(f"Dictated by {c.author}, MD")
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


def ehr_print(sheet: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    sheet.line("Consult Note", size=14, bold=True)
    sheet.line(f"{c.author}, MD at {visit} 10:15 AM", size=9)
    sheet.line(f"Name: {first_last(c)}", f"DOB: {birth} ({c.age} yrs)")
    sheet.line(f"MRN #{c.mrn}", f"Seen: {visit}")
    sheet.line(f"Referring: {c.referrer}, MD", f"Ref. No.: {c.number}")
    sheet.gap()
    body(sheet, rng, 11)
    sheet.line("Printed 11/20/2026 by front desk", size=8)
    says(sheet, c, "name", "birth", "mrn", "visit", "number")


LAYOUTS = (narrative, one_line, two_columns, table, banner, no_numbers, memo, footer, stacked, ehr_print)
