"""The child process with parsers that misbehave, chosen by what the document says."""

import os
import sys
import time
from pathlib import Path

from referrals.intake import child
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Embedded, Reading

ANSWERS = os.dup(1)


def read(content: bytes, *, to_separate: bool = False) -> list[Reading]:
    wish = content.decode().removeprefix("MSH|")
    if wish == "hang":
        time.sleep(600)
    if wish == "eat":
        return [Reading(format=str(len(bytearray(8 * 1024**3))))]
    if wish == "babble":
        os.write(ANSWERS, b"no JSON\n")
    if wish == "shout":
        return [Reading(format="t", text="x" * child.ANSWER)]
    if wish.startswith("crash"):
        import ctypes

        ctypes.string_at(0)
    if wish == "deep":
        return read(content)
    if wish == "print":
        print("a library talks")  # noqa: T201
    if wish == "write":
        Path("/tmp/refloop-was-here").write_text("x" * 10)
    if wish == "mistake":
        raise KeyError("patient")
    if wish == "unreadable":
        raise Unreadable("It is no document.")
    if wish == "two":
        return [
            Reading(format="t", text=n, part=Embedded(n.encode(), n, missing="A third.")) for n in ("first", "second")
        ]
    return [Reading(format="test", text=wish)]


def outside(content: bytes) -> list[Reading]:
    if content.endswith(b"everywhere"):
        return read(b"crash")
    return [Reading(format="outside", is_whole=False)]


if __name__ == "__main__":
    child.read_document, child.read_outside = read, outside
    sys.exit(child.main())
