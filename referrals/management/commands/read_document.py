"""Show what RefLoop reads in a file: for whoever sets up an interface."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referrals.intake.parsers.nested import read_document
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Found, Reading, to_json
from referrals.intake.sniffing import sniff

_SHOWN_TEXT = 400  # characters
_WIDTH = 22


class Command(BaseCommand):
    help = (
        "Read files as documents that come in are read, and print what was found and where it stood. Nothing is stored. "
        "The output shows patient data."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--json", action="store_true", help="One JSON object for each file, all fields.")
        parser.add_argument("--text", action="store_true", help="Print the whole text, not only its beginning.")

    def handle(self, *args, **options):
        failed = 0
        for path in options["files"]:
            try:
                content = path.read_bytes()
                readings, reason = read_document(content), ""
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
            except Unreadable as error:
                readings, reason = [], str(error)
                failed += 1
            kind = sniff(content) or "unknown kind"
            if options["json"]:
                self.stdout.write(json.dumps(_as_json(path, kind, readings, reason), ensure_ascii=False))
            else:
                self.stdout.write("\n".join(_as_text(path, kind, readings, reason, whole=options["text"])))
        if failed:
            raise CommandError(f"{failed} of {len(options['files'])} files could not be read.")


def _as_json(path: Path, kind: str, readings: list[Reading], reason: str) -> dict[str, Any]:
    found = {"file": str(path), "content_type": kind, "readings": [to_json(reading) for reading in readings]}
    return {**found, "unreadable": reason} if reason else found


def _as_text(path: Path, kind: str, readings: list[Reading], reason: str, *, whole: bool) -> Iterator[str]:
    yield f"{path} ({kind})"
    if reason:
        yield f"  cannot be read: {reason}"
    for number, reading in enumerate(readings, 1):
        yield f"  document {number} of {len(readings)}: {reading.format}"
        for name, value in _fields(reading):
            yield f"    {name:{_WIDTH}} {value}"
        for warning in reading.warnings:
            yield f"    {'warning':{_WIDTH}} {warning}"
        if reading.text:
            text = reading.text if whole else reading.text[:_SHOWN_TEXT]
            yield f"    {'text':{_WIDTH}} {len(reading.text)} characters"
            yield from (f"    | {line}" for line in text.splitlines())
    yield ""


def _fields(reading: Reading) -> Iterator[tuple[str, str]]:
    for number, patient in enumerate(reading.patients, 1):
        prefix = "patient" if len(reading.patients) == 1 else f"patient {number}"
        for name in ("names", "birth_date", "sex", "identifiers", "phones", "emails", "addresses"):
            yield from _found(f"{prefix} {name.replace('_', ' ')}", getattr(patient, name))
    for name in reading.__dataclass_fields__:
        if name not in ("format", "patients", "text", "embedded", "part", "is_whole", "warnings", "pages"):
            yield from _found(name.replace("_", " "), getattr(reading, name))
    for embedded in reading.embedded:
        yield (
            "embedded",
            f"{embedded.label}: {len(embedded.content)} bytes, {sniff(embedded.content) or 'unknown kind'}",
        )


def _found(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """One line for each value, with its place and, unless certain, how sure it is."""
    if isinstance(value, tuple):
        for item in value:
            yield from _found(name, item)
    elif isinstance(value, Found):
        sure = "" if value.sure == 1 else f", {value.sure:.0%} sure"
        yield name, f"{_plain(value.value)}   [{value.where}{sure}]"


def _plain(value: Any) -> str:
    """The filled fields of a value, a name or a moment as people write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    parts = {name: _plain(part) for name in value.__dataclass_fields__ if (part := getattr(value, name))}
    if "raw" in value.__dataclass_fields__:
        return parts.get("iso") or f"{parts.get('raw', '')} (not a possible date)"
    return ", ".join(f"{name} {part}" for name, part in parts.items())
