"""A value and a benchmark in words, the same on pages, in files and on a terminal. Pure."""

from decimal import Decimal

from reporting.measures.definitions import Band, Unit


def in_words(unit: Unit, value: float | Decimal) -> str:
    """``87.4 %``, ``12.3 days``, ``$13,200``, ``3.6 h``."""
    match unit:
        case Unit.SHARE:
            return f"{value * 100:.1f} %"
        case Unit.DAYS:
            return f"{value:.1f} days"
        case Unit.DOLLARS:
            return f"${value:,.0f}"
        case Unit.HOURS:
            return f"{value:.1f} h"


def band_in_words(unit: Unit, band: Band | None) -> str:
    """``85 to 92 %``, ``at most 10 %``, ``at least 90 %``; empty for none. A whole number has no decimals."""
    if band is None:
        return ""
    low, high = (None if edge is None else in_words(unit, edge).replace(".0 ", " ") for edge in (band.low, band.high))
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"{low.split()[0]} to {high}"
