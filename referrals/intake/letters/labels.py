"""Labels of letters and forms, and the values that stand beside or under them.

A label is found through OCR's look-alikes and lost spaces. It needs a colon or the like behind it, to be alone in its
piece, or to be one that nothing else looks like (``DOB``, ``MRN``)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referrals.intake.letters.lookalikes import one_apart, skeleton
from referrals.intake.letters.piece import Piece, Row

# Key -> the wordings of its label. The longest wording at a place wins.
WORDINGS: dict[str, str] = {
    "patient": """patient name|patient's name|patients name|name of patient|pt name|pt. name|patient|pt|re|regarding|member name|
        client name|client|name of the patient|patient full name|full name|patient name (last, first)|
        patient name (last, first, mi)|name (last, first)|patient name (last,first)|patient information|in re|consultation on|consult on|in reference to|reference|our patient|consultation for|consult for|consult note for|consultation note for|letter for|concerning""",
    "name": "name|legal name|last name, first name|last, first",
    "family": "last name|patient last name|surname|family name|last",
    "given": "first name|patient first name|given name|first",
    "middle": "middle name|middle initial|mi|m.i.|middle",
    "birth": """date of birth|birth date|birthdate|dob|d.o.b.|d.o.b|patient dob|patient date of birth|birth dt|date of birth (mm/dd/yyyy)|dob (mm/dd/yyyy)|
        date of birth/age|dob/age|dob/sex|date of birth/sex|born|born on|birthday|pt dob|dob/age/sex|b.d.|bdate""",
    "mrn": """mrn|mrn no|mrn number|m.r.n.|medical record number|medical record no|medical record|medical record id|med rec no|med rec|
        med. rec. no.|med rec number|patient mrn|mr no|mr number|mr|m.r.|patient id|patient number|patient no|pt id|chart no|chart number|chart|chart id|
        record no|record number|unit no|unit number|hospital no|hospital number|patient identifier|pat id|our record no|emr id|our chart|our file no|file no|patient record|clinic no|clinic number|mrn id""",
    "ssn": "ssn|social security number|social security no|social security|ss no",
    "sex": "sex|gender|birth sex|sex at birth|legal sex|administrative sex",
    "visit": """date of service|service date|dos|d.o.s.|date of visit|visit date|date of consultation|consultation date|date of consult|
        consult date|date seen|seen on|seen|encounter date|date of encounter|date of exam|exam date|date of examination|examination date|
        date of evaluation|evaluation date|office visit|visit|date of office visit|service|service dt|clinic date|clinic visit|clinic visit date|
        date of procedure|procedure date|date(s) of service|dates of service|date patient seen|date of clinic visit|patient seen|patient seen on|visit dt|date of appointment|seen in clinic|seen in consultation|
        date of initial visit|encounter|encounter dt|office visit date|consultation|consulted on|date of initial consultation|date of surgery|surgery date|study date|date of study|exam dt|performed|performed on|date performed""",
    "written": """date dictated|dictated|dictated on|dictation date|date of dictation|date of report|report date|letter date|date of letter|date|
        note date|date of note|document date|date written|date signed|signed|signed on|date/time""",
    "other_date": """printed|printed on|print date|date printed|received|date received|received on|transcribed|date transcribed|transcription date|
        faxed|faxed on|fax date|referral date|date of referral|referred on|order date|date ordered|next appointment|next visit|follow up|follow-up|
        date of injury|date of onset|doi|admission date|admitted|date of admission|discharge date|discharged|collected|date collected|collection date|
        expires|expiration date|appointment|appointment date|last visit|last seen|effective date|valid until|scheduled for|scheduled|requested date|
        revised|updated|last updated|date of death|date of last visit|reported|resulted|verified|start date|end date|generated|generated on|due|return visit""",
    "home_phone": """patient phone|home phone|cell phone|mobile phone|patient tel|patient telephone|pt phone|home tel|daytime phone|evening phone|
        patient phone number|patient's phone|home telephone|mobile|cell|phone (home)|phone (cell)|phone (mobile)|home|contact phone|patient contact|home ph|cell no|mobile no""",
    "phone": "phone|telephone|tel|ph|phone number|phone no|t|p|office phone|main|office|call|tel no",
    "fax": "fax|fax number|fax no|f|facsimile|fax to|office fax",
    "address": "address|patient address|home address|mailing address|street address|street",
    "city": "city|city/state/zip|city, state, zip|city state zip",
    "age": "age|age/sex|patient age",
    "npi": "npi|npi number|npi no|n.p.i.|individual npi|provider npi|type 1 npi",
    "referrer": """referring provider|referring physician|referring doctor|referring clinician|referring md|referring practitioner|referring|
        referred by|requesting provider|requesting physician|requesting doctor|requested by|ordering provider|ordering physician|ref provider|
        ref physician|ref. physician|ref. provider|ref by|ref. by|referral source|referral from|referring dr|referring provider name|at the request of|requesting clinician|
        ref phys|ref dr|referring office|referring practice|ordered by|ref md""",
    "recipient": "to|cc|c.c.|c|copy to|copies to|copy|copies|attn|attention|send to|report to|referred to|refer to|cc to|recipient|addressee|carbon copy|referral to|consult to",
    "author": """author|provider|consultant|consulting physician|consulting provider|consulting md|attending|attending physician|attending provider|
        seen by|performed by|dictated by|electronically signed by|electronically signed|signed by|authenticated by|electronically authenticated by|specialist|rendering provider|visit provider|
        examiner|physician|surgeon|e-signed by|esigned by|signed electronically by|digitally signed by|interpreting physician|reading physician|interpreted by|clinician|
        treating provider|treating physician|encounter provider|service provider|examining physician|evaluating provider|author of note|consultant name|signature|verified by|
        consult provider|seen by dr|consulting clinician|consulting specialist|dictating provider|dictating physician|reviewed and signed by|finalized by|proceduralist|authored by""",
    "sender": "from|sender|sent by|from office",
    "pcp": "pcp|primary care provider|primary care physician|primary care|primary physician|family physician|primary provider|primary doctor|primary care doctor|pcp name|family doctor",
    "other_person": """emergency contact|guarantor|next of kin|subscriber|insured|insured name|subscriber name|parent|guardian|parent/guardian|spouse|policy holder|
        policyholder|responsible party|mother|father|contact|contact person|relation|relationship|accompanied by|interpreter|transcriptionist|prepared by|
        nurse|medical assistant|ma|scheduler|coordinator|completed by|caregiver|daughter|son|wife|husband|partner|subscriber dob|insured dob|emergency phone|emergency contact phone""",
    "order": """order|order number|order no|order id|accession|accession number|accession no|acc|acc no|requisition|requisition no|requisition number|
        placer order|placer order number|order req|external order|epic order|acc number""",
    "their_referral": "referral number|referral no|referral id|referral|ref no|ref number|ref id|ref|our ref|your ref|your reference|our reference|referral request no|refloop no|refloop number|refloop|refloop referral|tracking no|tracking number|referral tracking number",
    "visit_id": "visit number|visit no|visit id|encounter number|encounter no|encounter id|csn|fin|har|fin number|visit fin|contact serial number",
    "status": "status|report status|document status|note status|result status",
    "title": "document type|document|note type|type of note|report type|title",
    "subject": "subject|sub|reason for fax",
    "ignored": """insurance|insurance id|member id|member no|member number|policy|policy no|policy number|group|group no|group number|account|account no|
        account number|acct|acct no|payer|plan|authorization|authorization no|auth|auth no|authorization number|diagnosis|diagnoses|dx|icd-10|icd|cpt|
        reason for referral|reason for consultation|reason for visit|reason for consult|chief complaint|priority|urgency|specialty|department|dept|clinic|location|facility|
        practice|email|e-mail|pages|number of pages|page|time|website|language|race|ethnicity|marital status|height|weight|bmi|bp|allergies|
        medications|impression|assessment|plan of care|history|hpi|license|dea|upin|tax id|tin|job|job id|job no|document id|doc id|dictation id|d|
        comments|notes|message|remarks|organization|company|state|zip|zip code|county|employer|occupation|suite|floor|building|room|bed|ward|problem|problems|
        procedure|indication|indications|technique|findings|comparison|conclusion|primary insurance|secondary insurance|medicaid id|medicare id|hicn|mbi|interpreter needed|vitals|pulse|temp|reason|question|clinical question""",
}  # fmt: skip
# Wordings that need no colon.
_STRONG_WORDINGS = {
    "date of birth", "birth date", "birthdate", "dob", "d.o.b.", "d.o.b", "patient dob", "mrn", "medical record number", "npi", "dos",
    "date of service", "service date", "date of visit", "visit date", "date of consultation", "consultation date", "ssn", "born", "mrn no", "date seen",
    "medical record no", "encounter date", "date of exam", "exam date", "born on", "patient id", "chart no", "date of consult", "pt dob", "med rec no", "mr no",
    "patient name", "patient's name", "pt name", "seen on", "referring provider", "referring physician", "electronically signed by", "patient mrn", "referred by",
    "date of encounter", "date of evaluation", "dictated by", "date dictated", "emergency contact", "subscriber", "guarantor", "next of kin", "cc", "clinic visit",
    "date of procedure", "procedure date", "date of office visit", "office visit", "in re",
}  # fmt: skip
# Labels that recognition may have robbed of their colon when they begin a line.
_LEADING = {"patient", "birth", "mrn", "visit", "referrer", "their_referral"}
_NUMBER_WORD = r"(?:\s*(?:#|n[o°º]\.?(?![a-z])|number|num\.?|id(?![a-z])))?"
_DELIMITER = re.compile(
    r"\s*(?:\((?:s|mm/dd/yyyy|m/d/y|last,? ?first(?:,? ?m\.?i?\.?)?)\)|/\s?(?:age|sex|gender|dob))*\s*(?:[:;#=_–|]|\.{2,}|…|-{2,})(?:[\s:;#=.…_\-–|]*[:;#=.…_–|\-])?\s*",
    re.I,
)
_LOOSE_DELIMITER = re.compile(r"\s*[.\-–:;,]*\s*")


