"""Letters as Word documents (DOCX): headers, body and footers in order, read from the XML. Nothing is run or fetched."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml.etree import _Element

from referrals.intake.letters.extract import letter
from referrals.intake.letters.page import PageText
from referrals.intake.letters.piece import pieces_of_cells
from referrals.intake.parsers.plain import MAX_CHARACTERS
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.parsers.xml_source import parse_xml
from referrals.intake.reading import Reading
from referrals.intake.sniffing import DOCX

content_types = (DOCX,)

MAX_PART_BYTES = 30_000_000  # unpacked; a 100-page letter has 2 million
_FALLBACK = "Fallback"  # of mc:AlternateContent: the same text once more
_BODY = "word/document.xml"
_HEADER, _FOOTER = re.compile(r"word/header\d*\.xml"), re.compile(r"word/footer\d*\.xml")
_MAX_PARTS = 12


def read(content: bytes) -> list[Reading]:
    """One letter. Raises Unreadable when it is damaged, locked, larger than it should be, or holds no text."""
    lines = [line for part in _parts(content) for line in _lines(part)]
    if not any(line.strip() for line in lines):
        raise Unreadable("The Word document holds no text.")
    return [letter([PageText(tuple(pieces_of_cells(lines)))], format="DOCX")]


def _parts(content: bytes) -> list[_Element]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
            headers = sorted(name for name in names if _HEADER.fullmatch(name))[:_MAX_PARTS]
            footers = sorted(name for name in names if _FOOTER.fullmatch(name))[:_MAX_PARTS]
            return [parse_xml(_unpacked(package, name)).root for name in (*headers, _BODY, *footers)]
    except (
        zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError
    ) as error:  # fmt: skip
        raise Unreadable("The Word document is damaged or locked.") from error


def _unpacked(package: zipfile.ZipFile, name: str) -> bytes:
    """The part's bytes, never more than allowed whatever its entry claims."""
    with package.open(name) as part:
        data = part.read(MAX_PART_BYTES + 1)
    if len(data) > MAX_PART_BYTES:
        raise Unreadable("The Word document is too large.")
    return data


def _lines(root: _Element) -> Iterator[str]:
    """A line for each paragraph outside tables and each table row; tabs part cells."""
    size = 0
    for line in _blocks(root):
        size += len(line)
        if size > MAX_CHARACTERS:
            return
        yield from line.split("\n")


def _blocks(element: _Element) -> Iterator[str]:
    for child in element:
        name = child.tag
        if name == "p":
            yield _text(child)
        elif name == "tr":
            cells = (" ".join(_blocks(cell)) for cell in child if cell.tag == "tc")
            yield "\t".join(" ".join(cell.split()) for cell in cells)
        elif child.tag != _FALLBACK:
            yield from _blocks(child)


def _text(element: _Element) -> str:
    """The text of a paragraph in order; deleted text and field codes are in elements of their own and left out."""
    parts = []
    for child in element:
        name = child.tag
        if name == "t":
            parts.append(child.text or "")
        elif name in ("tab", "ptab"):
            parts.append("\t")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "noBreakHyphen":
            parts.append("-")
        elif child.tag != _FALLBACK and name not in ("pPr", "rPr"):
            parts.append(("\n" if name == "p" else "") + _text(child))
    return "".join(parts)
