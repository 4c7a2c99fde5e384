"""Tables of figures: on a page each figure opens the referrals it counts, in a file it is a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reporting.dashboard.asking import Asked
from reporting.measures.figures import Measured, Rate

NONE = "–"
OPENS = {"days_median": "closed", "at_risk": "leaked", "recoverable": "leaked"}
SHOWN = 200  # rows of a table on a page; the file has them all


@dataclass(frozen=True)
class Cell:
    """``query`` is the address's part after the question mark that lists the ``count`` referrals behind it; empty when
    it counts none. ``values`` go into a file, one column each. ``shade`` is per cent of the fullest cell; ``badge`` (tone,
    words) says where the figure stands."""

    text: str
    values: tuple[Any, ...]
    count: int = 0
    query: str = ""
    shade: float | None = None
    badge: tuple[str, str] = ("", "")

    @property
    def says(self) -> str:
        """What the text does not: ``4 referrals``, ``Short of target, 4 referrals``."""
        opens = self.query and self.text != f"{self.count:,}"
        count = f"{self.count:,} referral{'' if self.count == 1 else 's'}" if opens else ""
        return ", ".join(filter(None, (self.badge[1], count)))


@dataclass(frozen=True)
class Row:
    """``query`` is of the report that the row's name leads to; empty for none."""

    label: str
    cells: tuple[Cell, ...]
    query: str = ""


@dataclass(frozen=True)
class Bar:
    """A count as a bar. ``width`` is per cent of the longest, ``text`` stands beside the count."""

    label: str
    cell: Cell
    width: float
    text: str = ""
    css: str = ""


@dataclass(frozen=True)
class Table:
    """``key`` names it in an address. ``head`` and ``file_head`` begin with the column of the rows' names; ``defines`` says
    what is counted: (column or row, definition)."""

    key: str
    name: str
    head: tuple[str, ...]
    file_head: tuple[str, ...]
    rows: tuple[Row, ...]
    defines: tuple[tuple[str, str], ...] = ()
    empty: str = ""

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.rows[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.rows) - len(self.shown)

    def lines(self) -> Iterator[list[Any]]:
        """Under ``file_head``."""
        for row in self.rows:
            yield [row.label, *(value for cell in row.cells for value in cell.values)]


def counted(asked: Asked, figure: str, count: int, text: str = "", *, shade: float | None = None) -> Cell:
    """A count of referrals, or a share of it (``text``)."""
    return Cell(text or f"{count:,}", (count,), count, asked.alone.query(figure=figure) if count else "", shade)


def measured(asked: Asked, of: Measured) -> Cell:
    """A measure of referrals; one that counts none itself, such as dollars, opens those it is made from."""
    key = of.measure.key
    return counted(asked, OPENS.get(key, key), of.numerator, of.text)


def said(text: str, value: Any) -> Cell:
    """A figure that counts no referrals."""
    return Cell(text, (value,))


def days(asked: Asked, figure: str, value: float | None, count: int) -> Cell:
    """Days that ``count`` referrals took."""
    if value is None:
        return Cell(NONE, (None,))
    return Cell(f"{value:.1f}", (round(value, 2),), count, asked.alone.query(figure=figure))


def rate(asked: Asked, figure: str, of: Rate) -> Cell:
    """A share of some of the referrals; both numbers go into the file."""
    text = NONE if of.value is None else f"{of.value * 100:.0f} % ({of.numerator:,} of {of.denominator:,})"
    query = asked.alone.query(figure=figure) if of.numerator else ""
    return Cell(text, (of.numerator, of.denominator), of.numerator, query)


def share(asked: Asked, figure: str, count: int, whole: int) -> Cell:
    """A share of the referrals of the row; the file has its count."""
    return counted(asked, figure, count, f"{count / whole * 100:.1f} %" if whole else NONE)
