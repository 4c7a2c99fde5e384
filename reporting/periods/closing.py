"""Close a month and reopen it. Both are written in one transaction, logged on the row itself and told to the managers."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from referrals.errors import InvalidInput
from referrals.messages.recipients import managers
from referrals.spreadsheet import csv_lines
from reporting.measures import outline
from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.breakdown import Report, report
from reporting.measures.buckets import bucket_of
from reporting.measures.chase import Chase, chase
from reporting.measures.cohort import Cohort
from reporting.measures.definitions import WITHIN_DAYS
from reporting.measures.period import Period
from reporting.models import PeriodClose, PeriodRow
from reporting.periods import pdf, tell

_BATCH = 2000
_DAY = 24 * 3600


def close(*, period: Period, by: str, now: datetime) -> PeriodClose:
    """Freeze the month's figures and rows as they stand at ``now``, and tell the managers.

    1. Figures, work and rows are read as of one instant: they agree, whatever changes meanwhile.
    2. The PDF and the CSV are kept before any row names them; one that is never named harms nobody.
    3. Closing, rows and messages are one transaction.

    Raises InvalidInput when the period is no month, is not over, or is closed already. Two that close at once make one."""
    if not period.is_month:
        raise InvalidInput([("month", "Only whole months are closed.")])
    if now < period.ends_at:
        raise InvalidInput([("month", f"{period} is not over yet.")])
    if standing(period) is not None:
        raise InvalidInput([("month", f"{period} is closed already. Reopen it first.")])
    with _one_instant():
        assumptions = current_assumptions()
        cohort = Cohort(period)
        made = report(cohort, now=now, assumptions=assumptions)
        worked = chase(cohort, assumptions=assumptions)
        rows = list(_rows(cohort, assumptions, now))
    drawn = _kept(pdf.draw(made, worked, closed_by=by), "pdf")
    table = _kept("".join(csv_lines(outline.HEAD, outline.lines(made))).encode(), "csv")
    try:
        with transaction.atomic():
            closed = _write(made, worked, pdf=drawn, csv=table, by=by, now=now)
            for row in rows:
                row.close = closed
            PeriodRow.objects.bulk_create(rows, batch_size=_BATCH)
            tell.closed(closed, made, worked, managers=managers(), now=now)
    except IntegrityError:
        if standing(period) is None:
            raise
        raise InvalidInput([("month", f"{period} was closed by somebody else just now.")]) from None
    return closed


def reopen(*, closed: PeriodClose, because: str, by: str, now: datetime) -> PeriodClose:
    """End a closing: the month's figures move again, and it can be closed anew. The old figures and rows stay.

    Raises InvalidInput without a reason, or when it was reopened already."""
    because = because.replace("\x00", "").strip()  # PostgreSQL keeps no NUL
    if not because:
        raise InvalidInput([("because", "Say why the month is reopened.")])
    with transaction.atomic():
        changed = PeriodClose.objects.filter(pk=closed.pk, reopened_at__isnull=True).update(
            reopened_at=now, reopened_by=by[:120], reopened_because=because[:300]
        )
        if not changed:
            raise InvalidInput([("month", f"{closed.period} is open already.")])
        closed.refresh_from_db()
        tell.reopened(closed, managers=managers(), now=now)
    return closed


def standing(period: Period) -> PeriodClose | None:
    """The closing of that month that stands."""
    return PeriodClose.objects.filter(first=period.first, reopened_at__isnull=True).first()


@contextmanager
def _one_instant() -> Iterator[None]:
    """A transaction that only reads, and sees the database as its first statement did. SQLite's always do; PostgreSQL's
    are told to, which it takes of an outermost transaction only."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write(made: Report, worked: Chase, *, pdf: str, csv: str, by: str, now: datetime) -> PeriodClose:
    """``pdf`` and ``csv`` are names in the storage."""
    period = made.cohort.period
    last = PeriodClose.objects.filter(first=period.first).aggregate(last=Max("number"))["last"] or 0
    return PeriodClose.objects.create(
        first=period.first,
        number=last + 1,
        closed_at=now,
        closed_by=by[:120],
        figures=outline.as_dict(made),
        chase={
            "steps": dict(worked.counts),
            "hours": round(float(worked.hours), 2),
            "hours_per_week": round(worked.hours_per_week(period), 2),
        },
        assumptions=made.assumptions.to_json(),
        pdf=pdf,
        csv=csv,
    )


def _kept(content: bytes, kind: str) -> str:
    """Store a file named after its content; its name in the storage."""
    return default_storage.save(f"reports/{hashlib.sha256(content).hexdigest()}.{kind}", ContentFile(content))


def _rows(cohort: Cohort, assumptions: Assumptions, now: datetime) -> Iterator[PeriodRow]:
    """Of no closing yet."""
    columns = (
        "pk", "status", "ending_reason__counts_as_leakage", "quiet_since", "first_scheduled_at", "captured_at", "ended_at",
        "specialty_id", "referring_office_id", "receiving_office_id",
    )  # fmt: skip
    for pk, status, leakage, quiet, booked, captured, ended, specialty, referring, receiving in (
        cohort.referrals().values_list(*columns).iterator(chunk_size=_BATCH)
    ):
        bucket = bucket_of(
            status=status, counts_as_leakage=bool(leakage), quiet_since=quiet, now=now, window=assumptions.window
        )
        value = assumptions.service_values.get(specialty, assumptions.service_value)
        yield PeriodRow(
            referral_id=pk,
            bucket=bucket,
            status=status,
            scheduled=booked is not None,
            within_14=bucket == "closed" and (ended - captured).total_seconds() <= WITHIN_DAYS * _DAY,
            captured_at=captured,
            ended_at=ended,
            cents=int(value * 100),
            referring_office_id=referring,
            receiving_office_id=receiving,
        )
