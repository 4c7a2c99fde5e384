"""Letters as HTML: the text a browser shows, nothing fetched or run."""

import re
from html.parser import HTMLParser

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import pieces_of_cells
from referrals.intake.parsers.plain import MAX_CHARACTERS, decoded
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Reading

content_types = ("text/html",)

_HIDDEN = {"script", "style", "head", "template", "noscript", "svg", "object", "iframe", "textarea", "select", "title"}
_BLOCKS = {
    "p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article",
    "header", "footer", "address", "blockquote", "pre", "dl", "dt", "dd", "fieldset", "form", "body", "center", "main",
}  # fmt: skip
_CELLS = {"td", "th"}
_VOID = {"br", "hr", "meta", "link", "img", "input", "col", "base", "area", "source", "wbr"}
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def read(content: bytes) -> list[Reading]:
    """One letter. Raises Unreadable when it shows no text."""
    lines = lines_of(decoded(content)[: MAX_CHARACTERS * 10])
    if not lines:
        raise Unreadable("The HTML page shows no text.")
    return [letter([PageText(tuple(pieces_of_cells(lines)))], format="HTML")]


def lines_of(html: str) -> list[str]:
    """The lines of text a browser would show; cells of a table row are parted by tabs."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = "".join(reader.out)[:MAX_CHARACTERS]
    return [line.rstrip() for line in text.split("\n") if line.strip()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._hidden: list[str] = []  # open elements inside a hidden one, outermost first
        self._cells = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self._hidden or tag in _HIDDEN or _is_unseen(attributes):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag in _CELLS:
            self.out.append("\t" if self._cells else "")
            self._cells += 1
        elif tag in _BLOCKS:
            # Blocks inside a cell do not break its row.
            self.out.append(" " if self._cells and tag not in ("tr", "table") else "\n")
            self._cells = 0 if tag in ("tr", "table") else self._cells

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
            elif tag == "body":
                self._hidden.clear()
            return
        if tag in ("tr", "table"):
            self._cells = 0
        if tag in _BLOCKS:
            self.out.append(" " if self._cells else "\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.out.append(re.sub(r"\s+", " ", data))


def _is_unseen(attributes: list[tuple[str, str | None]]) -> bool:
    return any(name == "hidden" or (name == "style" and _UNSEEN.search(value or "")) for name, value in attributes)
