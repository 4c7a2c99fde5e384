"""ZIP files: XDM packages (IHE ITI vol. 1, 16) with their metadata, or any zip of documents."""

import posixpath
import zipfile
from dataclasses import replace
from io import BytesIO

from referrals.intake.parsers.protocol import Unreadable, refuse_too_many
from referrals.intake.parsers.xdm_metadata import Described, described_documents
from referrals.intake.reading import Embedded, Reading
from referrals.intake.sniffing import sniff

content_types = ("application/zip",)
_MOST_ENTRIES = 1_000
_MOST_BYTES = 100_000_000  # unpacked
_MOST_RATIO = 200  # unpacked to packed, beyond the first megabyte: text packs to a tenth, bombs to a thousandth
_FREE = 1_000_000
_NEVER = (".xsl", ".xslt", ".css", ".js", ".dtd", ".xsd", ".gif", ".ico", ".svg", ".ds_store", ".db", ".ini", ".inf", ".sig",
          ".exe", ".dll", ".bat", ".cmd", ".jar", ".lnk", ".woff", ".woff2", ".ttf", ".eot")  # fmt: skip
_ABOUT = ("readme", "index.")  # what a package says of itself
_PAGES = ("text/plain", "text/html", "application/xml")  # the last: XHTML
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def read(content: bytes) -> list[Reading]:
    """One reading for each document, carrying it; entries that are no documents are left out.

    Of several, each can be had alone: as it lies there, or with what the package says of it in a package of its own."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            files = _unpack(package)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, UnicodeDecodeError) as error:
        raise Unreadable("The ZIP file is damaged.") from error
    described, missing = _described(files)
    documents = {name: data for name, data in files.items() if name in described or _is_document(name, data)}
    if not any(map(sniff, documents.values())):
        raise Unreadable("The ZIP file holds no document that RefLoop reads.")
    refuse_too_many(len(documents))
    if len(documents) == 1:
        warnings, is_whole = ((missing,) if missing else ()), not missing
        one = [_carry(data, described.get(name)) for name, data in documents.items()]
        return [replace(reading, warnings=(*reading.warnings, *warnings), is_whole=is_whole) for reading in one]
    readings = []
    for name, data in documents.items():
        about = described.get(name)
        alone = data if about is None else _package(name, data, about)
        base = posixpath.basename(name)
        part = Embedded(alone, posixpath.splitext(base)[0] if sniff(data) else base, missing=missing)
        readings.append(replace(_carry(data, about), part=part))
    return readings


def _unpack(package: zipfile.ZipFile) -> dict[str, bytes]:
    """Contents by their path in the package; nothing is ever written to a disk. Sizes are counted, not believed."""
    entries = [entry for entry in package.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_ENTRIES:
        raise Unreadable(f"The ZIP file has more than {_MOST_ENTRIES} entries.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("The ZIP file is protected with a password. Ask the sender for one without.")
    files: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        if entry.compress_type not in _METHODS:
            raise Unreadable("The ZIP file is packed in a way RefLoop does not unpack. Ask for a plain ZIP.")
        most = min(_MOST_BYTES - total, _FREE + _MOST_RATIO * entry.compress_size)
        try:
            with package.open(entry) as stream:
                data = stream.read(most + 1)
        except Exception as error:  # zlib.error and what zipfile raises on damaged entries have no common base
            raise Unreadable("A file in the ZIP is damaged.") from error
        if len(data) > most:
            raise Unreadable("The ZIP file unpacks into more than RefLoop takes.")
        total += len(data)
        path = _plain_path(entry.filename)
        while files.get(path, data) != data:
            path = _next_to(path)  # two of one name are two
        files[path] = data
    return files


def _next_to(path: str) -> str:
    stem, ending = posixpath.splitext(path)
    return f"{stem}_{ending}"


def _plain_path(name: str) -> str:
    """``\\`` as ``/``, without roots and ``..``: only a key to look up by."""
    path = posixpath.normpath("/" + name.replace("\\", "/"))
    return path.lstrip("/").lower()


def _described(files: dict[str, bytes]) -> tuple[dict[str, Described], str]:
    """What METADATA.XML of each submission set says of its documents, by path in the package; and in a sentence which of
    them are not there."""
    found: dict[str, Described] = {}
    missing = 0
    for name, data in files.items():
        if posixpath.basename(name) == "metadata.xml":
            for described in described_documents(data):
                path = _plain_path(posixpath.join(posixpath.dirname(name), described.uri))
                if path in files:
                    found[path] = described
                else:
                    missing += 1
    announced = f"{missing} document" + ("" if missing == 1 else "s")
    return found, f"The package announces {announced} that it does not hold." if missing else ""


def _is_document(name: str, data: bytes) -> bool:
    """What is there for a viewer or a computer is none. What RefLoop cannot read is one: a person has to look."""
    base = posixpath.basename(name)
    if base == "metadata.xml" or base.startswith("._") or base.endswith(_NEVER) or "__macosx" in name:
        return False
    if base.startswith(_ABOUT) and sniff(data) in _PAGES:
        return False
    return bool(data)


def _package(name: str, data: bytes, described: Described) -> bytes:
    """The same document always gives the same package, so that one sent again is known."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in (
            (name, data),
            (posixpath.join(posixpath.dirname(name), "METADATA.XML"), described.alone()),
        ):
            package.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _carry(data: bytes, described: Described | None) -> Reading:
    kind = sniff(data) or (described.content_type if described else "")
    embedded = (Embedded(data, "ZIP entry", kind),)
    if described is None:
        return Reading(format="ZIP", embedded=embedded)
    return described.reading(embedded)
