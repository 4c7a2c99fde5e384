"""Whether a letter is final. Says nothing where the letter says nothing."""

import re
from collections.abc import Sequence

from referrals.intake.letters.evidence import LABEL, LOOSE, sure, where_row
from referrals.intake.letters.phrases import any_of
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Found

_RETRACTED = any_of(
    "entered in error",
    "(?:note|report|document|letter) (?:was|is|has been) (?:retracted|voided|withdrawn|nullified)", r"\bretracted\b",
    "filed (?:in|to) (?:error|(?:the )?wrong)",
    "please (?:disregard|destroy) (?:the )?(?:previous|prior|earlier|attached) (?:note|report|letter|fax)",
)  # fmt: skip
_PRELIMINARY = any_of(
    r"\bpreliminary\b", r"\bdraft\b", r"\bunsigned\b",
    "not (?:yet )?(?:been )?(?:signed|reviewed|authenticated|finali[sz]ed)",
    r"(?:signature|sign[-\s]?off|authentication|co-?signature) (?:is )?(?:pending|required)",
    r"pending (?:\w+ )?(?:signature|review|co-?sign\w*|authentication)",
    r"dictated (?:but|,)?\s*not (?:read|signed|reviewed)", "awaiting (?:signature|review)",
    "subject to (?:review|change|correction)",
)  # fmt: skip
_AMENDED = any_of(
    r"\baddend(?:um|a)\b", r"\bamend(?:ed|ment)\b", r"\bcorrected (?:report|note|copy|letter|version)",
    r"^\s*corrected\s*$", r"\brevised (?:report|note|letter|version|copy)", "this (?:note|letter|report) replaces",
)  # fmt: skip
_FINAL = any_of(
    r"(?:electronically|digitally|e-?)\s*-?\s*(?:signed|authenticated|approved)", r"\bsigned by\b",
    "final (?:report|result|version|note)", r"^\s*final\s*$", r"status\s*:?\s*(?:final|signed|complete)",
    "authenticated by", "signature on file",
)  # fmt: skip
# Lines in which such a word says something else.
_OTHER_SENSE = any_of(
    r"\bno (?:addend|amend)", "preliminary (?:diagnosis|impression|results? (?:of|show)|data|work)", r"draft(?:ed|ing)\b",
    "will be amended", "pending (?:review of|labs?|results)",
)  # fmt: skip
_SHORT = 8  # words of a line that is no running prose


def status_of(rows: Sequence[Row]) -> Found[str] | None:
    """The least final word in it wins: a draft that carries a signature is still a draft."""
    for status, pattern in (
        ("retracted", _RETRACTED),
        ("preliminary", _PRELIMINARY),
        ("amended", _AMENDED),
        ("final", _FINAL),
    ):
        for row in rows:
            match = pattern.search(row.text)
            if match and not _OTHER_SENSE.search(row.text) and _stands_out(row.text, match, status):
                return Found(status, where_row(row), sure(LABEL if status == "final" else LOOSE, row.score))
    return None


def _stands_out(text: str, match: re.Match, status: str) -> bool:
    """A word of status counts in a heading, a short line, capitals or a "Status:"; in running prose it may be anything."""
    if status == "final" or " " in match[0].strip():
        return True
    return (
        len(text.split()) <= _SHORT or match[0].isupper() or bool(re.search(r"status\W", text[: match.start()], re.I))
    )
