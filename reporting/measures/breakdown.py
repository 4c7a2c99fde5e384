"""The figures of a cohort and of its parts, and the referrals behind each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from referrals.models import Referral
from reporting.measures.assumptions import Assumptions
from reporting.measures.cohort import Cohort
from reporting.measures.conditions import condition_of
from reporting.measures.counting import TOTAL, count
from reporting.measures.dimensions import DIMENSIONS, Choice
from reporting.measures.figures import Figures


@dataclass(frozen=True)
class Part:
    """The referrals of the cohort with one value of a dimension."""

    choice: Choice
    figures: Figures


@dataclass(frozen=True)
class Report:
    """A cohort as it stands at ``at``. ``parts`` has the parts of each dimension asked for, the largest first; those of
    one dimension have every referral in exactly one of them."""

    cohort: Cohort
    at: datetime
    assumptions: Assumptions
    total: Figures
    parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)

    def behind(self, figure: str, choice: Choice | None = None) -> QuerySet[Referral]:
        """The referrals that ``figure`` counts, in the whole or in the part of ``choice``: as many as the figure says,
        as long as none of them changes. Order them as you like. Raises KeyError for an unknown figure."""
        return behind(
            figure,
            self.cohort.only(choice) if choice else self.cohort,
            now=self.at,
            assumptions=self.assumptions,
        )


def report(cohort: Cohort, *, now: datetime, assumptions: Assumptions, by: Sequence[str] = tuple(DIMENSIONS)) -> Report:
    """The figures of ``cohort`` at ``now`` and of its parts ``by`` each of those dimensions (keys of DIMENSIONS).

    One query for all figures, and one of names for each dimension. An empty cohort has figures of 0 and no parts."""
    found = count(cohort.referrals(), by=by, now=now, assumptions=assumptions)
    parts = {}
    for key in by:
        choices = DIMENSIONS[key].labelled(found[key])
        rows = (Part(choices[value], figures) for value, figures in found[key].items())
        parts[key] = tuple(sorted(rows, key=lambda part: (-part.figures.cohort, part.choice.label, part.choice.word)))
    return Report(cohort, now, assumptions, found[TOTAL][None], parts)


def figures_of(cohort: Cohort, *, now: datetime, assumptions: Assumptions) -> Figures:
    """The figures of ``cohort`` at ``now``. One query."""
    return count(cohort.referrals(), now=now, assumptions=assumptions)[TOTAL][None]


def behind(figure: str, cohort: Cohort, *, now: datetime, assumptions: Assumptions) -> QuerySet[Referral]:
    """The referrals of ``cohort`` that a count counts at ``now``.

    ``figure`` is ``cohort``, ``scheduled``, ``closed``, ``closed_within_14``, ``leaked``, ``leaked_known``,
    ``leaked_estimated``, ``in_progress``, ``open``, ``cancelled_not_leaked``, or ``reached_seen`` and the like for a step
    of the funnel. Raises KeyError for another."""
    return cohort.referrals().filter(condition_of(figure, now=now, window=assumptions.window))
