"""A watched folder: how fax servers, scanners and interface engines deliver. Each file ends in ``done`` or ``rejected``.

A file is taken when it has not changed between two looks, so one that is still being written waits. Its bytes and its
arrival are committed before it is moved: a crash in between takes it again, which is the same document and arrival.
"""

import logging
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from referrals.errors import InvalidInput
from referrals.intake.arrivals import Sender, take_in
from referrals.models import Arrival

logger = logging.getLogger("refloop.referrals")
DONE, REJECTED = "done", "rejected"
STILL_WRITTEN = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
EMPTY_WAITS = 60.0  # seconds before an empty file is refused: the sender may have only begun


@dataclass
class Folder:
    """``path`` must exist and be writable. Keeps what it saw at the last look; make one and look again and again."""

    path: Path
    label: str = ""
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)

    def look(self, *, now: datetime) -> int:
        """Take every file that stands still; how many were taken or rejected."""
        handled, present = 0, {}
        for entry in sorted(os.scandir(self.path), key=lambda entry: entry.name):
            if not self._is_document(entry):
                continue
            try:
                stat = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # another watcher took it
                continue
            present[entry.name] = stamp = (stat.st_size, stat.st_mtime_ns)
            young = stat.st_size == 0 and now.timestamp() - stat.st_mtime < EMPTY_WAITS
            if self._seen.get(entry.name) == stamp and not young:
                handled += self._take(Path(entry.path), stamp, now)
        self._seen = present
        return handled

    @staticmethod
    def _is_document(entry: os.DirEntry) -> bool:
        hidden = entry.name.startswith((".", "~"))
        return entry.is_file(follow_symlinks=False) and not hidden and not entry.name.lower().endswith(STILL_WRITTEN)

    def _take(self, file: Path, stamp: tuple[int, int], now: datetime) -> bool:
        size, changed = stamp
        sender = Sender(
            Arrival.Source.FOLDER, f"folder:{str(self.path)[-70:]}", self.label or f"folder {self.path.name}"
        )
        try:
            with file.open("rb") as opened:
                take_in(
                    opened, filename=file.name, sender=sender, now=now, source_id=f"{file.name[:80]}:{size}:{changed}",
                    keep_unknown=True,
                )  # fmt: skip
        except InvalidInput as error:
            self._move(file, REJECTED, now, because=" ".join(message for _, message in error.fields))
        except FileNotFoundError:  # another watcher took it
            return False
        except OSError:
            logger.exception("a file of the watched folder cannot be read; it stays and is tried again")
            return False
        else:
            self._move(file, DONE, now)
        return True

    def _move(self, file: Path, to: str, now: datetime, because: str = "") -> None:
        """Into the folder of the day; a name that is there already gets a number."""
        folder = self.path / to / f"{now:%Y-%m-%d}"
        folder.mkdir(parents=True, exist_ok=True)
        target, number = folder / file.name, 1
        while target.exists():
            number += 1
            target = folder / f"{file.stem}-{number}{file.suffix}"
        try:
            file.rename(target)
        except FileNotFoundError:  # another watcher moved it
            return
        if because:
            target.with_name(f"{target.name}.reason.txt").write_text(because + "\n", encoding="utf-8")
            logger.warning("a file of the watched folder was rejected")
