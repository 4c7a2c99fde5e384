"""What somebody typed into a search box, read as people write it. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from referrals.identifiers import clean_phone, clean_referral_number
from referrals.names import name_key

# Words people put before a number or a day because they stand so on the paper before them.
_SAYS_VALUE = re.compile(
    r"(?i)^\s*(mrn|med(ical)?\s+rec(ord)?(\s+(no|number))?|record(\s+(no|number))?|chart)\b[\s.:#]*"
)
_SAYS_BORN = re.compile(r"(?i)\b(dob|born(\s+on)?|birth\s*date|date of birth)\b[\s.:]*")
_SAYS_PHONE = re.compile(r"(?i)^\s*(phone|tel|call(er)?|cell|mobile)\b[\s.:]*")
_DAY = re.compile(
    r"(?ix) (?<![\w/-]) (?: \d{4}-\d{1,2}-\d{1,2} | \d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})"
    r" | (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+\d{4}"
    r" | \d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+\d{4} ) (?![\w/-])"
)
_SAYS_NUMBER = re.compile(r"(?i)^\W*r[l1i]\W*\w{4}\W*\w{4}\W*$")
_PHONE = re.compile(r"(?<![\w-])(?:\+?1[\s.-]*)?\(?[2-9]\d{2}\)?[\s.-]*\d{3}[\s.-]*\d{4}(?![\w-])")


@dataclass(frozen=True)
class Typed:
    """All that is set must fit. ``births`` are the days a birth date may mean: ``3/4/61`` may be 1961 or 2061.

    ``value`` is a number somebody was given: a record number or an office's order id; ``maybe_births`` is set beside it
    when the digits may as well be a day. ``instead`` is what was meant when no referral has the ``number``: its eight
    signs, one time in 32, may as well be a name, a day or a record number."""

    number: str = ""
    births: tuple[date, ...] = ()
    phone: str = ""
    value: str = ""
    name: str = ""
    maybe_births: tuple[date, ...] = ()
    instead: "Typed | None" = None

    @property
    def is_empty(self) -> bool:
        return self == Typed()


def read(text: str) -> Typed:
    """``RL-7K3M-9QXC``, ``public, jane``, ``jane public 3/4/61``, ``(608) 555-0142``, ``MRN 123``; never an error."""
    text = " ".join(text.split())
    if number := _or_nothing(clean_referral_number, text):
        return Typed(number=number, instead=None if _SAYS_NUMBER.match(text) else _other_than_a_number(text))
    return _other_than_a_number(text)


def _other_than_a_number(text: str) -> Typed:
    if told := _SAYS_VALUE.match(text):
        return Typed(value=text[told.end() :]) if text[told.end() :] else Typed(name=text)
    if phone := _or_nothing(clean_phone, _SAYS_PHONE.sub("", text)):
        return Typed(phone=phone)
    rest, births = _take_day(_SAYS_BORN.sub("", text))
    rest, phone = _take_phone(rest)
    rest = rest.strip(" ,;")
    if any(character.isdigit() for character in rest):
        return Typed(value=text, maybe_births=_days(text) if text.isdigit() else ())
    if rest and not name_key(rest):
        return Typed(name=text)  # signs alone: nobody is called so
    return Typed(births=births, phone=phone, name=rest)


def _or_nothing(clean, text: str) -> str:
    try:
        return clean(text)
    except ValueError:
        return ""


def _take_day(text: str) -> tuple[str, tuple[date, ...]]:
    """The text without its day, and the day; without a day the text as it is."""
    found = _DAY.search(text)
    days = _days(found[0]) if found else ()
    return (f"{text[: found.start()]} {text[found.end() :]}", days) if days else (text, ())


def _take_phone(text: str) -> tuple[str, str]:
    found = _PHONE.search(text)
    phone = _or_nothing(clean_phone, found[0]) if found else ""
    return (f"{text[: found.start()]} {text[found.end() :]}", phone) if phone else (text, "")


def _days(text: str) -> tuple[date, ...]:
    """What a written day may mean, American order; two digits of a year are of this century or the last."""
    plain = re.sub(r"[/.-]", "/", text) if not re.match(r"\d{4}-", text) else text
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m%d%Y"):
        if day := _parsed(plain, form):
            return (day,)
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2}", plain):
        start, year = plain[:-2], plain[-2:]
        return tuple(day for century in ("19", "20") if (day := _parsed(f"{start}{century}{year}", "%m/%d/%Y")))
    words = re.sub(r"[.,]", " ", text).split()
    if len(words) == 3 and words[0].isdigit():
        words[:2] = words[1], words[0]
    if len(words) == 3 and (day := _parsed(f"{words[0][:3].title()} {words[1]} {words[2]}", "%b %d %Y")):
        return (day,)
    return ()


def _parsed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007
    except ValueError:
        return None
