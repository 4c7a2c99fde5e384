"""By what a cohort can be broken down and filtered, and how a value is written in an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from referrals.models import Coordinator, Office, Payer, Provider, Referral, Specialty

NONE_WORD = "none"  # in an address: the referrals without a value


@dataclass(frozen=True)
class Choice:
    """One value of a dimension. ``value`` is what the column holds (None: nothing), ``word`` what an address says (a
    code, an NPI, an id), ``label`` what people read."""

    dimension: str
    value: str | int | None
    word: str
    label: str


@dataclass(frozen=True)
class Dimension:
    """``column`` is of Referral. ``words`` is the field of ``model`` that an address names it by; without a model the
    column's own choices are the words."""

    key: str
    name: str
    column: str
    none_label: str = ""  # what no value means; empty when there always is one
    model: type[Model] | None = None
    words: str = ""

    def labelled(self, values: Iterable[Any]) -> dict[Any, Choice]:
        """The choice of each of ``values``, None among them. At most one query."""
        values = set(values)
        known = self._known(values - {None})
        if None in values:
            known[None] = Choice(self.key, None, NONE_WORD, self.none_label or "None")
        return known

    def read(self, words: Iterable[str]) -> tuple[list[Choice], list[str]]:
        """The choices that ``words`` name, in their order, and the words that name none. At most one query."""
        words = list(dict.fromkeys(word.strip() for word in words if word.strip()))
        named = [word for word in words if word != NONE_WORD and "\x00" not in word]  # PostgreSQL takes no NUL
        found = {choice.word: choice for choice in self._named(named)}
        if self.none_label:
            found[NONE_WORD] = self.labelled([None])[None]
        return [found[word] for word in words if word in found], [word for word in words if word not in found]

    def _known(self, values: set[Any]) -> dict[Any, Choice]:
        if self.model is None:
            labels = dict(Referral._meta.get_field(self.column).choices)
            return {value: Choice(self.key, value, value, str(labels.get(value, value))) for value in values}
        rows = self.model.objects.filter(pk__in=values) if values else ()
        return {row.pk: self._choice(row) for row in rows}

    def _named(self, words: list[str]) -> Iterable[Choice]:
        if self.model is None:
            possible = dict(Referral._meta.get_field(self.column).choices)
            return self._known({word for word in words if word in possible}).values()
        if self.words == "pk":
            words = [word for word in words if word.isascii() and word.isdigit() and len(word) < 19]
        return [self._choice(row) for row in self.model.objects.filter(**{f"{self.words}__in": words})] if words else []

    def _choice(self, row: Model) -> Choice:
        return Choice(self.key, row.pk, str(getattr(row, self.words)), str(row))


DIMENSIONS: dict[str, Dimension] = {
    dimension.key: dimension
    for dimension in (
        Dimension("direction", "Direction", "direction"),
        Dimension("specialty", "Specialty", "specialty_id", model=Specialty, words="code"),
        Dimension("priority", "Priority", "priority"),
        Dimension("referring_office", "Referring office", "referring_office_id", model=Office, words="npi"),
        Dimension(
            "receiving_office", "Receiving office", "receiving_office_id", "No specialist yet", Office, words="npi"
        ),
        Dimension(
            "receiving_provider",
            "Receiving provider",
            "receiving_provider_id",
            "No provider named",
            Provider,
            words="npi",
        ),
        Dimension("payer", "Payer", "payer_id", "No payer", Payer, words="code"),
        Dimension("owner", "Owner", "owner_id", model=Coordinator, words="pk"),
    )
}
