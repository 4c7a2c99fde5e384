"""What recognition does to names, undone where the form of a name says what must have stood there."""

import re
from collections.abc import Sequence

_ABBREVIATED = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "jr", "sr", "st", "ste", "mt", "ft", "wm", "chas", "geo", "jas", "jos",
    "thos", "robt", "ed",
}  # fmt: skip
_PARTICLES = {
    "st", "ste", "de", "la", "del", "di", "da", "do", "van", "von", "der", "den", "le", "mc", "mac", "el", "al", "san",
}  # fmt: skip
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
_SAME_IN_BOTH_SIZES = "cosuvwxzpk"


def spaced(text: str) -> str:
    """Spaces that recognition lost put back (``JaneQ.Public``, ``Public,Jane``), full stops it took for colons mended."""
    text = re.sub(r",(?=[^\W\d_])", ", ", text)
    text = re.sub(r"(?<=[a-z]{2})[COSUVWXZ](?![\w.])", lambda last: last[0].lower(), text)
    text = re.sub(r"(?<=[A-Z]{3})(?=[JS]R\.?,)", " ", text)
    text = re.sub(r"\b([JS]R)(?=[A-Z]{3})", r"\1, ", text)
    text = re.sub(r"\b1{2,3}(?=[,\s]|$)", lambda strokes: "I" * len(strokes[0]), text)
    text = re.sub(r"\b([A-Z]|Mr|Mrs|Ms|Dr|Jr|Sr|St)[:;](?= [A-Z])", r"\1.", text)
    text = re.sub(r"(?<=[a-zà-ÿ])[:;](?= [A-Z]\. [A-Z][a-z])", "", text)
    text = re.sub(r"^(Mr|Mrs|Ms|Dr),(?= [A-Z])", r"\1.", text)
    text = re.sub(r"(?<=[a-z]{2})\.(?=[A-Z]\.)", " ", text)
    text = re.sub(r"(?<=[^\W\d_]\.)(?=[A-Z][a-z])", " ", text)
    return re.sub(
        r"(?<=[a-zà-ÿ]{2})(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bLa)(?<!\bVan)(?<!\bDi)(?<!\bLe)(?<!\bFitz)(?=[A-Z](?:[a-zà-ÿ]|\.|\b))",
        " ",
        text,
    )


def roman(word: str) -> str:
    """Strokes behind a name as the Roman number they are: ``1I``, ``Ill``, ``HI``."""
    strokes = word.rstrip(".").replace("H", "II")
    return "I" * len(strokes) if re.fullmatch(r"[Iil1|]{2,3}", strokes) and len(word) > 1 else word


def lost_its_capital(word: str) -> bool:
    """Whether a last name may have begun with a capital that looks the same in both sizes: ``Jane M. oyelaran``."""
    return word.islower() and word[0] in _SAME_IN_BOTH_SIZES and len(word) > 3 and word not in _PARTICLES


def stop_is_comma(word: str, before: Sequence[str]) -> bool:
    """Whether the full stop behind the word is the comma behind a family name: ``Public. Jane``, ``St. John. Jane``."""
    plain = word.rstrip(".").lower()
    if not word.endswith(".") or len(plain) < 2 or plain in _ABBREVIATED - _SUFFIXES:
        return False
    if plain in _SUFFIXES:
        return len(before) == 1 and plain not in _ABBREVIATED
    return all(other.rstrip(".").lower() in _PARTICLES | {"d", "o"} for other in before)


def mended_parts(parts: list[list[str]], suffix: str) -> list[list[str]]:
    """The words before and behind the comma, when they cannot be right as they were recognised."""
    if len(parts) == 2:
        family, given = parts
        if len(family) > 1 and len(given) == 1 and _is_misread_degree(given[0], family):
            return [family]  # Jane Public, MI
        if len(family) == 2 and family[0] in ("D", "O"):
            return [[f"{family[0]}'{family[1]}"], given]
        return parts
    words = parts[0] if parts else []
    if len(words) > 1 and _is_misread_degree(words[-1], words[:-1]):
        return [words[:-1]]  # Jane Public VD
    if len(words) == 3 and not suffix and re.fullmatch(r"[A-EGHJ-LN-Z]", words[2]) and len(words[1]) > 2:
        return [words[:1], words[1:]]  # Public Jane Q: the comma was lost
    return parts


def _is_misread_degree(word: str, names: Sequence[str]) -> bool:
    """Whether a short word in capitals behind names in small letters is a degree such as MD, not a name."""
    capitals = word.replace("'", "").isupper() and 1 < len(word) <= 3
    return capitals and not any(name.isupper() and len(name) > 1 for name in names)
