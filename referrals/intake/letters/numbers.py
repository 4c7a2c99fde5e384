"""Numbers with a check or a form of their own: referral numbers, NPIs, record numbers, phones."""

import re
from collections.abc import Iterator

from referrals.identifiers import CROCKFORD, clean_npi, clean_phone, clean_referral_number
from referrals.intake.letters.lookalikes import as_digits, unaccented

_REFERRAL = re.compile(
    r"(?<![A-Za-z0-9])[RrA]\s?[L1IlT|]\s?[-–—_~.:\s]{0,3}([0-9A-Za-z$]{4})\s?[-–—_~.:\s]{0,3}([0-9A-Za-z$]{4})(?![A-Za-z0-9])"
)
# The same with spaces where recognition sees them between wide letters.
_SPACED = re.compile(r"(?<![A-Za-z0-9])R[L1I]\s?[-–—_~.\s]{1,3}((?:[0-9A-Z$][-–\s.]{0,2}){7}[0-9A-Z$])(?![A-Za-z0-9])")
_LONG = re.compile(r"(?<![A-Za-z0-9])R[L1I]-([0-9A-Z]{4,8})-([0-9A-Z]{4,8})(?![A-Za-z0-9])")  # an H read as two strokes
_MOST_GAPS = 4
# Characters of a number's alphabet that recognition takes for one another (O, I and L are folded by the number itself).
_ALIKE = {"S": "5", "5": "S", "B": "8", "8": "B", "G": "6", "6": "G", "Z": "2", "2": "Z", "D": "0", "0": "DQ", "Q": "0", "V": "Y", "Y": "V",
          "C": "G", "E": "F", "F": "E", "M": "N", "N": "M", "W": "VM", "H": "N", "K": "X", "X": "K", "7": "1T", "1": "7T", "T": "7", "3": "8", "9": "8", "4": "A", "A": "4", "P": "F", "J": "1"}  # fmt: skip
_FOLDED = str.maketrans("OILU$", "011V5")
_RECORD = re.compile(r"^[^\w]*([A-Za-z]{0,4}[-\s]?[0-9OolI|][0-9OolI|A-Za-z\-]{2,18})(?![\w])")

_BROKEN = re.compile(r"[.,:;·]\d")  # a number goes on behind a speck


def referral_numbers(text: str, *, recognised: bool) -> Iterator[tuple[str, bool]]:
    """RefLoop's numbers in the text, canonical, each with whether a character had to be mended to fit its check."""
    for code in _codes(unaccented(text) if recognised else text, recognised):
        try:
            yield clean_referral_number("RL" + code), False
        except ValueError:
            if recognised and (mended := _mended_number(code)):
                yield mended, True


def _codes(text: str, recognised: bool) -> Iterator[str]:
    """Eight characters behind each thing that looks like RL."""
    found = [(match, match[1] + match[2]) for match in _REFERRAL.finditer(text)]
    for match, code in found:
        if any(c.isdigit() for c in code) or match[0][:2].upper() == "RL":
            yield code.upper()
    if recognised and not found:
        for match in _SPACED.finditer(text):
            code = re.sub(r"[^0-9A-Z$]", "", match[1])
            if len(match[1]) - len(code) <= _MOST_GAPS:
                yield code
        for match in _LONG.finditer(text):
            code = (match[1] + match[2]).replace("II", "H")
            if len(code) == 8:
                yield code


def _mended_number(code: str) -> str:
    """The one number with a fitting check that differs in one look-alike; empty when there is none or several."""
    code = code.translate(_FOLDED)
    fits = set()
    for place, character in enumerate(code):
        for other in _ALIKE.get(character, "") + character:
            if other not in CROCKFORD:
                continue
            try:
                fits.add(clean_referral_number("RL" + code[:place] + other + code[place + 1 :]))
            except ValueError:
                continue
    return fits.pop() if len(fits) == 1 else ""


def npi_in(text: str, *, recognised: bool) -> tuple[str, bool] | None:
    """An NPI at the start of the text whose check digit holds, and whether look-alikes were read as digits."""
    match = re.match(r"\W*([0-9OolISB|]{10})(?!\w)", text)
    if not match:
        return None
    digits = as_digits(match[1]) if recognised else match[1]
    try:
        return clean_npi(digits), digits != match[1]
    except ValueError:
        return None


def record_number(text: str, *, recognised: bool) -> tuple[str, bool] | None:
    """A record number at the start of the text as it is written, and whether a letter inside it was read as a digit."""
    match = _RECORD.match(text)
    if not match or sum(c.isdigit() for c in match[1]) < 3 or (recognised and _BROKEN.match(text, match.end())):
        return None
    value = match[1].replace(" ", "").rstrip("-")
    if re.fullmatch(r"\d{1,2}-\d{1,2}-\d{4}", value):
        return None
    if recognised and re.fullmatch(r"[0-9OolI|\-]+", value) and not value.replace("-", "").isdigit():
        return as_digits(value), True
    if (
        recognised
        and (lead := re.fullmatch(r"([A-Z]{1,4}-?)([0-9OolI|]{4,})", value))
        and not lead[2].isdigit()
        and lead[1].strip("-") not in "OI"
    ):
        return lead[1] + as_digits(lead[2]), True
    return value, False


def phone_in(text: str) -> str | None:
    """A US phone number near the start of the text, as ``608-555-0142``."""
    match = re.search(r"\+?1?[\s.\-]?\(?([2-9]\d{2})\)?[\s.\-]*(\d{3})[\s.\-]*(\d{4})(?!\d)", text[:40])
    try:
        return clean_phone("".join(match.groups())) if match else None
    except ValueError:
        return None
