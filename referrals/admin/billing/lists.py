"""The billing lists: which rows, in which order, with which columns. The same columns go to the CSV file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from referrals.admin import wording
from referrals.lifecycle.states import Stage, Status
from referrals.models import Encounter, Referral
from referrals.practice.calendar import practice_calendar

Row = Encounter | Referral


@dataclass(frozen=True)
class Period:
    """Days of visits, both included; open where None."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class BillingList:
    """``cells`` gives a row's values under ``head``; ``referral`` the referral a row leads to, if there is one."""

    key: str
    label: str
    says: str
    teaches: str
    permission: str
    head: Sequence[str]
    rows: Callable[[Period], QuerySet]
    cells: Callable[[Any], Sequence[Any]]
    referral: Callable[[Any], Referral | None]


WHO_WHERE = ("Patient", "Born", "Visit", "Provider", "Office")


def _with_parties(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    return rows.select_related("patient", "receiving_provider", "receiving_office", "encounter", "note", "owner")


def _seen_in(period: Period) -> Q:
    """Referrals whose visit was in the period, by days of the practice."""
    calendar = practice_calendar()
    found = Q()
    if period.first is not None:
        found &= Q(seen_at__gte=calendar.start_of(period.first))
    if period.last is not None:
        found &= Q(seen_at__lt=calendar.start_of(date.fromordinal(period.last.toordinal() + 1)))
    return found


def _unreconciled(period: Period) -> QuerySet[Referral]:
    """A final note is here and no visit is documented by it yet."""
    rows = Referral.objects.filter(_seen_in(period), status=Status.NOTE_RETURNED, reconciled_at__isnull=True)
    return _with_parties(rows).order_by("note_at", "pk")


def _without_note(period: Period) -> QuerySet[Referral]:
    rows = Referral.objects.filter(_seen_in(period), stage=Stage.NOTE_PENDING, ended_at__isnull=True)
    return _with_parties(rows).order_by("seen_at", "pk")


def _ready(period: Period) -> QuerySet[Encounter]:
    days = {f"occurred_on__{end}": day for end, day in (("gte", period.first), ("lte", period.last)) if day}
    of = Referral.objects.only("number", "encounter", "specialty").select_related("specialty").order_by("pk")
    return (
        Encounter.objects.filter(documented_for_billing=True, **days)
        .select_related("patient", "provider", "office")
        .prefetch_related(Prefetch("referrals", of, to_attr="documented_referrals"))
        .order_by("-occurred_on", "-pk")
    )


def _day(instant: datetime | None) -> date | None:
    return practice_calendar().local_date(instant) if instant else None


def _who_where(referral: Referral) -> list[Any]:
    visit = referral.encounter.occurred_on if referral.encounter else _day(referral.seen_at)
    patient = referral.patient
    return [str(patient), patient.birth_date, visit, referral.receiving_provider or "", referral.receiving_office or ""]


def _of_encounter(visit: Encounter) -> Referral | None:
    return visit.documented_referrals[0] if visit.documented_referrals else None


def _encounter_cells(visit: Encounter) -> list[Any]:
    referral = _of_encounter(visit)
    source = "" if visit.source == Encounter.Source.RECORDED else visit.get_source_display()
    return [
        referral.number if referral else "", str(visit.patient), visit.patient.birth_date, visit.occurred_on,
        visit.provider or "", visit.office or "", referral.specialty if referral else "", visit.external_id, source,
        _day(visit.documented_at),
    ]  # fmt: skip


LISTS: dict[str, BillingList] = {
    one.key: one
    for one in (
        BillingList(
            "ready",
            "Ready to bill",
            "Visits whose final note is here and tied to them.",
            "No visit is documented in these days.",
            "referrals.view_encounter",
            ("Referral", *WHO_WHERE, "Specialty", "Visit number", "How known", "Documented"),
            _ready,
            _encounter_cells,
            _of_encounter,
        ),
        BillingList(
            "waiting",
            "Seen, no note",
            "The patient was seen; without the note the visit cannot be billed. Longest waiting first.",
            "Every visit has its note.",
            "referrals.view_referral",
            ("Referral", *WHO_WHERE, "Note", "Owner"),
            _without_note,
            lambda row: [row.number, *_who_where(row), row.get_document_status_display().lower(), row.owner],
            lambda row: row,
        ),
        BillingList(
            "notes",
            "Notes without a visit",
            "A final note is here, and nobody has tied it to its visit yet. Longest waiting first.",
            "Every note is tied to its visit.",
            "referrals.view_referral",
            ("Referral", *WHO_WHERE, "Note came", "Owner"),
            _unreconciled,
            lambda row: [row.number, *_who_where(row), _day(row.note_at), row.owner],
            lambda row: row,
        ),
    )
}


def shown(value: Any) -> str:
    """A value as a page shows it."""
    return f"{value:%m/%d/%Y}" if isinstance(value, date) else str(value if value is not None else "")


def table(billing_list: BillingList, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows for a template: the number as a link, the rest as text."""
    made = []
    for row in rows:
        referral = billing_list.referral(row)
        first, *rest = billing_list.cells(row)
        href = wording.page_of(referral) if referral is not None else ""
        cells = [
            {"label": label, "value": shown(value)} for label, value in zip(billing_list.head[1:], rest, strict=True)
        ]
        made.append({"number": first, "href": href, "cells": cells})
    return made
