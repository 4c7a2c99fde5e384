"""Characters that recognition confuses, undone only where the form of a field or a check digit says what must stand."""

import functools
import unicodedata

_LETTER = {"0": "o", "1": "i", "5": "s", "8": "b", "|": "i", "l": "i", "!": "i"}
_DIGIT = str.maketrans("OoQDlI|!SsBZzGg", "000011115582266")
_INNER = str.maketrans("0158|", "olsbl")
_NAME = str.maketrans("0158|", "OISBI")


def skeleton(text: str) -> str:
    """Lower case without accents, look-alikes folded (l, |, ! and a single 1 to i), each character in its place: to find

    labels in. Digits beside digits are a number's and stay."""
    folded = [_plain(c) for c in text]
    return "".join(
        c if c.isdigit() and (text[at - 1 : at].isdigit() or text[at + 1 : at + 2].isdigit()) else _LETTER.get(c, c)
        for at, c in enumerate(folded)
    )


def unaccented(text: str) -> str:
    """The text without accents, each character in its place. Specks on a fax are read as accents."""
    return text if text.isascii() else "".join(_unaccented(c) for c in text)


@functools.cache
def _unaccented(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[:1]
    return base if len(base) == 1 else character


@functools.cache
def _plain(character: str) -> str:
    base = _unaccented(character).lower()
    return base if len(base) == 1 else character


def as_digits(text: str) -> str:
    """Letters that look like digits read as digits; for text that must be a number."""
    return text.translate(_DIGIT)


def as_letters(token: str) -> str:
    """Digits inside a word read as the letters they look like; for text that must be a name."""
    if not token.isupper():
        return token[:1].translate(_NAME) + token[1:].translate(_INNER)
    return token.translate(_NAME)


def one_apart(one: str, two: str) -> bool:
    """Whether at most one character is put in, left out or changed between the two."""
    if one == two:
        return True
    if abs(len(one) - len(two)) > 1:
        return False
    if len(one) > len(two):
        one, two = two, one
    at = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    return one[at + 1 :] == two[at + 1 :] if len(one) == len(two) else one[at:] == two[at + 1 :]
