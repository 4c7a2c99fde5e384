"""Where documents lie: files named after their content, each there whole or not at all."""

import os
import secrets
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """A file gets its name when all of it is on the disk, so a writer that is killed leaves nothing under that name.

    A name that is taken is written over: names say the content, so only a damaged file changes by it."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File) -> str:
        part = super()._save(f"{name}.{secrets.token_hex(4)}.part", content)
        whole = Path(self.path(name))
        _to_disk(Path(self.path(part)))
        os.replace(self.path(part), whole)
        _to_disk(whole.parent)
        return name


def _to_disk(path: Path) -> None:
    """Past the system's caches, so that a row never outlives its file in a power cut. Folders cannot everywhere."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(descriptor)
