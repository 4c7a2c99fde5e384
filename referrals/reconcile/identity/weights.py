"""What each agreement and contradiction is worth, in points (base-2 logarithms of likelihood ratios, rounded).

Calibrated by ``python -m tests.benchmarks.matching`` on FEBRL and Splink's labelled pairs; the order of sizes is what
matters: an identifier of one assigner outweighs a name, a birth date outweighs a name, and only a slip keeps a
different birth date from sinking the pair. Points order suggestions; whether a match is *hard* is decided on the
levels themselves (compare.py), never on a sum.
"""

from enum import StrEnum


class Level(StrEnum):
    """How well one field agrees."""

    EQUAL = "equal"
    KNOWN_AS = "known as"  # a former name, an alias, a nickname
    PART = "part"  # one part of a double name; an initial
    CLOSE = "close"  # a slip of the pen
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # one side does not say


BIRTH_DATE = {Level.EQUAL: 9.0, Level.PART: 2.0, Level.CLOSE: 4.0, Level.DIFFERENT: -6.0}
BORN_IN_THE_SAME_YEAR = -2.0  # instead of DIFFERENT
FAMILY = {Level.EQUAL: 6.0, Level.KNOWN_AS: 5.0, Level.PART: 4.0, Level.CLOSE: 4.0, Level.DIFFERENT: -4.0}
GIVEN = {Level.EQUAL: 4.0, Level.KNOWN_AS: 3.0, Level.PART: 1.0, Level.CLOSE: 2.5, Level.DIFFERENT: -4.0}
DISPLACED = 4.0  # the same, for one of them: the other is missing or another
SWAPPED = 8.0  # family and given name in each other's place, for both
MIDDLE = {Level.EQUAL: 1.5, Level.PART: 0.5, Level.DIFFERENT: -2.0}
SUFFIX = {Level.EQUAL: 1.0, Level.PART: -0.5, Level.DIFFERENT: -5.0}
SEX = {Level.EQUAL: 1.0, Level.DIFFERENT: -4.0}
IDENTIFIER = {Level.EQUAL: 11.0, Level.PART: 6.0, Level.CLOSE: 3.0, Level.DIFFERENT: -5.0}
PHONE = {Level.EQUAL: 4.0, Level.DIFFERENT: -0.5}
EMAIL = {Level.EQUAL: 7.0, Level.CLOSE: 5.0, Level.DIFFERENT: -0.5}
ZIP = {Level.EQUAL: 2.0, Level.CLOSE: 0.5, Level.DIFFERENT: -1.0}
STREET = {Level.EQUAL: 4.0, Level.CLOSE: 2.0, Level.DIFFERENT: -1.0}

SAME_PERSON = 5.0  # from here on a pair is worth a suggestion