@dataclass(frozen=True)
class Labelled:
    """The label ``key`` on ``rows[row]`` and the text beside or under it, with the place to show a person."""

    key: str
    wording: str
    value: str
    page: int
    row: int
    line: str
    score: float
    firm: bool  # a colon or a place of its own, not just a wording in running text
    beside: bool  # on the same line as the label
    at: int = 0  # where the label begins in the text of its row


@dataclass(frozen=True)
class _Label:
    key: str
    wording: str
    start: int
    end: int  # of label and delimiter
    piece: int
    delimited: bool
    bare: bool


def _compiled() -> tuple[re.Pattern, list[tuple[str, str]]]:
    """One pattern with a group for each wording, and (wording, key) of each group. Branches by the first two letters keep

    it quick: a page is searched in milliseconds."""
    wordings = []
    for key, text in WORDINGS.items():
        wordings += [(" ".join(wording.split()), key) for wording in text.split("|")]
    wordings.sort(key=lambda pair: -len(pair[0]))
    parts = [
        r"\s*".join(
            re.escape(skeleton(word)).replace("'", "['’`]?").replace(r"\.", r"\.?\s*") for word in wording.split()
        )
        for wording, _ in wordings
    ]
    buckets: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        buckets.setdefault(part[:2] if part[:2].isalpha() else part[:1], []).append(place)
    order = [place for start in sorted(buckets, key=len, reverse=True) for place in buckets[start]]
    branches = (
        re.escape(start) + "(?:" + "|".join(f"({parts[place][len(start) :]})" for place in buckets[start]) + ")"
        for start in sorted(buckets, key=len, reverse=True)
    )
    return re.compile(r"(?<![a-z'’\-])(?:" + "|".join(branches) + ")"), [wordings[place] for place in order]


