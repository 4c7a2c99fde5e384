"""Where a figure stands, as a badge."""

from reporting.measures.definitions import Standing
from reporting.measures.figures import TOO_EARLY, Measured

TONES = {
    Standing.ON_TARGET.words: "green", Standing.BETWEEN.words: "amber", Standing.UNTRACKED.words: "red", TOO_EARLY: "grey",
}  # fmt: skip


def badge_of(measured: Measured) -> tuple[str, str]:
    """(tone, words); both empty without a benchmark or a value."""
    words = measured.stands
    return (TONES[words], words) if words else ("", "")
