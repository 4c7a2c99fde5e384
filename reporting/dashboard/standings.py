"""Where a figure stands, as a badge."""

from reporting.measures.definitions import Standing
from reporting.measures.figures import Measured

TONES = {Standing.ON_TARGET: "green", Standing.BETWEEN: "amber", Standing.UNTRACKED: "red"}


def badge_of(measured: Measured) -> tuple[str, str]:
    """(tone, words); both empty without a benchmark or a value."""
    standing = measured.standing
    return (TONES[standing], standing.words) if standing else ("", "")
