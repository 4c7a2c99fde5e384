"""Characters that recognition confuses, undone only where the form of a field or a check digit says what must stand."""

_LETTER = str.maketrans("015|8", "oisib")
_DIGIT = str.maketrans("OoQDlI|!SsBZzGg", "000011115582266")
_INNER = str.maketrans("0158|", "olsbl")
_NAME = str.maketrans("0158|", "OISBI")


def skeleton(text: str) -> str:
    """Lower case with look-alikes folded (l, 1 and | to i), each character in its place, to find labels in."""
    folded = "".join(lower if len(lower := c.lower()) == 1 else c for c in text)
    return folded.translate(_LETTER).replace("l", "i")


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
