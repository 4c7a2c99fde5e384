"""People's names as letters write them: ``Public, Jane Q.``, ``Jane Q. Public, Jr.``, ``Dr. Ama Osei``, ``JANE PUBLIC``."""

import re
from dataclasses import dataclass

from referrals.intake.letters.form_words import ends_a_name, is_a_thing, is_form_wording
from referrals.intake.letters.lookalikes import as_letters, unaccented
from referrals.intake.letters.name_mending import lost_its_capital, mended_parts, roman, spaced, stop_is_comma
from referrals.intake.reading import Name

_PREFIXES = {"mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "master", "sr.", "rev"}
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "junior", "senior"}
_PARTICLES = {
    "van", "von", "der", "den", "de", "la", "las", "los", "del", "della", "di", "da", "do", "dos", "das", "du", "le", "el",
    "al", "bin", "ibn", "ben", "st", "san", "santa", "ter", "ten", "y", "af", "zu", "abu", "mac", "o'",
}  # fmt: skip
CREDENTIALS = {
    "md", "do", "np", "pa", "pa-c", "pac", "rn", "phd", "dnp", "aprn", "arnp", "fnp", "fnp-c", "fnp-bc", "cnp", "crnp", "dpm",
    "dds", "dmd", "od", "dc", "mbbs", "mbchb", "facc", "facs", "facp", "faan", "fccp", "faap", "face", "facog", "facg", "mph", "ms",
    "msn", "psyd", "lcsw", "pt", "dpt", "ot", "pharmd", "cns", "cnm", "mba", "agnp", "agpcnp", "acnp", "bc", "faafp", "faad",
}  # fmt: skip
_DEGREES = {"MD", "NP", "DPM", "PhD"}  # behind a family name; DO and PA are family names too
_LONGEST = 160  # characters looked at
_TOKEN = re.compile(r"[^\W_](?:[\w'’`.\-]*[\w.])?")
_STOP = re.compile(r"[(\[{|;:*•=<>/\\]|\s{2,}|\s[-–—]+\s|[-–—]\s|\baka\b|\ba\.k\.a|\d{2}")


@dataclass(frozen=True)
class Person:
    """A name found at the start of a text, how far it reaches, the credentials behind it, and whether it was mended."""

    name: Name
    end: int
    credentials: tuple[str, ...] = ()
    mended: bool = False


def person_in(text: str, *, recognised: bool = False, alone: bool = False) -> Person | None:
    """The name the text begins with; None when it begins with something else. A single word is one only after a

    title (``Ms. Public`` has no given name) or when ``alone`` allows it. ``recognised`` text may have its look-alikes
    and lost spaces mended."""
    text = text[:_LONGEST]
    lead = len(text) - len(text.lstrip(" :#.,-*_"))
    body = text[lead:]
    if recognised:
        body = spaced(body)
    stop = _STOP.search(body)
    words = _words(body[: stop.start()] if stop else body, recognised)
    if words is None:
        return None
    tokens, end, mended = words
    prefix = ""
    while tokens and tokens[0][0].rstrip(".").lower() in _PREFIXES and len(tokens) > 1:
        prefix = tokens.pop(0)[0]
    tokens, credentials = _without_credentials(tokens)
    tokens, suffix = _without_suffix(tokens)
    parts = _parts(tokens)
    if recognised and not prefix and (whole := mended_parts(parts, suffix)) != parts:
        parts, mended = whole, True
    if len(parts) == 2 and len(parts[0]) > 1 and parts[1] in (["F"], ["M"]):
        parts = parts[:1]  # Jane Public, F
    if not parts or not _is_name(parts, prefix, alone) or (not prefix and _is_a_label(parts, body[end:])):
        return None
    given, family = _given_family(parts, bool(prefix))
    written = " ".join(body[:end].split()).rstrip(" ,")
    name = Name(family=family, given=given, suffix=suffix, prefix=prefix, text=written)
    return Person(name, lead + end, credentials, mended or (recognised and body != text[lead:]))


def _words(text: str, recognised: bool) -> tuple[list[tuple[str, bool]], int, bool] | None:
    """Name-like words from the start of the text, each with whether a comma follows; where they end; whether mended."""
    tokens: list[tuple[str, bool]] = []
    at, mended = 0, False
    for match in _TOKEN.finditer(text):
        between = text[at : match.start()]
        comma = "," in between
        if tokens and between.strip(" ,.’'"):
            break
        if tokens and comma:
            tokens[-1] = (tokens[-1][0], True)
        word, rest = match[0], text[match.end() :]
        if recognised:
            whole = _mended_word(word, tokens, rest)
            mended, word = mended or whole not in (word, roman(word)), whole
        if any(c.isdigit() for c in word):
            break
        if word[0].isupper() and is_a_thing(_key(word)):
            return (tokens, at, mended) if comma and len(tokens) > 1 else None
        if not _like_a_name(word, tokens):
            break
        before = [other for other, _ in tokens]
        parts = recognised and stop_is_comma(word, before) and not _is_clinicians(rest)
        tokens.append((word[:-1], True) if parts else (word, False))
        at, mended = match.end(), mended or parts
    return (tokens, at, mended) if tokens else None


def _mended_word(word: str, before: list[tuple[str, bool]], rest: str) -> str:
    """The word of a recognised name without strokes, digits and small letters that cannot stand in it."""
    if before:
        word = roman(word)
    if sum(c.isdigit() for c in word) == 1 and len(word) > 2:
        word = as_letters(word)
    return word.capitalize() if before and lost_its_capital(word) and _is_last(rest) else word