_PATTERN, _ORDER = _compiled()
# Where recognition may have misread a label: at the start of a part of a line, up to its colon.
_SEGMENT = re.compile(r"(?:^|[|;]\s*)([A-Za-z0-9 .'’]{6,26}?)\s*[:#]\s*")
_LONG_WORDINGS = [
    (plain, (wording, key))
    for wording, key in _ORDER
    if key in _LEADING and len(plain := re.sub(r"[\s.']", "", skeleton(wording))) >= 8
]


def labelled(rows: Sequence[Row]) -> Iterator[Labelled]:
    """Every label with its value, in reading order."""
    found = [_labels_of(row) for row in rows]
    for index, row in enumerate(rows):
        for place, label in enumerate(found[index]):
            following = found[index][place + 1] if place + 1 < len(found[index]) else None
            value, score = _beside(row, label, following)
            beside = bool(value)
            if not beside:
                value, score = _under(rows, found, index, label)
            if value:
                yield Labelled(
                    label.key, label.wording, value, row.page, index, row.text if beside else f"{label.wording}: {value}", score,
                    label.delimited or label.bare, beside, sum(len(piece.text) + 2 for piece in row.pieces[: label.piece]) + label.start,
                )  # fmt: skip


def _misread(text: str, number: int, known: Sequence[_Label]) -> Iterator[_Label]:
    """Labels of recognised text with one character wrong, where a label would stand: ``Patient Namie:``."""
    for match in _SEGMENT.finditer(text):
        letters = re.sub(r"[\s.']", "", skeleton(match[1]))
        wording = next((w for plain, w in _LONG_WORDINGS if one_apart(letters, plain)), None)
        if wording and not any(
            label.delimited and label.start < match.end() and label.end > match.start(1) for label in known
        ):
            yield _Label(wording[1], wording[0], match.start(1), match.end(), number, True, False)


