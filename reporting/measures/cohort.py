"""Which referrals a report is about: a period, what they are filtered by, and for an office only its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Q, QuerySet

from referrals.errors import InvalidInput
from referrals.models import Referral
from reporting.measures.dimensions import DIMENSIONS, Choice
from reporting.measures.period import Period

MOST_VALUES = 100  # of one filter


@dataclass(frozen=True)
class Filters:
    """Choices by dimension: a referral passes when in each named dimension it has one of them. Empty: all pass."""

    choices: tuple[Choice, ...] = ()

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """From an address or a command: ``specialty=cardiology,ent``, ``receiving_office=1234567893``, ``payer=none``.

        Takes a QueryDict too (values given again add up); other keys are ignored. Raises InvalidInput naming each key
        with a value nothing has."""
        found: list[Choice] = []
        problems = []
        for key, dimension in DIMENSIONS.items():
            given = query.getlist(key) if hasattr(query, "getlist") else [query.get(key) or ""]
            words = [word for text in given for word in text.split(",") if word.strip()]
            if len(words) > MOST_VALUES:
                problems.append((key, f"Give at most {MOST_VALUES} values."))
                continue
            choices, unknown = dimension.read(words)
            found += choices
            if unknown:
                problems.append((key, f"Nothing is called {', '.join(repr(word[:40]) for word in unknown[:5])}."))
        if problems:
            raise InvalidInput(problems)
        return cls(tuple(found))

    def query(self) -> dict[str, str]:
        """As an address says it; ``read`` gives the same back."""
        return {key: ",".join(choice.word for choice in some) for key, some in self.by_dimension().items()}

    def by_dimension(self) -> dict[str, list[Choice]]:
        """The choices of each dimension that has some, in the order they were made."""
        found: dict[str, list[Choice]] = {}
        for choice in self.choices:
            found.setdefault(choice.dimension, []).append(choice)
        return found

    def in_words(self) -> str:
        """``Specialty: Cardiology, ENT; Payer: No payer``; empty without any."""
        return "; ".join(
            f"{DIMENSIONS[key].name}: {', '.join(choice.label for choice in choices)}"
            for key, choices in self.by_dimension().items()
        )

    def of(self, dimension: str) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if choice.dimension == dimension)

    def only(self, choice: Choice) -> "Filters":
        """These, with ``choice`` alone in its dimension."""
        return Filters((*(other for other in self.choices if other.dimension != choice.dimension), choice))

    def without(self, dimension: str) -> "Filters":
        return Filters(tuple(choice for choice in self.choices if choice.dimension != dimension))

    def condition(self, prefix: str = "") -> Q:
        """On Referral, or on what leads to it through ``prefix`` such as ``referral__``."""
        passes = Q()
        for key, choices in self.by_dimension().items():
            column = prefix + DIMENSIONS[key].column
            values = [choice.value for choice in choices]
            some = Q(**{f"{column}__in": [value for value in values if value is not None]})
            passes &= some | Q(**{f"{column}__isnull": True}) if None in values else some
        return passes

    def __bool__(self) -> bool:
        return bool(self.choices)


@dataclass(frozen=True)
class Cohort:
    """The referrals captured in ``period`` that pass ``filters``, less those entered in error and duplicates.

    ``office`` (an id) leaves only referrals it is a party to now: what its token may see (selectors.visible_to)."""

    period: Period
    filters: Filters = field(default_factory=Filters)
    office: int | None = None

    def referrals(self) -> QuerySet[Referral]:
        """In no order."""
        counted = Q(ending_reason__isnull=True) | Q(ending_reason__excludes_from_cohort=False)
        return Referral.objects.filter(
            counted,
            self.condition(),
            captured_at__gte=self.period.starts_at,
            captured_at__lt=self.period.ends_at,
        ).order_by()

    def condition(self, prefix: str = "") -> Q:
        """Filters and office, without the period; ``prefix`` as in Filters.condition."""
        passes = self.filters.condition(prefix)
        if self.office is not None:
            passes &= Q(**{f"{prefix}referring_office": self.office}) | Q(**{f"{prefix}receiving_office": self.office})
        return passes

    def only(self, choice: Choice) -> "Cohort":
        """The part of it with that value: what a row of a breakdown is about."""
        return replace(self, filters=self.filters.only(choice))

    def during(self, period: Period) -> "Cohort":
        return replace(self, period=period)
