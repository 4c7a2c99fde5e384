"""What a comparison of two persons found: how well each field agrees, points, and evidence in words."""

from dataclasses import dataclass, field

from referrals.reconcile.evidence import Evidence
from referrals.reconcile.identity.weights import Level

AGREES = (Level.EQUAL, Level.KNOWN_AS, Level.PART)


@dataclass
class Comparison(Evidence):
    """``levels`` per field, and whether they make it *hard* (compare.py)."""

    levels: dict[str, Level] = field(default_factory=dict)
    hard: bool = False

    def note(self, name: str, level: Level, points: float, words: str) -> None:
        self.levels[name] = level
        self.weigh(points, words)

    def level(self, name: str) -> Level:
        return self.levels.get(name, Level.UNKNOWN)

    @property
    def is_rival(self) -> bool:
        """Could be the same person, though a name or the birth date resembles only."""
        near = (*AGREES, Level.CLOSE, Level.LIKE)
        return all(self.level(name) in near for name in ("family", "given", "birth date"))

    def fits_better_than(self, other: "Comparison") -> bool:
        """Whether a name or the birth date is equal here and not there."""
        fields = ("family", "given", "birth date")
        return any(self.level(f) is Level.EQUAL and other.level(f) is not Level.EQUAL for f in fields)

    @property
    def is_plausible(self) -> bool:
        """Could be the same person but for slips: names and birth date all at least close."""
        near = (*AGREES, Level.CLOSE)
        return all(self.level(name) in near for name in ("family", "given", "birth date"))

    @property
    def has_number(self) -> bool:
        """Whether a number of the same assigner points to this record."""
        return self.level("identifier") is Level.EQUAL

    @property
    def has_any_number(self) -> bool:
        """The same, also by a number as read from a page or of an unknown assigner."""
        return self.level("identifier") in (Level.EQUAL, Level.PART)

    @property
    def tells_apart(self) -> bool:
        """Whether something besides names and birth date points to this record."""
        return self.has_number or self.is_reached_alike

    @property
    def is_reached_alike(self) -> bool:
        return Level.EQUAL in [self.level(name) for name in ("phone", "street", "e-mail")]
