"""Labels that recognition misread or robbed of their colon."""

import re
from collections.abc import Iterator

from referrals.intake.letters.label_wordings import WORDINGS
from referrals.intake.letters.lookalikes import one_apart, skeleton

# Labels that need no colon when they begin a line.
_LEADING = {"patient", "birth", "mrn", "visit", "referrer", "their_referral"}
_AUTHOR = re.compile(r"\w (?:physician|provider|clinician|specialist)$")  # the same of their labels of two words
_CLINICIAN = re.compile(
    r"\W*[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}[.,\s]+(?:M\.?D|D\.?O|N\.?P|P\.?A|O\.?D|DPM|Ph\.?D)\b"
)

# Where a label may stand: at the start of a part of a line, up to its colon.
_SEGMENT = re.compile(r"(?:^|[|;]\s*)([A-Za-z0-9 .'’]{6,26}?)\s*[:#]\s*")
_WHOLE = re.compile(r"([A-Za-z0-9 .'’]{6,26})")
_LONG = 7  # characters of a label that is still itself with one of them wrong


def _blurred(text: str) -> str:
    """Its letters, those one that recognition takes for two (rn, in: m) or two for one (ti: b)."""
    return re.sub(r"[\s.']", "", skeleton(text)).replace("rn", "m").replace("in", "m").replace("ti", "b")


def _long_wordings() -> dict[str, tuple[str, str]]:
    """Key and wording of the long labels by their letters."""
    found: dict[str, tuple[str, str]] = {}
    for key in (*sorted(_LEADING), "family", "given"):
        for wording in (" ".join(text.split()) for text in WORDINGS[key].split("|")):
            if len(wording) >= _LONG and len(plain := _blurred(wording)) >= _LONG - 1:
                found.setdefault(plain, (key, wording))
    return found


_LONG_WORDINGS = _long_wordings()


def may_lead(key: str, wording: str, rest: str) -> bool:
    """Whether a label at the start of a recognised piece counts without its colon, before the rest of the piece."""
    if key == "author":
        return bool(_AUTHOR.search(wording) or _CLINICIAN.match(rest))
    return key in _LEADING


def misread(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(key, wording, start, end) of labels with one character wrong, where a label would stand: ``Patient Namie:``, or all

    of a piece."""
    for match in _SEGMENT.finditer(text) if re.search("[:#]", text) else [_WHOLE.fullmatch(text)]:
        if match and (known := _nearly(match[1])):
            yield *known, match.start(1), match.end()


def _nearly(text: str) -> tuple[str, str] | None:
    """The key and wording of a long label that the text is but for one character."""
    letters = _blurred(text)
    return next((known for plain, known in _LONG_WORDINGS.items() if one_apart(letters, plain)), None)
