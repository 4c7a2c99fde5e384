"""How common a name is in the United States: a rare one in two places says more than Smith in two. Pure."""

from functools import cache
from math import log2
from pathlib import Path

UNLISTED = 50  # of a million: what a name is taken for that the tables leave out
ONE_SEX = 20  # times more common among one sex than the other


def rarity(kind: str, key: str) -> float:
    """In bits, from 0 for the most common name of the ``kind`` (``family`` or ``given``) to about 8 for one not listed."""
    return log2(_most(kind) / max(_shares(kind).get(key, 0), UNLISTED))


def is_listed(kind: str, key: str) -> bool:
    """Whether enough people are called so that it is a name of its own."""
    return key in _table(kind)


def is_of_the_other_sex(one: str, other: str) -> bool:
    """Whether one given name is practically men's only and the other women's: William and Wilma."""
    first, second = _sex(one), _sex(other)
    return bool(first and second) and first != second


def _sex(given: str) -> str:
    men, women = _table("given").get(given, (0, 0))
    if men > ONE_SEX * women:
        return "male"
    return "female" if women > ONE_SEX * men else ""


@cache
def _most(kind: str) -> float:
    return max(_shares(kind).values())


@cache
def _shares(kind: str) -> dict[str, float]:
    """Of a million people."""
    return {name: sum(counts) / len(counts) for name, counts in _table(kind).items()}


@cache
def _table(kind: str) -> dict[str, tuple[int, ...]]:
    lines = (Path(__file__).parent / f"{kind}_names.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {name: tuple(map(int, counts)) for name, *counts in rows}
