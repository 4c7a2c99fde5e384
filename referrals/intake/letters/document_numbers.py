"""The numbers a letter carries: RefLoop's own, and the orders, referrals and visits of others."""

import re
from collections.abc import Sequence

from referrals.intake.letters.dates import dates_in
from referrals.intake.letters.evidence import LABEL, sure, where, where_row
from referrals.intake.letters.labels import Labelled
from referrals.intake.letters.numbers import referral_numbers
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import Row
from referrals.intake.reading import Found, Identifier

_ID = re.compile(r"\W*([A-Z0-9][A-Z0-9\-./]{3,24})(?![\w])")
_OH = re.compile(r"(?<![A-Z\d])0(?=[A-Z]{2})|(?<=[A-Z])0(?=[A-Z])")  # a 0 among capitals
_LEAST_DIGITS = 4


def own_numbers(rows: Sequence[Row], pages: Sequence[PageText]) -> tuple[Found[str], ...]:
    """RefLoop's own numbers, from codes and from print, each once; a mended one only when no other stands there."""
    found: dict[str, Found[str]] = {}
    mended: dict[str, Found[str]] = {}
    for number, page in enumerate(pages, start=1):
        for payload in page.codes:
            for value, _ in referral_numbers(payload, recognised=False):
                found.setdefault(value, Found(value, f"page {number}: code", 1.0))
    for row in rows:
        for value, was_mended in referral_numbers(row.text, recognised=row.score < 1):
            item = Found(value, where_row(row), sure(LABEL, row.score, mended=was_mended))
            (mended if was_mended else found).setdefault(value, item)
    return tuple((found or mended).values())


def ids_of(labels: Sequence[Labelled], *keys: str) -> tuple[Found[Identifier], ...]:
    """Numbers of others under labels of these keys, as written, each once."""
    found: dict[str, Found[Identifier]] = {}
    for label in labels:
        value = _OH.sub("O", label.value) if label.score < 1 else label.value
        match = _ID.match(value) if label.key in keys and label.firm else None
        if not match or sum(c.isdigit() for c in match[1]) < _LEAST_DIGITS:
            continue
        if dates_in(match[1]) or next(referral_numbers(label.value, recognised=True), None):
            continue
        kind = "ACSN" if "acc" in label.wording else "VN" if label.key == "visit_id" else ""
        certainty = sure(LABEL, label.score)
        found.setdefault(match[1], Found(Identifier(match[1], type=kind), where(label.page, label.line), certainty))
    return tuple(found.values())
