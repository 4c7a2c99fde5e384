"""Letters as RTF: a small reader of its text. Pictures, objects, fields and everything else are passed over."""

import re

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import pieces_of_cells
from referrals.intake.parsers.plain import MAX_CHARACTERS
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Reading

content_types = ("application/rtf",)

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S)
# Groups that hold no text of the letter. A group that starts with \* may be passed over by every reader.
_SKIPPED = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata", "datastore", "fldinst", "listtable",
    "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "latentstyles", "filetbl", "revtbl", "nonshppict", "bkmkstart", "bkmkend",
}  # fmt: skip
_SIGNS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\f", "tab": "\t", "cell": "\t", "emdash": "—", "endash": "–",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_ESCAPED = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_DEEPEST = 500  # groups; real letters nest about ten deep


def read(content: bytes) -> list[Reading]:
    """One letter. Raises Unreadable when it is no RTF or holds no text."""
    text = text_of(content)
    if not text.strip():
        raise Unreadable("The RTF file holds no text.")
    pages = [
        PageText(tuple(pieces_of_cells(body.split("\n"), page))) for page, body in enumerate(text.split("\f"), start=1)
    ]
    return [letter(pages, format="RTF")]


def text_of(content: bytes) -> str:
    """The text, with a new line after each paragraph, tabs between cells and a form feed between pages."""
    if not content.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("The file is no RTF.")
    return "".join(_Reader(content).pieces())[:MAX_CHARACTERS]


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.encoding = "cp1252"
        self.skipping = False
        self.after_unicode = 1  # characters a reader that knows \u passes over
        self.to_drop = 0
        self.groups: list[tuple[bool, int]] = []

    def pieces(self) -> list[str]:
        out: list[str] = []
        at, size = 0, 0
        while at < len(self.content) and size <= MAX_CHARACTERS:
            match = _TOKEN.match(self.content, at)
            if match is None:
                break
            at = match.end()
            word, number, hexadecimal, escaped, brace, text = match.groups()
            if brace:
                self._brace(brace)
            elif word == b"bin":
                at += min(max(int(number or 0), 0), len(self.content) - at)
            else:
                piece = self._piece(word, number, hexadecimal, escaped, text)
                if piece and not self.skipping:
                    out.append(piece)
                    size += len(piece)
        return out

    def _brace(self, brace: bytes) -> None:
        if brace == b"{":
            if len(self.groups) >= _DEEPEST:
                raise Unreadable("The RTF file is nested too deep.")
            self.groups.append((self.skipping, self.after_unicode))
        elif self.groups:
            self.skipping, self.after_unicode = self.groups.pop()
        self.to_drop = 0

    def _piece(self, word: bytes | None, number: bytes | None, hexadecimal: bytes | None, escaped: bytes | None, text: bytes | None) -> str:  # fmt: skip
        if word is not None:
            return self._control(word.decode("ascii"), int(number) if number else None)
        if escaped == b"*":
            self.skipping = True
            return ""
        raw = bytes([int(hexadecimal, 16)]).decode(self.encoding, "replace") if hexadecimal else ""
        raw = raw or (_ESCAPED.get(escaped, "") if escaped else (text or b"").decode(self.encoding, "replace"))
        dropped, self.to_drop = raw[: self.to_drop], max(self.to_drop - len(raw), 0)
        return raw[len(dropped) :]

    def _control(self, word: str, number: int | None) -> str:
        if word in _SKIPPED:
            self.skipping = True
        elif word == "ansicpg" and number in (437, 850, 874, *range(1250, 1259)):
            self.encoding = f"cp{number}"
        elif word == "uc":
            self.after_unicode = max(0, min(number if number is not None else 1, 8))
        elif word == "u" and number is not None:
            self.to_drop = self.after_unicode
            code = number % 65536
            return "" if 0xD800 <= code < 0xE000 else chr(code)
        elif word == "v" and number != 0:
            self.skipping = True  # hidden text
        return _SIGNS.get(word, "")
