"""Letters as plain text."""

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import pieces_of_text
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Reading

content_types = ("text/plain",)

MAX_CHARACTERS = 400_000  # two hundred pages
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read(content: bytes) -> list[Reading]:
    """One letter; form feeds part its pages. Raises Unreadable when there is no text."""
    text = decoded(content)
    if not text.strip():
        raise Unreadable("The file holds no text.")
    is_whole = len(text) <= MAX_CHARACTERS
    notes = () if is_whole else ("Only the first part of a very long text was read.",)
    text = text[:MAX_CHARACTERS]
    pages = text.count("\f") + 1
    pieces = PageText(tuple(pieces_of_text(text)))
    return [letter([pieces], format="text", page_count=pages, is_whole=is_whole, warnings=notes)]


def decoded(content: bytes) -> str:
    """UTF-8, else UTF-16 by its mark, else Windows Latin, which office software wrote for decades."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
