"""A watched folder: how fax servers, scanners and interface engines deliver. Each file ends in ``done`` or ``rejected``.

A file is taken when it has not changed between two looks, so one that is still being written waits; one whose sender
paused and goes on after it was taken comes back and is taken again, whole. Its bytes and its arrival are committed before
it is moved: a crash in between takes it again, which is the same document and arrival.
"""

import hashlib
import logging
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from referrals.errors import InvalidInput
from referrals.intake.arrivals import Sender, take_in
from referrals.models import Arrival

logger = logging.getLogger("refloop.referrals")
DONE, REJECTED = "done", "rejected"
STILL_WRITTEN = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
GRACE = 60.0  # seconds before an empty or locked file is refused: the sender may have only begun
WRITTEN_ON = timedelta(minutes=10)  # after a file was taken its sender may go on writing
LONGEST_STEM, LONGEST_SUFFIX = 200, 20  # bytes; systems take 255, and a number or ".reason.txt" comes after them

Stamp = tuple[int, int]  # size in bytes, modified in nanoseconds since 1970


@dataclass
class Folder:
    """``path`` must exist and be writable. Keeps what it saw at the last look; make one and look again and again."""

    path: Path
    label: str = ""
    stuck: int = 0  # files that could not be taken at the last look
    _seen: dict[str, Stamp] = field(default_factory=dict)
    _moved: dict[Path, tuple[Stamp, datetime]] = field(default_factory=dict)

    def look(self, *, now: datetime) -> int:
        """Take every file that stands still; how many were taken or rejected."""
        handled, present, self.stuck = 0, {}, 0
        self._fetch_back(now)
        for entry in sorted(os.scandir(self.path), key=lambda entry: entry.name):
            if not self._is_document(entry):
                continue
            try:
                stat = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # another watcher took it
                continue
            present[entry.name] = stamp = (stat.st_size, stat.st_mtime_ns)
            young = abs(now.timestamp() - stat.st_mtime) < GRACE
            if self._seen.get(entry.name) == stamp and not (young and stat.st_size == 0):
                handled += self._try(Path(entry.path), stamp, now, young)
        self._seen = present
        return handled

    @staticmethod
    def _is_document(entry: os.DirEntry) -> bool:
        hidden = entry.name.startswith((".", "~"))
        return entry.is_file(follow_symlinks=False) and not hidden and not entry.name.lower().endswith(STILL_WRITTEN)

    def _try(self, file: Path, stamp: Stamp, now: datetime, young: bool) -> bool:
        """Whether the file was taken or rejected. One that cannot be handled stays, and holds up no other."""
        try:
            return self._take(file, stamp, now, young)
        except FileNotFoundError:  # another watcher took it
            return False
        except OSError:
            self.stuck += 1
            logger.exception("a file of the watched folder cannot be taken; it stays and is tried again")
            return False

    def _take(self, file: Path, stamp: Stamp, now: datetime, young: bool) -> bool:
        try:
            opened = _opened(file)
        except PermissionError:
            if young:
                return False
            self._move(
                file, REJECTED, stamp, now, because="RefLoop may not read this file. Put it here with that right."
            )
            return True
        name = _storable(file.name)
        source_id = f"{_short(name)}:{stamp[0]}:{stamp[1]}"
        try:
            with opened:
                take_in(
                    opened, filename=name, sender=self._sender(), now=now, source_id=source_id, keep_unknown=True
                )  # fmt: skip
        except InvalidInput as error:
            self._move(file, REJECTED, stamp, now, because=error.plain)
        else:
            self._move(file, DONE, stamp, now)
        return True

    def _sender(self) -> Sender:
        path = _storable(str(self.path))
        return Sender(
            Arrival.Source.FOLDER, f"folder:{path[-70:]}", self.label or f"folder {_storable(self.path.name)}"
        )

    def _move(self, file: Path, to: str, stamp: Stamp, now: datetime, because: str = "") -> None:
        """Into the folder of the day; a name that is there already gets a number."""
        folder = self.path / to / f"{now:%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        stem, suffix = _shortened(file)
        target, number = folder / f"{stem}{suffix}", 1
        while target.exists():
            number += 1
            target = folder / f"{stem}-{number}{suffix}"
        if because:  # first the reason: a crash in between finds the file still here
            _reason(target).write_text(because + "\n", encoding="utf-8")
            logger.warning("a file of the watched folder was rejected")
        file.rename(target)
        self._moved[target] = (stamp, now)

    def _fetch_back(self, now: datetime) -> None:
        """What changed after it was moved goes back into the folder, to be taken again when it stands still."""
        for file, (stamp, at) in list(self._moved.items()):
            try:
                stat = file.stat(follow_symlinks=False)
                if (stat.st_size, stat.st_mtime_ns) != stamp and not (self.path / file.name).exists():
                    file.rename(self.path / file.name)
                    _reason(file).unlink(missing_ok=True)
                elif now - at < WRITTEN_ON:
                    continue
            except OSError:  # somebody tidied it away
                pass
            del self._moved[file]


def _reason(rejected: Path) -> Path:
    return rejected.with_name(f"{rejected.name}.reason.txt")


def _shortened(file: Path) -> tuple[str, str]:
    """Stem and suffix, so short that more can be said in the name."""
    suffix = file.suffix if len(os.fsencode(file.suffix)) <= LONGEST_SUFFIX else ""
    stem = file.name.removesuffix(suffix)
    if len(os.fsencode(stem)) > LONGEST_STEM:
        stem = os.fsencode(stem)[:LONGEST_STEM].decode("utf-8", "ignore")
    return stem, suffix


def _opened(file: Path) -> BinaryIO:
    """What was a file a moment ago may be a link or a pipe by now: neither is followed or waited for."""
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    return os.fdopen(descriptor, "rb")


def _storable(name: str) -> str:
    """A name whose bytes are no text can stand in no database."""
    return os.fsencode(name).decode("utf-8", "replace").replace("\x00", "")


def _short(name: str) -> str:
    """Within 80 characters and still another for another name."""
    return name if len(name) <= 80 else f"{name[:63]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