def _labels_of(row: Row) -> list[_Label]:
    labels = []
    for number, piece in enumerate(row.pieces):
        inside = [label for label in _candidates(piece.text, number) if label.delimited or len(label.wording) > 1]
        if piece.score < 1 and (misread := list(_misread(piece.text, number, inside))):
            clear = [label for label in inside if all(label.end <= m.start or label.start >= m.end for m in misread)]
            inside = sorted(clear + misread, key=lambda label: label.start)
        bare = bool(inside) and not _remainder(piece.text, inside)
        for label in inside:
            leads = piece.score < 1 and label.start == 0 and label.key in _LEADING
            if label.delimited or bare or leads or label.wording in _STRONG_WORDINGS:
                labels.append(_Label(label.key, label.wording, label.start, label.end, number, label.delimited, bare))
    return labels


def _candidates(text: str, number: int) -> Iterator[_Label]:
    """Labels at word boundaries, left to right, none inside another."""
    folded, at = skeleton(text), 0
    while at < len(text):
        match = _PATTERN.search(folded, at)
        if match is None:
            return
        start, end = match.start(), match.start() + len(match[0].rstrip())
        if end == start or (start and (text[start - 1].isalpha())) or text[end : end + 1].isalpha():
            at = start + 1
            continue
        if text[start:end].isdigit():
            at = end
            continue
        wording, key = _ORDER[match.lastindex - 1]
        number_word = re.match(_NUMBER_WORD, text[end:], re.I)
        hash_sign = "#" in number_word[0]
        if key == "visit" and number_word[0]:
            key = "visit_id"
        end += number_word.end()
        delimiter = _DELIMITER.match(text, end)
        if delimiter:
            end = delimiter.end()
        yield _Label(key, wording, start, end, number, bool(delimiter) or hash_sign, False)
        at = end


def _remainder(text: str, labels: Sequence[_Label]) -> str:
    """What is left of the piece without its labels."""
    left, at = "", 0
    for label in labels:
        left += text[at : label.start]
        at = label.end
    return re.sub(r"[\s:;#.,()/&*\-–_|]+", "", left + text[at:])


def _beside(row: Row, label: _Label, following: _Label | None) -> tuple[str, float]:
    """The rest of the label's piece up to the next label, or else the pieces to its right up to it."""
    piece = row.pieces[label.piece]
    if following and following.piece == label.piece:
        return piece.text[label.end : following.start].strip(), piece.score
    rest = piece.text[label.end :].strip()
    last = following.piece if following else len(row.pieces)
    right = list(row.pieces[label.piece + 1 : last])
    if following and row.pieces[following.piece].text[: following.start].strip():
        right.append(_cut(row.pieces[following.piece], following.start))
    if not rest and right and right[0].left - piece.right < 0.45:
        return "  ".join(p.text for p in right), min(p.score for p in right)
    if rest and not label.delimited:
        rest = rest[_LOOSE_DELIMITER.match(rest).end() :]
    return rest, piece.score


def _cut(piece: Piece, end: int) -> Piece:
    return Piece(piece.text[:end].strip(), piece.page, piece.left, piece.top, piece.right, piece.bottom, piece.score)


def _under(rows: Sequence[Row], found: Sequence[Sequence[_Label]], index: int, label: _Label) -> tuple[str, float]:
    """The piece under the label in one of the next two rows, when no label stands there."""
    head = rows[index].pieces[label.piece]
    width = head.right - head.left
    chars = max(len(head.text), 1)
    left = head.left + width * label.start / chars
    for below in range(index + 1, min(index + 3, len(rows))):
        row = rows[below]
        if row.page != head.page or row.top - rows[index].bottom > 3.5 * max(head.height, 0.008):
            break
        taken = {other.piece for other in found[below]}
        for number, piece in enumerate(row.pieces):
            covers = piece.left - 0.02 <= left <= piece.right and (abs(piece.left - left) < 0.06 or label.start > 0)
            if covers and number not in taken:
                return piece.text, piece.score
        if taken:
            break
    return "", 0.0
