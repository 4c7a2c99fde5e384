"""Which of a letter's dates is the visit and which the day it was written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from referrals.intake.letters.dates import Dated, dates_in, dates_under_label, partial_under_label
from referrals.intake.letters.evidence import LABEL, LOOSE, PROSE, agreed, sure, where, where_row
from referrals.intake.letters.labels import Labelled
from referrals.intake.letters.names import person_in
from referrals.intake.letters.parties import is_fax_header
from referrals.intake.letters.phrases import any_of
from referrals.intake.letters.piece import Row
from referrals.intake.letters.prose import Paragraphs
from referrals.intake.reading import Found, Moment

# Of several labels the first of these wordings is believed: a day of service before a day of "encounter".
_VISIT_RANK = ("service", "dos", "d.o.s", "visit", "consult", "seen", "exam", "evaluation", "encounter", "procedure")
_WRITTEN_RANK = ("report", "letter", "note", "document", "written", "dictat", "date", "signed")
_SEEN = any_of(
    r"(?:pleasure|opportunity|privilege|chance|honou?r) (?:of|to|in)\s",
    r"(?:\bI|\bwe) (?:saw|eva[li]uated|examined|met|performed)\b",
    r"\b(?:was|were) (?:seen|eva[li]uated|examined) (?:\w+ ){0,3}?(?:in|at|by|on|for)\b",
    r"\bseen (?:today|in (?:\w+ )?(?:consultation|clinic|the office|our|my))",
    r"(?:presented|returned) to (?:our|my|the) (?:\w+ )?(?:clinic|office)", "(?:visited|attended) (?:our|my|us|the)",
    r"came to (?:see (?:me|us)|(?:our|my)\s)", r"thank\s*you for (?:referring|asking|sending|the opportunity)",
    r"(?:consultation|office visit|evaluation|visit) (?:was )?(?:performed |held |completed |took place )?on\s",
)  # fmt: skip
# Between the verb and the date: words that make it the day of something else.
_ELSEWHERE = any_of(
    "emergency", r"\bED\b", r"\bER\b", "hospital", "urgent care", "outside", "previous", "prior", "last (?:seen|visit|time)",
    "history", "since", "until", "scheduled", r"follow[-\s]?up (?:appointment|visit)", "return", "next", "originally",
    "initially", "referred on", "referral dated", "letter (?:of|dated)", "order", "born", "birth", "DOB", "surgery",
    "admitted", "discharged", "underwent", "laborator", "drawn", "MRI", r"CT\b", "echo", "did not", r"\bnot (?:keep|seen)",
    "missed", r"no[-\s]show", "unable",
)  # fmt: skip
_SENTENCE = re.compile(r".+?(?:(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Jr|Sr|No|vs))(?<!\bMrs)[.!?](?=\s+[A-Z])|\n\n|$)", re.S)
_LONGEST_SENTENCE = 400
_LEADS_TO_A_DAY = re.compile(
    r"\b(?:on|today,?|(?:saw|seen|eva[li]uated|examined)(?:\s+(?:her|him|them))?)\s*(?:\w+day,?\s*)?$", re.I
)
_ASIDE = re.compile(r"\([^()]{0,80}\)")  # "(born March 4, 1961)"
_APART = 0.25  # page widths between a letterhead and a date at the right; a label stands nearer
_WEEKDAY = re.compile(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|on)\b", re.I)


def visit_of(labels: Sequence[Labelled], prose: Sequence[Paragraphs]) -> Found[Moment] | None:
    """The day of the visit by its label, else as a sentence tells it. Several days under labels of one rank make it

    unsure; prose is silent unless it tells of one day only."""
    labelled = _dated(labels, "visit", _VISIT_RANK)
    if labelled is not None and labelled.value.iso:
        return labelled
    told = [item for page in prose for item in _told(page) if item[0].moment.iso]
    if len({dated.moment.iso for dated, _, _ in told}) != 1:
        return labelled
    dated, words, row = told[0]
    return Found(dated.moment, where(row.page, words), sure(PROSE, row.score, mended=dated.mended))


def written_of(rows: Sequence[Row], labels: Sequence[Labelled], named: int | None = None) -> Found[Moment] | None:
    """When it was written: by its label, as the lone date above all that names the patient, or when it was signed.

    ``named`` is the first row that names the patient or would: a lone date there or further down may as well be that of
    the birth or the visit."""
    if labelled := _dated(labels, "written", _WRITTEN_RANK):
        return labelled
    others = {
        dated.moment.iso
        for label in labels
        if label.key in ("birth", "other_date")
        for dated in dates_in(label.value)[:1]
    }
    for index, row in enumerate(rows[:named]):
        if row.page != rows[0].page or is_fax_header(row):
            continue
        dated = _lone_date(row)
        if dated and dated.moment.iso not in others and not (index and _is_name(rows[index - 1])):
            return Found(dated.moment, where_row(row), sure(PROSE, row.pieces[-1].score, mended=dated.mended))
    for label in labels:
        if label.key == "author" and "signed" in label.wording and (dates := dates_in(label.value)):
            return Found(dates[0].moment, where(label.page, label.line), sure(LOOSE, label.score))
    return None


def _lone_date(row: Row) -> Dated | None:
    """A date that is all the last piece of a row says, with nothing near on its left that may be its label."""
    piece = row.pieces[-1]
    if len(row.pieces) > 1 and piece.left - row.pieces[-2].right < _APART:
        return None
    dates = dates_in(piece.text)
    if len(dates) != 1 or not dates[0].moment.iso:
        return None
    rest = piece.text[: dates[0].start] + piece.text[dates[0].end :]
    return None if re.search(r"[^\W_]", _WEEKDAY.sub("", rest)) else dates[0]


def _is_name(row: Row) -> bool:
    """Whether a row says a name only, so that a date under it may be that person's birth date."""
    person = person_in(row.text, recognised=row.score < 1)
    return person is not None and not person.credentials and not row.text[person.end :].strip(" ,.")


