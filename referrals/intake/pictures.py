"""Pages of stored documents as pictures: drawn in a sandbox of this process, kept on disk, thrown away after a while.

Kept beside the documents in private storage under the hash of their bytes; whatever is missing is drawn again.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.core.cache import cache
from django.core.files.storage import default_storage

from referrals.intake.preview import SHOWN
from referrals.intake.sandbox import Sandbox
from referrals.models import DocumentVersion, IncomingDocument

SECONDS = 12.0  # for one page: somebody waits for it
KEPT = timedelta(days=30)
FAILED_FOR = 600  # seconds in which a page that cannot be drawn is not tried again
FOLDER = "pages"
_sandbox = Sandbox(seconds=SECONDS)


class NoPicture(Exception):
    """The page cannot be drawn; the message says why."""


def has_pages(document: IncomingDocument | DocumentVersion) -> bool:
    """Whether it is of a kind that is shown as pictures; the others are shown as the text read from them."""
    return document.content_type in SHOWN


def picture(document: IncomingDocument | DocumentVersion, page: int) -> bytes:
    """The page (from 1) as PNG. Raises NoPicture."""
    if not has_pages(document):
        raise NoPicture("This kind of file has no pages to show.")
    kept = _place(document.sha256, page)
    try:
        return kept.read_bytes()
    except FileNotFoundError:
        return _draw(document, page, kept)


def _draw(document: IncomingDocument | DocumentVersion, page: int, kept: Path) -> bytes:
    failed = f"no-picture:{document.sha256}:{page}"
    if because := cache.get(failed):
        raise NoPicture(because)
    try:
        with document.file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        raise NoPicture("The stored file is missing.") from None
    answer = _sandbox.picture(content, page)
    if not answer.parts:
        cache.set(failed, answer.error, FAILED_FOR)
        raise NoPicture(answer.error)
    _keep(kept, answer.parts[0])
    return answer.parts[0]


def _keep(place: Path, content: bytes) -> None:
    """In one step, so that nobody reads half a picture."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = place.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    new.replace(place)


def _place(sha256: str, page: int) -> Path:
    return Path(default_storage.path(f"{FOLDER}/{sha256[:2]}/{sha256}-{page}.png"))


def forget_old(*, now: datetime) -> int:
    """Throw away pictures drawn long ago; how many."""
    old = [
        file
        for file in Path(default_storage.path(FOLDER)).glob("*/*")
        if now.timestamp() - file.stat().st_mtime > KEPT.total_seconds()
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