def _like_a_name(word: str, before: list[tuple[str, bool]]) -> bool:
    low = _key(word)
    if re.fullmatch(r"[A-Z]\.", word):
        return True
    if before and (low in _PARTICLES or (len(low) == 1 and word.isupper())):
        return True
    if low in _PARTICLES and word[0].islower():
        return True
    if low in _PREFIXES:
        return not before
    if low.replace(".", "") in CREDENTIALS:
        return bool(before) or word.istitle()
    return word[0].isupper() and not ends_a_name(low)


def _is_last(rest: str) -> bool:
    """Whether nothing but credentials follows."""
    behind = re.match(r"[\s.,]*([A-Z.\-]{2,})?", rest)
    return behind.end() == len(rest) or _is_credential(behind[1] or "")


def _is_clinicians(rest: str) -> bool:
    """Whether another name and, behind a comma, credentials follow: ``Ortega, MD``."""
    name, comma, behind = rest.partition(",")
    return bool(comma and name.strip()) and _is_credential(behind.strip(" ."))


def _without_credentials(tokens: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], tuple[str, ...]]:
    """Credentials stand behind a comma or in capitals at the end (``Ma`` and ``Do`` are also names). What stands behind

    them is another column's."""
    credentials: list[str] = []
    if len(tokens) > 2 and not tokens[0][1] and _is_inner_degree(*tokens[1]):  # Osei MD, Ama
        credentials.append(tokens[1][0].replace(".", ""))
        tokens = [(tokens[0][0], True), *tokens[2:]]
    for place in range(2, len(tokens) - 1):
        word = tokens[place][0].replace(".", "")
        if word.isupper() and len(word) > 1 and word.lower() in CREDENTIALS and tokens[place - 1][1]:
            after = next((i for i in range(place, len(tokens)) if not _is_credential(tokens[i][0])), len(tokens))
            tokens = tokens[:after]
            break
    while len(tokens) > 1:
        word = tokens[-1][0]
        bare = word.replace(".", "")
        if bare.lower() not in CREDENTIALS or not (tokens[-2][1] or bare.isupper() or "-" in bare or bare == "PhD"):
            break
        if len(tokens) == 2 and tokens[0][1] and bare.lower() in {"do", "ms", "pa", "an"} and not word.isupper():
            break
        credentials.insert(0, bare)
        tokens = tokens[:-1]
    if credentials:
        tokens = [*tokens[:-1], (tokens[-1][0], False)]
    return tokens, tuple(credentials)


def _is_inner_degree(word: str, comma: bool) -> bool:
    """Whether a degree ends a family name before the given one; its comma may be recognised as a stop."""
    return word.replace(".", "") in _DEGREES and (comma or word.endswith("."))


def _is_credential(word: str) -> bool:
    return word.replace(".", "").lower() in CREDENTIALS


def _without_suffix(tokens: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], str]:
    for place, (word, _) in enumerate(tokens):
        if place and word.rstrip(".").lower() in _SUFFIXES:
            before = tokens[:place]
            if place + 1 < len(tokens):  # Public Jr., Jane; the comma may be lost
                before = [*before[:-1], (before[-1][0], True)]
            else:  # Jane Public, Jr.
                before = [*before[:-1], (before[-1][0], False)]
            return before + tokens[place + 1 :], word
    return tokens, ""


def _parts(tokens: list[tuple[str, bool]]) -> list[list[str]]:
    """The words on each side of the first comma; a second comma ends the name."""
    parts: list[list[str]] = [[]]
    for word, comma in tokens:
        parts[-1].append(word)
        if comma:
            parts.append([])
    return [part for part in parts if part][:2]


def _is_name(parts: list[list[str]], prefix: str, alone: bool) -> bool:
    words = [word for part in parts for word in part]
    letters = [word for word in words if len(word.rstrip(".")) > 1]
    if not letters or len(words) > 7 or all(word.lower() in _PARTICLES for word in words):
        return False
    return len(words) > 1 or bool(prefix) or alone


def _is_a_label(parts: list[list[str]], behind: str) -> bool:
    """Whether it is the wording of a form: ``Next of Kin``, ``Legal`` before ``Representative``."""
    words = [_key(word) for part in parts for word in part]
    more = _TOKEN.match(behind.lstrip())
    return (len(words) > 1 or (more is not None and ends_a_name(_key(more[0])))) and is_form_wording(words)


def _key(word: str) -> str:
    return unaccented(word.lower()).rstrip(".")


def _given_family(parts: list[list[str]], titled: bool) -> tuple[tuple[str, ...], str]:
    if len(parts) == 2:
        family = parts[0][:-1] if len(parts[0]) > 1 and parts[0][-1] == "I" else parts[0]
        return tuple(parts[1]), " ".join(family)
    words = parts[0]
    if len(words) == 1:
        return (), words[0]
    if len(words) > 2 and len(words[-1].rstrip(".")) == 1:
        words = words[:-1]  # "Maria Lopez G.", or a III of which one stroke was recognised
    start = len(words) - 1
    while start > 1 and unaccented(words[start - 1].lower()).rstrip(".") in _PARTICLES:
        start -= 1
    if titled and start == 1 and words[0].lower().rstrip(".") in _PARTICLES:
        start = 0
    return tuple(words[:start]), " ".join(words[start:])
