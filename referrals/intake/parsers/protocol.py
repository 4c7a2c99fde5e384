"""What a parser is."""

from typing import Protocol

from referrals.intake.reading import Reading


class Unreadable(Exception):
    """The bytes cannot be read as what they seem to be. The message tells a person why, without patient data."""


class Parser(Protocol):
    """Reads the bytes of one format. Pure: no database, no network, no files, no clock; may be slow or run out of
    memory on hostile input, so it is only ever called in the killable child (intake/sandbox.py)."""

    content_types: tuple[str, ...]  # as intake/sniffing.sniff gives them

    def read(self, content: bytes) -> list[Reading]:
        """The documents in ``content``, most often one. Raises Unreadable when there is none it can make out."""
        ...
