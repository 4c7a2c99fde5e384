"""What a parser is."""

from typing import Protocol

from referrals.intake.reading import Reading

MOST_PARTS = 500  # documents one file comes apart into
MOST_BYTES_OF_PARTS = 100_000_000  # of them together: what they share is in each


class Unreadable(Exception):
    """The bytes cannot be read as what they seem to be. The message tells a person why, without patient data."""


def refuse_too_many(parts: int) -> None:
    if parts > MOST_PARTS:
        raise Unreadable(f"It holds more than {MOST_PARTS} documents. Ask the sender for smaller files.")


def refuse_too_large(size: int) -> None:
    """``size`` is of all parts together, in bytes."""
    if size > MOST_BYTES_OF_PARTS:
        most = MOST_BYTES_OF_PARTS // 1_000_000
        raise Unreadable(f"Its documents would take more than {most} MB. Ask the sender for smaller files.")


class Parser(Protocol):
    """Reads the bytes of one format. Pure: no database, no network, no files, no clock; may be slow or run out of
    memory on hostile input, so it is only ever called in the killable child (intake/sandbox.py)."""

    content_types: tuple[str, ...]  # as intake/sniffing.sniff gives them

    def read(self, content: bytes) -> list[Reading]:
        """The documents in ``content``, most often one. Raises Unreadable when there is none it can make out."""
        ...
