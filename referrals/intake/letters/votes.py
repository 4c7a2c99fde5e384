"""Several mentions of one thing: which value they agree on, and how sure that makes it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from referrals.intake.letters.evidence import agreed
from referrals.intake.letters.mention import Mention
from referrals.intake.reading import Found, Name
from referrals.names import name_key


def borne_by_two(
    mentions: Sequence[Mention], of: Callable[[Mention], Any], key: Callable[[Found], str]
) -> list[Found[Any]]:
    """The values of one kind; a recognised one that stands in two rows is surer."""
    first: dict[str, int] = {}
    sure: dict[str, float] = {}
    found = [(mention, of(mention)) for mention in mentions if of(mention)]
    for mention, value in found:
        row = first.setdefault(key(value), mention.row)
        before = sure.get(key(value), 0.0)
        two = mention.recognised and row != mention.row
        sure[key(value)] = agreed(before, value.sure) if two else max(before, value.sure)
    return [replace(value, sure=max(value.sure, sure[key(value)])) if m.recognised else value for m, value in found]


def spelling(name: Found[Name]) -> str:
    return f"{name_key(name.value.family)} {name_key(''.join(name.value.given[:1]))}"


def by_votes(found: Sequence[Found[Any]], key: Callable[[Found[Any]], str]) -> list[Found[Any]]:
    """One of each distinct value, the surest mention of it, those with the most certainty together first."""
    groups: dict[str, list[Found[Any]]] = defaultdict(list)
    for item in found:
        groups[key(item)].append(item)
    ordered = sorted(groups.values(), key=lambda group: -sum(item.sure for item in group))
    return [max(group, key=lambda item: item.sure) for group in ordered]
