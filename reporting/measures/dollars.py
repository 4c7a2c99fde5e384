"""What leaked referrals are worth. Pure; money is Decimal, in whole cents inside and to the dollar outside."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

DOLLAR = Decimal(1)


def to_dollars(cents: int | Fraction) -> Decimal:
    """Whole dollars, half a dollar up."""
    exact = Fraction(cents) / 100
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(DOLLAR, ROUND_HALF_UP)


def at_risk(leaked_cents: int) -> Decimal:
    """``leaked_cents`` is the sum of the service values of the leaked referrals."""
    return to_dollars(leaked_cents)


def recoverable(*, cohort: int, leaked: int, leaked_cents: int, unavoidable: Decimal) -> Decimal:
    """The part of ``at_risk`` that is above ``unavoidable`` (a share, 0.10) of the cohort, at the average value of what
    leaked. 0 when no more leaked than that."""
    above = leaked - cohort * Fraction(unavoidable)
    if above <= 0:
        return Decimal(0)
    return to_dollars(leaked_cents * Fraction(above) / leaked)