def _dated(labels: Sequence[Labelled], key: str, ranks: Sequence[str]) -> Found[Moment] | None:
    """The date under the best ranked label; raw when that is impossible; less sure when its rank has several."""
    found: list[tuple[int, Found[Moment]]] = []
    recognised = any(label.score < 1 for label in labels)
    for label in labels:
        if label.key != key:
            continue
        dates = dates_under_label(label.value) if label.score < 1 else dates_in(label.value)
        if not dates and label.score == 1 and label.firm and (partial := partial_under_label(label.value)):
            found.append((len(ranks), Found(partial, where(label.page, label.line), sure(LABEL, label.score) / 2)))
        if not dates or (label.beside and re.search(r"[^\W\d_]", _WEEKDAY.sub("", label.value[: dates[0].start]))):
            continue
        rank = next((place for place, word in enumerate(ranks) if word in label.wording), len(ranks))
        certainty = sure(LABEL if label.firm else LOOSE, label.score, mended=dates[0].mended)
        found.append((rank, Found(dates[0].moment, where(label.page, label.line), certainty)))
    if not found:
        return None
    best = [moment for rank, moment in found if rank == min(rank for rank, _ in found)]
    votes: dict[str, float] = {}
    for moment in best:
        votes[moment.value.iso] = votes.get(moment.value.iso, 0) + moment.sure
    winner = max(best, key=lambda m: (bool(m.value.iso), votes[m.value.iso], m.sure))
    if len(votes) > 1:
        return replace(winner, sure=round(winner.sure * 0.6, 3))
    twice = [moment for _, moment in found if moment.value.iso == winner.value.iso and moment.where != winner.where]
    if recognised and twice:
        return replace(winner, sure=max(winner.sure, agreed(winner.sure, twice[0].sure)))
    return winner


def _told(page: Paragraphs) -> Iterator[tuple[Dated, str, Row]]:
    """Dates a sentence gives for the visit it tells of (``I saw her in consultation on March 3, 2026``), with the words

    around and the row."""
    for sentence in _SENTENCE.finditer(page.text):
        seen = _SEEN.search(sentence[0])
        if not seen or len(sentence[0]) > _LONGEST_SENTENCE:
            continue
        for dated in dates_in(sentence[0]):
            before = sentence[0][: dated.start]
            behind_the_verb = dated.start > seen.start()
            clause = _ASIDE.sub("", before[seen.start() :] if behind_the_verb else before)
            leads = _LEADS_TO_A_DAY.search(before) and (behind_the_verb or len(before.strip()) <= 12)
            if leads and not _ELSEWHERE.search(clause):
                at = sentence.start() + dated.start
                yield dated, page.around(at), page.row_at(at)[1]
                break
