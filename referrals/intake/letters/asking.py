"""What a referral letter asks and for which diagnoses: proposals for the one who captures it. Pure.

A question that says too much is worse than none: it is taken from below a heading that announces it, up to the next
heading or empty line, else only the sentences of the opening paragraph that ask."""

import re

LONGEST = 600  # characters proposed
BRIEF = 2  # sentences of an opening that is taken whole when it asks
MOST_CODES = 12

_HEADED = re.compile(
    r"(?im)^[ \t]*(?:\d+[.)][ \t]*)?(?:reason\(?s?\)? for (?:the )?(?:referral|consult(?:ation)?|visit)|referral (?:reason|question)"
    r"|clinical question|(?:specific )?question(?:s)?(?: (?:for|to) (?:the )?(?:specialist|consultant))?|asked of you)"
    r"[ \t]*(?:[:\-–][ \t]*|$\n*)"
)
_GREETED = re.compile(r"(?im)^[ \t]*dear [^\n,:]{2,40}[,:][ \t]*|^[ \t]*(?:dear|to) [^\n]{2,60}$\n*")
# A line that begins something else: ``HISTORY``, ``Past medical history:``, ``Medications: aspirin``.
_NEXT_HEADING = re.compile(r"(?m)^[ \t]*(?:[A-Z][A-Z /&,-]{3,40}:?[ \t]*$|[A-Z][A-Za-z /&-]{2,35}:(?:[ \t]|$))")
_GOODBYE = re.compile(
    r"(?im)^[ \t]*(?:(?:kind|best|warm) regards|sincerely|yours|thank(?:s| you)\b[^\n]{0,60}$|with thanks)"
)
_ASKS = re.compile(
    r"(?i)\?|\bplease\b|\bkindly\b|\bwould you\b|\bcould you\b|\bopinion\b|\bevaluat|\bassess|\badvise\b|\badvice\b|\brefer(?:ring|red)?\b"
    r"|\bconsider\b|\brule out\b|\bgrateful\b|\brequest"
)  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")

# With its dot a code is one; without it only where a label says so, for B12, T4 and H1N1 are something else.
_DOTTED = re.compile(r"(?<![\w.])[A-TV-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4}(?![\w.]*\w)")
_LABELLED = re.compile(
    r"(?i)\b(?:icd(?:[- ]?10)?(?:[- ]?cm)?|dx(?: code)?s?|diagnos[ie]s code?s?)[ \t]*(?:codes?)?[ \t]*[:#(=][ \t]*([^\n)]{2,120})"
)
_BARE = re.compile(r"(?<![\w.])[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?(?![\w])")


def question_in(text: str) -> str:
    """What the letter asks in one line, at most LONGEST characters; empty when nothing announces or asks it."""
    if headed := _HEADED.search(text):
        return _shortened(_paragraph(text[headed.end() :]))
    if greeted := _GREETED.search(text):
        sentences = _SENTENCE.split(_paragraph(text[greeted.end() :]))
        asking = [one for one in sentences if _ASKS.search(one)]
        return _shortened(" ".join(sentences if asking and len(sentences) <= BRIEF else asking))
    return ""


def diagnoses_in(text: str) -> list[str]:
    """ICD-10-CM codes as written, each once, in the order of the letter."""
    found: list[tuple[int, str]] = [(match.start(), match[0]) for match in _DOTTED.finditer(text)]
    for labelled in _LABELLED.finditer(text):
        found += [(labelled.start(1) + match.start(), match[0]) for match in _BARE.finditer(labelled[1].upper())]
    codes = (code.rstrip(".").upper() for _, code in sorted(found))
    return list({code.replace(".", ""): code for code in codes}.values())[:MOST_CODES]


def _paragraph(text: str) -> str:
    """Up to the first empty line, next heading or goodbye, in one line."""
    first = re.split(r"\n[ \t]*\n", text.strip(), maxsplit=1)[0]
    lines = first.split("\n")
    for number, line in enumerate(lines):
        if (number and _NEXT_HEADING.match(line)) or _GOODBYE.match(line):
            lines = lines[:number]
            break
    return " ".join(" ".join(lines).split())


def _shortened(text: str) -> str:
    """Whole sentences up to LONGEST characters."""
    if len(text) <= LONGEST:
        return text
    kept = ""
    for sentence in _SENTENCE.split(text):
        if len(kept) + len(sentence) >= LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or text[:LONGEST].rsplit(" ", 1)[0]
