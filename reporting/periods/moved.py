"""Late movement: what changed about a closed month since."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from referrals.models import Referral
from reporting.measures import outline
from reporting.measures.assumptions import Assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.buckets import Bucket, in_bucket
from reporting.measures.cohort import Cohort
from reporting.measures.definitions import MEASURES, Unit
from reporting.measures.words import in_words
from reporting.models import PeriodClose, PeriodRow

LISTED = 200


@dataclass(frozen=True)
class Change:
    """One measure as closed and as it stands now, in words; ``difference`` is empty when nothing moved."""

    name: str
    closed: str
    now: str
    difference: str


@dataclass(frozen=True)
class Moved:
    """``referrals`` are (row as closed, referral, bucket now or None when it left the cohort), at most LISTED of
    ``count``; ``added`` referrals came into the cohort since."""

    changes: tuple[Change, ...]
    referrals: tuple[tuple[PeriodRow, Referral, str | None], ...]
    count: int
    added: int


def since(closed: PeriodClose, *, now: datetime) -> Moved:
    """Compares by what was assumed when it was closed, so that only referrals move it, not a changed setting."""
    assumptions = Assumptions.from_json(closed.assumptions)
    cohort = Cohort(closed.period)
    figures = figures_of(cohort, now=now, assumptions=assumptions)
    then = closed.figures["total"]
    changes = [_count("Referrals", then["counts"]["cohort"], figures.cohort)]
    for key in outline.KEYS:
        if key not in then["measures"]:
            continue  # closed by a release that did not measure it
        changes.append(_measure(key, then["measures"][key]["value"], outline.rounded(figures.measured(key))))
    rows, count = _moved_rows(closed, now, assumptions)
    known = PeriodRow.objects.filter(close=closed).values("referral")
    return Moved(tuple(changes), rows, count, cohort.referrals().exclude(pk__in=known).count())


def _count(name: str, then: int, now: int) -> Change:
    return Change(name, f"{then:,}", f"{now:,}", f"{now - then:+,}" if now != then else "")


def _measure(key: str, then: float | None, now: float | None) -> Change:
    measure = MEASURES[key]
    words = ["–" if value is None else in_words(measure.unit, value) for value in (then, now)]
    difference = ""
    if then is not None and now is not None and words[0] != words[1]:
        moved = (now - then) * (100 if measure.unit == Unit.SHARE else 1)
        if measure.unit == Unit.DOLLARS:
            difference = f"{'+' if moved > 0 else '-'}${abs(moved):,.0f}"
        else:
            difference = f"{moved:+.1f} {'points' if measure.unit == Unit.SHARE else measure.unit.value}"
    elif words[0] != words[1]:
        difference = "changed"
    return Change(measure.name, *words, difference)


def _moved_rows(closed: PeriodClose, now: datetime, assumptions: Assumptions):
    """The rows whose referral is in another bucket now, one query for each bucket."""
    cohort = Cohort(closed.period).referrals()
    moved: list[tuple[PeriodRow, Referral, str | None]] = []
    count = 0
    still = {bucket: cohort.filter(in_bucket(bucket, now=now, window=assumptions.window)) for bucket in Bucket}
    for bucket in Bucket:
        gone = _rows(closed).filter(bucket=bucket).exclude(referral__in=still[bucket].values("pk"))
        count += gone.count()
        moved += [(row, row.referral, None) for row in gone[: LISTED - len(moved)]]
    bucket_now = _buckets_now(still, [row.referral_id for row, *_ in moved])
    return tuple((row, referral, bucket_now.get(referral.pk)) for row, referral, _ in moved), count


def _rows(closed: PeriodClose) -> QuerySet[PeriodRow]:
    related = ("referral__patient", "referral__specialty", "referral__owner")
    return PeriodRow.objects.filter(close=closed).select_related(*related).order_by("pk")


def _buckets_now(still: dict[Bucket, QuerySet[Referral]], referrals: list[int]) -> dict[int, str]:
    return {
        pk: bucket
        for bucket, rows in still.items()
        for pk in rows.filter(pk__in=referrals).values_list("pk", flat=True)
    }
