"""Where test cases lie: a bundle in a file, its resources in a file line by line, or in one file each in a folder."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Resource = dict[str, Any]

_SUFFIXES = (".json", ".ndjson")
_FACTS = {"Patient", "Encounter", "Procedure", "ServiceRequest", "Task"}


class NotACase(ValueError):
    """What was read is not a test case of the measure; the text says what it is or what is missing."""


@dataclass(frozen=True)
class Entry:
    """A resource, and the address its bundle gives it ("" outside of one)."""

    resource: Resource
    url: str = ""

    @property
    def kind(self) -> str:
        return str(self.resource.get("resourceType") or "")


@dataclass(frozen=True)
class Source:
    """The file of one case, or the files of its resources."""

    name: str
    files: tuple[Path, ...]

    def entries(self) -> list[Entry]:
        """The resources of the one patient. Raises NotACase, or OSError when a file cannot be opened."""
        entries = [entry for file in self.files for entry in _read(file)]
        if not _FACTS & _kinds(entries):
            held = ", ".join(sorted(_kinds(entries))) or "nothing"
            raise NotACase(f"{self.name} holds no patient, visit, referral or report; it holds {held}.")
        patients = {str(entry.resource.get("id")) for entry in entries if entry.kind == "Patient"}
        if len(patients) > 1:
            raise NotACase(f"{self.name} holds {len(patients)} patients; a case is one patient.")
        return entries


def sources(path: Path) -> list[Source]:
    """The case of a file; of a folder each in it and below it: every bundle, and its loose resources together.

    Files of a folder that have nothing of a patient (a measure, value sets) are passed over."""
    if not path.is_dir():
        return [Source(path.stem, (path,))]
    folders = [path, *sorted(below for below in path.rglob("*") if below.is_dir())]
    return [source for folder in folders for source in _of_folder(folder)]


def _of_folder(folder: Path) -> Iterator[Source]:
    loose: list[Path] = []
    kinds: set[str] = set()
    for file in sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES and file.is_file()):
        alone = Source(file.stem, (file,))
        try:
            entries = _read(file)
        except NotACase:
            yield alone  # whoever reads it learns why
            continue
        if len(entries) > 1 and "Patient" in _kinds(entries):
            yield alone
        else:
            loose.append(file)
            kinds |= _kinds(entries)
    if _FACTS & kinds:
        yield Source(folder.name, tuple(loose))


def objects(value: Any) -> list[Resource]:
    """The objects of a list; empty for what is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _kinds(entries: Iterable[Entry]) -> set[str]:
    return {entry.kind for entry in entries}


def _read(file: Path) -> list[Entry]:
    """The resources of a file, out of the bundles among them."""
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    try:
        content = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            content = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise NotACase(f"{file.name} is not JSON.") from error
    if not content or not all(isinstance(resource, dict) and resource.get("resourceType") for resource in content):
        raise NotACase(f"{file.name} is not a FHIR bundle or resource.")
    return [entry for resource in content for entry in _unpacked(Entry(resource))]


def _unpacked(entry: Entry) -> Iterator[Entry]:
    """The entry itself, or what its bundle holds; bundles may lie in bundles."""
    if entry.kind != "Bundle":
        yield entry
        return
    for inner in objects(entry.resource.get("entry")):
        if isinstance(inner.get("resource"), dict):
            yield from _unpacked(Entry(inner["resource"], str(inner.get("fullUrl") or "")))
