"""Dates and times as the standards write them, kept at the precision and with the zone they came with. Pure."""

import re
from datetime import date, time

from referrals.intake.reading import Moment

# HL7 v2 (DTM, 2A.3.22) and CDA (TS): YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]. Some senders add the T or the dashes of ISO 8601.
_HL7 = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d{2})(?:(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?:(?P<minute>\d{2})"
    r"(?:(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?)?)?)?)?(?P<zone>Z|[+-]\d{4})?",
    re.ASCII,
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?)?)?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_YEARS = range(1850, 2200)  # outside stand place holders such as 0001-01-01
_WIDEST_ZONE_MINUTES = 14 * 60


def moment(raw: str) -> Moment:
    """``19610304`` -> ``1961-03-04``. What is no possible HL7 or ISO 8601 time keeps its raw text alone."""
    raw = raw.strip()
    match = _HL7.fullmatch(raw) or _ISO.fullmatch(raw)
    return Moment(raw, _iso(match.groupdict()) if match else "")


def _iso(part: dict[str, str | None]) -> str:
    year, month, day, hour = part["year"], part["month"], part["day"], part["hour"]
    minute, second, fraction = part["minute"], part["second"], part["fraction"]
    zone = _zone(part["zone"])
    try:
        date(int(year or 0), int(month or 1), int(day or 1))
        time(int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return ""
    if int(year or 0) not in _YEARS or zone is None:
        return ""
    day_text = "-".join(piece for piece in (year, month, day) if piece)
    if not hour:
        return day_text
    # ISO 8601 readers want minutes; an hour alone is its full hour.
    clock = ":".join(piece for piece in (hour, minute or "00", second) if piece)
    return f"{day_text}T{clock}{fraction or ''}{zone}"


def _zone(text: str | None) -> str | None:
    """``-0500`` -> ``-05:00``; empty for none, None when there is no such zone."""
    if not text or text == "Z":
        return text or ""
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59 or hours * 60 + minutes > _WIDEST_ZONE_MINUTES:
        return None
    return f"{text[:3]}:{text[-2:]}"
