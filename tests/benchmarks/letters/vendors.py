"""Letters as offices of many kinds and their systems write them; the rules for reading may be tuned on these."""

import random

from tests.benchmarks.letters.layouts import LEFT, MIDDLE, SENTENCES, Sheet, body, letterhead, says, signed
from tests.benchmarks.letters.people import (
    DOCTORS,
    FAMILY,
    GIVEN,
    Case,
    first_last,
    last_first,
    other_day,
    written,
)  # fmt: skip

CORE = ("name", "birth", "mrn", "visit", "number")


def re_bare_date(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A birth date without a label behind the name."""
    letterhead(s, rng)
    s.line(visit)
    s.gap()
    s.line(f"{c.referrer}, M.D.")
    s.line("2200 Commerce Pkwy")
    s.line(f"Madison, WI {c.zip}")
    s.gap()
    s.line(f"RE: {first_last(c)} | {birth} | MRN {c.mrn}", bold=True)
    s.line(f"Referral {c.number}")
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]}:")
    s.prose(f"I saw {c.title} {c.family} in the office on {visit}. {rng.choice(SENTENCES)}")
    body(s, rng)
    signed(s, c)
    says(s, c, *CORE, "author")


def re_parenthesis(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"{visit}")
    s.line(f"Re: {last_first(c)} (DOB: {birth}) (MRN: {c.mrn})")
    s.line(f"Our Ref: {c.order}    Your Ref: {c.number}")
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]},")
    s.prose(
        f"Many thanks for asking me to see this pleasant {c.age} y/o {c.sex} whom I evaluated on {visit}. "
        + rng.choice(SENTENCES)
    )
    body(s, rng)
    signed(s, c)
    says(s, c, *CORE, "author", "order")


def born_in_prose(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"Date dictated: {written(other_day(c.visit, rng), '{m:02d}/{d:02d}/{y}')}")
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]},")
    wife = "Mrs." if c.sex == "female" else "Mr."
    s.prose(
        f"I had the pleasure of seeing your {c.age}-year-old patient {wife} {first_last(c)} (born {birth}) on {visit} "
        f"at our clinic. {rng.choice(SENTENCES)}"
    )
    body(s, rng)
    s.line(f"Chart # {c.mrn}      Referral tracking no. {c.number}", size=10)
    signed(s, c)
    says(s, c, *CORE, "author")


def label_above(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A box of four columns with small labels above the values."""
    s.line("MIDWEST EYE CONSULTANTS", size=15, bold=True)
    s.line("Ophthalmology - Retina - Glaucoma", size=9)
    s.gap()
    columns = (LEFT, 0.36, 0.58, 0.76)
    s.rule()
    s.line("Patient", "Birthdate", "Age / Sex", "Chart #", columns=columns, size=8)
    s.line(last_first(c), birth, f"{c.age} / {c.sex[0].upper()}", c.mrn, columns=columns, size=10)
    s.rule()
    s.line("Visit Date", "Provider", "Referred By", "Referral #", columns=columns, size=8)
    s.line(visit, f"{c.author}, OD", f"{c.referrer}, MD", c.number, columns=columns, size=10)
    s.rule()
    s.gap()
    body(s, rng, 10)
    says(s, c, *CORE, "author", "referrer")


def ruled_table(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line("OUTPATIENT CONSULTATION", size=14, bold=True, left=0.3)
    s.gap(0.5)
    s.grid(
        [
            ("Patient Name:", first_last(c), "MRN:", c.mrn),
            ("DOB:", birth, "Visit #:", c.account),
            ("Date of Visit:", visit, "Referral No.:", c.number),
            ("Attending:", f"{c.author}, MD", "Ordering Provider:", f"{c.referrer}, MD"),
        ],
        (LEFT, 0.24, 0.56, 0.73),
        head=False,
        size=9,
    )
    s.gap()
    body(s, rng, 9)
    says(s, c, *CORE, "author", "referrer")


def three_columns(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    columns = (LEFT, 0.4, 0.7)
    s.line(f"Pt Name: {first_last(c)}", f"DOB: {birth}", f"Sex: {c.sex[0].upper()}", columns=columns, size=9)
    s.line(f"Acct #: {c.account}", f"MRN: {c.mrn}", f"DOS: {visit}", columns=columns, size=9)
    s.line(
        f"Order #: {c.order}",
        f"Ref MD: {c.referrer.split()[-1]}, {c.referrer.split()[0]}",
        f"Ref #: {c.number}",
        columns=columns,
        size=9,
    )
    s.gap()
    s.line("CHIEF COMPLAINT", bold=True)
    body(s, rng, 10)
    s.line(f"Electronically signed by {c.author} MD {written(other_day(c.visit, rng), '{m}/{d}/{y}')} 4:15 PM", size=9)
    says(s, c, *CORE, "author", "order")


def each_page(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Two pages, each with the patient in a header and the page in a footer."""
    for page in (1, 2):
        if page == 2:
            s.turn()
        s.line(f"{last_first(c).upper()}", f"MRN: {c.mrn}", columns=(LEFT, 0.6), size=9)
        s.line(f"DOB: {birth}", f"DOS: {visit}", columns=(LEFT, 0.6), size=9)
        s.rule()
        s.gap()
        if page == 1:
            s.line("Pulmonary Medicine Consultation", size=14, bold=True)
            s.line(f"Referring: {c.referrer}, MD", f"External referral: {c.number}")
            s.gap()
        body(s, rng, 12)
        if page == 2:
            signed(s, c)
        s.at = 1.23
        s.line(f"Page {page} of 2", left=0.46, size=8)
    says(s, c, *CORE, "author", "referrer")


def partners(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A letterhead that names the partners, and the line of a fax machine on top."""
    s.line(f"{other_day(c.visit, rng):%m/%d/%Y} 09:41 AM  FROM: 6085550101  TO: 6085550199   P. 001/002", size=8)
    s.line("RIVER VALLEY HEART CLINIC, LLC", size=16, bold=True, left=0.25)
    others = [d for d in DOCTORS if d not in (c.author, c.referrer)]
    s.line(f"{others[0]}, MD, FACC", f"{others[1]}, MD", f"{others[2]}, DO", columns=(LEFT, 0.4, 0.7), size=9)
    s.line(f"{others[3]}, PA-C", f"{others[4]}, NP", f"{c.author}, MD", columns=(LEFT, 0.4, 0.7), size=9)
    s.line("Established 04/01/1987   -   Fax 608-555-0101", left=0.3, size=8)
    s.gap()
    s.line(f"PATIENT: {first_last(c)}")
    s.line(f"D.O.B.: {birth}")
    s.line(f"DATE OF CONSULTATION: {visit}")
    s.line(f"OUR CHART: {c.mrn}")
    s.line(f"YOUR REFERRAL: {c.number}")
    s.gap()
    body(s, rng)
    signed(s, c)
    says(s, c, *CORE, "author")


def address_block(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """The patient's address and phone under the name."""
    s.line("Northland Endocrinology", size=15, bold=True)
    s.line("Tel 608-555-0100", size=9)
    s.gap()
    s.line("Patient Information", bold=True)
    s.line(f"Name: {first_last(c)}", f"Date of Birth: {birth}")
    s.line(f"Address: {c.street}", f"Medical Record #: {c.mrn}")
    s.line(f"City/State/Zip: Madison, WI {c.zip}", f"Home Phone: {c.phone}")
    s.line("Insurance: Dean Health, ID 88213345W", f"Referral #: {c.number}")
    s.gap()
    s.line(f"Encounter Date: {visit}", f"Seen by: {c.author}, MD")
    s.gap()
    body(s, rng, 10)
    says(s, c, *CORE, "author", "zip", "phone")


def plain_address(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(visit)
    s.gap()
    s.line(f"RE: {first_last(c)}")
    s.line(f"      {c.street}")
    s.line(f"      Madison, WI {c.zip}")
    s.line(f"      DOB {birth}   Chart {c.mrn}")
    s.line(f"Referral: {c.number}")
    s.gap()
    s.line(f"Dear {c.referrer.split()[0]},")
    s.prose(f"I saw {c.title} {c.family} in consultation on {visit} at your kind request. " + rng.choice(SENTENCES))
    body(s, rng)
    signed(s, c)
    says(s, c, *CORE, "author", "zip")


def former_name(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    maiden = rng.choice([f for f in FAMILY if f != c.family and " " not in f])
    how = rng.choice(["(née {})", "(formerly {})", "f/k/a {}", "(nee {})", "(maiden name {})"]).format(maiden)
    s.line(f"Patient: {c.given} {c.family} {how}")
    s.line(f"DOB: {birth}      MRN: {c.mrn}")
    s.line(f"Date of service: {visit}      Referral #: {c.number}")
    s.gap()
    body(s, rng, 9)
    signed(s, c)
    says(s, c, *CORE, "author", former=maiden)


def two_families(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A family name of two words without a comma; elsewhere it stands with one."""
    second = rng.choice(["Lopez", "Ramirez", "Santos", "Ortiz"])
    letterhead(s, rng)
    s.line(f"RE: {c.given} Garcia {second}, DOB {birth}")
    s.line(f"MRN {c.mrn}   Visit date {visit}   Referral {c.number}")
    s.gap()
    s.prose(f"{c.title} Garcia {second} is a {c.age}-year-old who was seen today. " + rng.choice(SENTENCES))
    body(s, rng, 9)
    signed(s, c)
    says(s, c, "birth", "mrn", "visit", "number", "author", name=f"{c.given} Garcia {second}")


def icd_codes(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"Name: {last_first(c)}", f"DOB: {birth}", f"MRN: {c.mrn}", columns=(LEFT, 0.45, 0.7), size=10)
    s.line(f"Date of Service: {visit}", f"Ref #: {c.number}", columns=(LEFT, 0.45), size=10)
    s.gap()
    s.line("DIAGNOSES", bold=True)
    s.line("1. I25.10 Atherosclerotic heart disease")
    s.line("2. E11.9 Type 2 diabetes mellitus without complications")
    s.line("3. M17.12 Unilateral primary osteoarthritis, left knee")
    s.line("Dx: R07.9 Chest pain, unspecified     CPT: 99204, 93000")
    s.gap()
    body(s, rng, 9)
    s.line(f"Signed electronically by: {c.author}, MD")
    says(s, c, *CORE, "author")


def draft(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    s.line("*** PRELIMINARY - NOT YET SIGNED ***", left=0.3, bold=True)
    letterhead(s, rng)
    s.line(f"Patient: {last_first(c)}")
    s.line(f"Birth Date: {birth}   Medical Record Number: {c.mrn}")
    s.line(f"Date of Evaluation: {visit}")
    s.line(f"Referral ID: {c.number}")
    body(s, rng, 9)
    s.line(f"{c.author}, MD (signature pending)")
    says(s, c, *CORE, status="preliminary")


def addendum(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line("ADDENDUM TO CONSULTATION NOTE", bold=True, size=13)
    later = written(other_day(c.visit, rng), "{m:02d}/{d:02d}/{y}")
    s.line(f"Patient Name: {first_last(c)}    DOB: {birth}")
    s.line(f"MRN: {c.mrn}    Original date of service: {visit}")
    s.line(f"Addendum dated: {later}")
    s.line(f"Referral: {c.number}")
    body(s, rng, 8)
    s.line(f"Electronically signed by {c.author}, MD on {later}")
    says(s, c, *CORE, "author", status="amended")


def relatives(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Relatives with birth dates of their own."""
    letterhead(s, rng)
    father = rng.choice([g for g in GIVEN if g != c.given])
    s.line(f"Patient: {first_last(c)}     DOB: {birth}")
    s.line(f"MRN: {c.mrn}     Seen on: {visit}")
    s.line(f"Guarantor: {father} {c.family}   DOB: 02/11/1949")
    s.line(f"Referral #: {c.number}")
    s.gap()
    s.prose(
        f"{c.title} {c.family} came with a daughter, Anna {c.family} (DOB 5/6/2001), who helped with the history. "
        f"The father, {father} {c.family}, born 02/11/1949, had a stroke. " + rng.choice(SENTENCES)
    )
    body(s, rng, 8)
    signed(s, c)
    says(s, c, *CORE, "author")


def two_patients(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Siblings in one letter: a person has to look."""
    letterhead(s, rng)
    other = rng.choice([g for g in GIVEN if g != c.given and g[0] != c.given[0]])
    s.line(f"RE: {c.given} {c.family}, DOB: {birth}")
    s.line(f"       {other} {c.family}, DOB: {written(other_day(c.birth, rng), '{m:02d}/{d:02d}/{y}')}")
    s.line(f"Date of Visit: {visit}")
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]}:")
    s.prose("Both children were seen in clinic. " + rng.choice(SENTENCES))
    body(s, rng, 8)
    signed(s, c)
    says(s, c, "visit", patients="several")


def hospital(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """The print of a hospital's system: labels in a narrow type, values in line, ids of many kinds."""
    s.line("ST. ELSEWHERE MEDICAL CENTER", size=13, bold=True)
    s.line("CONSULTATION REPORT", size=11, bold=True)
    s.gap(0.5)
    for left, right in (
        (f"PATIENT NAME: {last_first(c).upper()}", f"MR #: {c.mrn}"),
        (f"DATE OF BIRTH: {birth}", f"ACCT #: {c.account}"),
        (f"DATE OF CONSULT: {visit}", "ROOM: OPC"),
        (f"CONSULTING PHYSICIAN: {c.author}, MD", f"REFERRAL #: {c.number}"),
        (f"REFERRING PHYSICIAN: {c.referrer}, MD", "JOB: 553120"),
    ):
        s.line(left, right, columns=(LEFT, 0.63), size=10)
    s.gap()
    s.line("REASON FOR CONSULTATION:", bold=True)
    body(s, rng, 9)
    when = written(other_day(c.visit, rng), "{m:02d}/{d:02d}/{y}")
    s.line(f"{c.author}, MD")
    s.line(f"D: {when} 14:22   T: {when} 16:01   cc: {c.referrer}, MD", size=9)
    says(s, c, *CORE, "author", "referrer")


def born_label(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"Patient           {first_last(c)}")
    s.line(f"Born              {birth}")
    s.line(f"Record no.        {c.mrn}")
    s.line(f"Seen on           {visit}")
    s.line(f"Referral no.      {c.number}")
    s.gap()
    body(s, rng, 10)
    says(s, c, *CORE)


def columns_apart(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Labels without colons in a column, values in another."""
    s.line("Specialty Clinic Encounter Summary", size=14, bold=True)
    s.gap(0.5)
    for label, value in (
        ("Patient name", last_first(c)),
        ("Date of birth", birth),
        ("Legal sex", c.sex.title()),
        ("MRN", c.mrn),
        ("Encounter date", visit),
        ("Department", "Rheumatology West"),
        ("Referring provider", f"{c.referrer}, MD"),
        ("Referral number", c.number),
    ):
        s.line(label, value, columns=(LEFT, 0.34), size=10)
    s.gap()
    body(s, rng, 10)
    s.line(f"Author: {c.author}, MD")
    says(s, c, *CORE, "author", "referrer")


def pipes(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    s.line(f"{c.given} {c.family} | DOB {birth} | {c.sex.title()} | MRN {c.mrn} | Visit {visit}", size=9.5, bold=True)
    s.line(f"Referral {c.number} | Referred by {c.referrer}, MD", size=9.5)
    s.gap()
    s.line("Assessment & Plan", bold=True, size=13)
    body(s, rng, 12)
    s.line(f"{c.author}, DO")
    says(s, c, *CORE)


def cc_list(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"{visit}", left=0.65)
    s.line(f"Re.: {first_last(c)}; date of birth {birth}; MRN {c.mrn}")
    s.line(f"Referral no. {c.number}")
    s.gap()
    s.line(f"Dear Dr. {c.referrer.split()[-1]}:")
    s.prose(f"Thank you for the referral of {c.title} {c.family}, whom I saw on {visit}. " + rng.choice(SENTENCES))
    body(s, rng, 7)
    s.line("Yours truly,")
    s.gap()
    s.line(f"{c.author}, MD")
    others = [d for d in DOCTORS if d not in (c.author, c.referrer)]
    s.line(f"cc: {others[0]}, MD", size=9)
    s.line(f"      {others[1]}, MD", size=9)
    s.line(f"      {others[2]}, NP", size=9)
    says(s, c, *CORE, "author")


def us_short_year(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Years of two digits; the age says which century."""
    letterhead(s, rng)
    s.line(f"Re: {last_first(c)} (DOB: {c.birth.month}/{c.birth.day}/{c.birth:%y})  #{c.mrn}")
    s.line(f"Date of Visit: {c.visit.month}/{c.visit.day}/{c.visit:%y}     Referral {c.number}")
    s.gap()
    s.prose(f"{c.title} {c.family} is a {c.age} year old {c.sex} here for evaluation. " + rng.choice(SENTENCES))
    body(s, rng, 9)
    signed(s, c)
    says(s, c, "name", "birth", "visit", "number", "author")


def dotted(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"PATIENT NAME  {c.given.upper()} {c.family.upper()}")
    s.line(f"BIRTHDATE  {c.birth:%m.%d.%Y}     RECORD NUMBER  {c.mrn}")
    s.line(f"VISIT DATE  {c.visit:%m.%d.%Y}     REFERRAL NUMBER  {c.number}")
    s.gap()
    body(s, rng, 10)
    s.line(f"Dictated by: {c.author}, MD", size=9)
    says(s, c, *CORE, "author")


def weekday(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line(f"{c.visit:%A}, {c.visit:%B} {c.visit.day}, {c.visit.year}")
    s.gap()
    s.line("Patient:", first_last(c), columns=(LEFT, 0.22))
    s.line("DOB:", f"{c.birth:%B} {c.birth.day}, {c.birth.year}  ({c.age} y.o.)", columns=(LEFT, 0.22))
    s.line("MRN:", c.mrn, columns=(LEFT, 0.22))
    s.line("Ref:", c.number, columns=(LEFT, 0.22))
    s.gap()
    s.line(f"Dear Doctor {c.referrer.split()[-1]}:")
    s.prose(
        f"{c.given} {c.family} was evaluated in our office on {c.visit:%A}, {c.visit:%B} {c.visit.day}, {c.visit.year}. "
        + rng.choice(SENTENCES)
    )
    body(s, rng, 8)
    signed(s, c)
    says(s, c, *CORE, "author")


def split_name(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A form with boxes for the parts of the name."""
    s.line("CONSULTANT REPORT FORM", size=14, bold=True, left=0.32)
    s.grid(
        [
            ("Last Name", "First Name", "DOB (mm/dd/yyyy)", "Sex"),
            (c.family, c.given, f"{c.birth:%m/%d/%Y}", c.sex[0].upper()),
            ("Medical Record No.", "Appointment Date", "Referral Number", "Pages"),
            (c.mrn, f"{c.visit:%m/%d/%Y}", c.number, "1"),
        ],
        (LEFT, 0.34, 0.56, 0.84),
        head=False,
    )
    s.line(f"Date seen: {c.visit:%m/%d/%Y}")
    s.line("FINDINGS", bold=True)
    body(s, rng, 9)
    s.line(f"Consultant: {c.author}, MD      NPI: 1234567893")
    says(s, c, *CORE, "author")


def right_block(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """The letterhead at the left, the patient in a block at the right of the same rows."""
    for left, right in (
        ("Lakes Allergy & Asthma", f"{first_last(c)}"),
        ("500 Main Street, Suite 2", f"DOB: {birth}"),
        ("Sun Prairie, WI 53590", f"MRN: {c.mrn}"),
        ("Phone: 608-555-0177", f"Visit: {visit}"),
        ("Fax: 608-555-0178", f"Ref: {c.number}"),
    ):
        s.line(left, right, columns=(LEFT, 0.6), size=10)
    s.gap()
    s.line("Progress Note", bold=True, size=13)
    body(s, rng, 11)
    s.line(f"Provider: {c.author}, MD")
    says(s, c, *CORE, "author")


def last_visit_too(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Many dates beside that of the visit."""
    s.line("Cardiology Associates of Dane County", size=14, bold=True)
    s.line(f"Printed: {other_day(c.visit, rng):%m/%d/%Y}      Fax date: {other_day(c.visit, rng):%m/%d/%Y}", size=9)
    s.line(f"Patient: {first_last(c)}", f"DOB: {birth}")
    s.line(f"Date of Visit: {visit}", f"MRN: {c.mrn}")
    s.line(f"Last visit: {other_day(c.visit, rng):%m/%d/%Y}", f"Next appointment: {other_day(c.visit, rng):%m/%d/%Y}")
    s.line(f"Date of referral: {other_day(c.visit, rng):%m/%d/%Y}", f"Referral #: {c.number}")
    s.gap()
    s.prose(f"Holter monitor of {other_day(c.visit, rng):%m/%d/%Y} was unremarkable. " + rng.choice(SENTENCES))
    body(s, rng, 8)
    s.line(f"Transcribed: {other_day(c.visit, rng):%m/%d/%Y}", size=9)
    s.line(f"Electronically signed by: {c.author}, MD, {other_day(c.visit, rng):%m/%d/%Y}", size=9)
    says(s, c, *CORE, "author")


def hyphen_upper(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """Capitals, no comma, a family name with a hyphen."""
    family = f"{rng.choice(['Smith', 'Baker', 'Olsen'])}-{rng.choice(['Garcia', 'Young', 'Keller'])}"
    letterhead(s, rng)
    s.line(f"PT: {c.given.upper()} {family.upper()}    DOB: {birth}", f"CHART: {c.mrn}", columns=(LEFT, 0.66))
    s.line(f"DOS: {visit}", f"REF#: {c.number}", columns=(LEFT, 0.66))
    s.gap()
    body(s, rng, 10)
    s.line(f"/s/ {c.author}, MD")
    says(s, c, "birth", "mrn", "visit", "number", name=f"{c.given} {family}")


def referral_desk(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    """A fax cover with the letter behind it."""
    s.line("FAX", size=28, bold=True)
    for label, value in (
        ("To:", f"{c.referrer}, MD"),
        ("From:", "Gastroenterology front desk"),
        ("Fax:", "608-555-0101"),
        ("Pages:", "2 including cover"),
        ("Date:", f"{other_day(c.visit, rng):%m/%d/%Y}"),
        ("Re:", "Consultation report"),
    ):
        s.line(label, value, columns=(LEFT, 0.22))
    s.gap(2)
    s.prose("CONFIDENTIAL: this fax may hold protected health information. If you are not the addressee, call us.")
    s.turn()
    letterhead(s, rng)
    s.line(f"Patient: {last_first(c)}   DOB: {birth}   MRN: {c.mrn}", size=10)
    s.line(f"Date of service: {visit}   Referral: {c.number}", size=10)
    s.gap()
    body(s, rng, 10)
    signed(s, c)
    says(s, c, *CORE, "author")


def memo_middle(s: Sheet, c: Case, rng: random.Random, birth: str, visit: str) -> None:
    letterhead(s, rng)
    s.line("Patient", "DOB", columns=(LEFT, MIDDLE), bold=True)
    s.line(f"{first_last(c)}", birth, columns=(LEFT, MIDDLE))
    s.line("Medical record", "Seen", columns=(LEFT, MIDDLE), bold=True)
    s.line(c.mrn, visit, columns=(LEFT, MIDDLE))
    s.line("Referral", "Consultant", columns=(LEFT, MIDDLE), bold=True)
    s.line(c.number, f"{c.author}, MD", columns=(LEFT, MIDDLE))
    s.gap()
    body(s, rng, 9)
    says(s, c, *CORE, "author")


VENDORS = (
    re_bare_date, re_parenthesis, born_in_prose, label_above, ruled_table, three_columns, each_page, partners, address_block,
    plain_address, former_name, two_families, icd_codes, draft, addendum, relatives, two_patients, hospital, born_label,
    columns_apart, pipes, cc_list, us_short_year, dotted, weekday, split_name, right_block, last_visit_too, hyphen_upper,
    referral_desk, memo_middle,
)  # fmt: skip
