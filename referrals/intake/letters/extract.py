"""A letter's pages to a Reading: where every field comes together."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from referrals.intake.letters.covers import answering
from referrals.intake.letters.dates import dates_in
from referrals.intake.letters.days import visit_of, written_of
from referrals.intake.letters.document_numbers import ids_of, own_numbers
from referrals.intake.letters.kinds import kind_of, title_of
from referrals.intake.letters.labels import labelled
from referrals.intake.letters.legible import believed, poor_pages
from referrals.intake.letters.mentions import first_named, mentions
from referrals.intake.letters.page import PageText
from referrals.intake.letters.parties import letterhead, parties, referrers_of
from referrals.intake.letters.patients import patients_of
from referrals.intake.letters.piece import Row, rows_of
from referrals.intake.letters.prose import age_told, pages_of, told_patients
from referrals.intake.letters.status import status_of
from referrals.intake.reading import Embedded, Moment, Patient, Reading


def letter(
    pages: Sequence[PageText],
    *,
    format: str,
    page_count: int = 0,
    warnings: tuple[str, ...] = (),
    embedded: tuple[Embedded, ...] = (),
    is_whole: bool = True,
) -> Reading:
    """The reading of one letter from its pages' pieces and codes."""
    every = rows_of(piece for page in pages for piece in page.pieces)
    rows = answering(every)
    labels = labelled(rows)
    prose = pages_of(rows)
    told = [told for page in prose for told in told_patients(page)]
    poor = poor_pages(rows)
    mentioned = believed(mentions(rows, labels, told), poor)
    written, visit = written_of(rows, labels, first_named(labels, mentioned)), visit_of(labels, prose)
    then = next((found.value.day for found in (visit, written) if found and found.value.day), None)
    patients, doubts = patients_of(mentioned, then)
    age = next((age for page in prose if (age := age_told(page)) is not None), None) if patients else None
    title = title_of(rows) if rows else None
    kind = kind_of(rows, title)
    people = parties(rows, labels)
    silent = () if rows else ("No text could be read.",)
    return Reading(
        format=format,
        is_whole=is_whole,
        patients=tuple(_with_year(patient, age, then) for patient in patients),
        kind=kind,
        status=status_of(rows),
        title=title[1] if title else None,
        written_at=written,
        visit_at=visit,
        visit_ids=ids_of(labels, "visit_id"),
        authors=people["authors"],
        author_organization=letterhead(rows),
        referrers=referrers_of(people, kind, prose),
        recipients=people["recipients"],
        referral_numbers=own_numbers(every, pages),
        order_ids=ids_of(labels, "order", "their_referral"),
        text=_text(every),
        pages=page_count or len(pages),
        embedded=embedded,
        warnings=(*warnings, *doubts, *silent),
    )


def _text(rows: Sequence[Row]) -> str:
    """A line for each row, a form feed before each further page."""
    lines: list[str] = []
    for place, row in enumerate(rows):
        turns = place > 0 and rows[place - 1].page != row.page
        lines.append(f"\f{row.text}" if turns else row.text)
    return "\n".join(lines)


def _with_year(patient: Patient, age: int | None, day: date | None) -> Patient:
    """A birth year of two digits that could be two, settled by the age the letter states; else left without a value."""
    birth = patient.birth_date
    if birth is None or birth.value.iso or day is None or age is None:
        return patient
    parts = re.fullmatch(r"(\d{1,2}[/.\-]\d{1,2}[/.\-])(\d{2})", birth.value.raw)
    written = [f"{parts[1]}{century}{parts[2]}" for century in ("19", "20")] if parts else []
    born = [dates_in(text, birth=True)[0].moment.day for text in written]
    fits = [one for one in born if one and _age(one, day) == age]
    if len(fits) != 1:
        return patient
    return replace(patient, birth_date=replace(birth, value=Moment(birth.value.raw, fits[0].isoformat())))


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
