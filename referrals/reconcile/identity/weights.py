"""What each agreement and contradiction is worth, in points: base-2 logarithms of likelihood ratios, rounded.

Chosen on FEBRL's datasets 2 and 3 (Australian names and addresses, up to three errors a record), on Splink's fake_1000
(British, e-mail and city, half of the fields missing) and on no others, so that no single weight is far from either;
tried on FEBRL 1 and 4 (``python -m tests.benchmarks.pairs``; figures in docs/documents.md).
They are not trained anew on each practice's records. How rare a name is comes from the census (commonness.py).

Points order suggestions and never attach anything: whether a match is *hard* is decided on the levels (compare.py).
"""

from enum import StrEnum


class Level(StrEnum):
    """How well one field agrees."""

    EQUAL = "equal"
    KNOWN_AS = "known as"  # a former name, an alias, a nickname
    PART = "part"  # one part of a double name; an initial
    CLOSE = "close"  # a slip of the pen
    LIKE = "like"  # resembles, as after several slips: orders suggestions, certain of nothing
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # one side does not say


BIRTH_DATE = {Level.EQUAL: 9.5, Level.PART: 2.0, Level.CLOSE: 3.5, Level.LIKE: 2.0, Level.DIFFERENT: -4.5}
BORN_IN_THE_SAME_YEAR = -2.5  # instead of DIFFERENT
FAMILY = {
    Level.EQUAL: 2.0, Level.KNOWN_AS: 1.0, Level.PART: 0.0, Level.CLOSE: 0.5, Level.LIKE: 2.0, Level.DIFFERENT: -2.5,
}  # fmt: skip
GIVEN = {
    Level.EQUAL: 3.0, Level.KNOWN_AS: 2.5, Level.PART: 1.0, Level.CLOSE: 2.5, Level.LIKE: 1.0, Level.DIFFERENT: -2.5,
}  # fmt: skip
# For each bit a name is rarer than the most common one, when it agrees: 4.6 and 2.5 for one nobody else has.
RARE_FAMILY, RARE_GIVEN = 0.6, 0.3
DISPLACED = 4.5  # a given name is the other's family name: the other name is missing or another
SWAPPED = 8.0  # family and given name in each other's place, for both
MIDDLE = {Level.EQUAL: 1.5, Level.PART: 0.5, Level.DIFFERENT: -2.0}
SUFFIX = {Level.EQUAL: 1.0, Level.PART: -0.5, Level.DIFFERENT: -5.0}
SEX = {Level.EQUAL: 1.0, Level.DIFFERENT: -4.0}
IDENTIFIER = {Level.EQUAL: 11.0, Level.PART: 6.0, Level.CLOSE: 3.0, Level.DIFFERENT: -5.0}
PHONE = {Level.EQUAL: 4.0, Level.DIFFERENT: -0.5}
EMAIL = {Level.EQUAL: 8.0, Level.CLOSE: 6.5, Level.DIFFERENT: -2.0}
ZIP = {Level.EQUAL: 4.0, Level.CLOSE: 2.0, Level.DIFFERENT: -1.5}
CITY = {Level.EQUAL: 3.0, Level.CLOSE: 1.5, Level.DIFFERENT: -1.0}
STREET = {Level.EQUAL: 5.0, Level.CLOSE: 3.0, Level.DIFFERENT: -1.5}
ELSEWHERE = -3.0  # besides, when two parts of the address differ and none agrees: a slip spoils one of them

SAME_PERSON = 5.0  # from here on a pair is rather one person than two
WORTH_A_LOOK = 4.0  # from here on it is worth a suggestion, where a person looks
