"""The program of the child process in which documents are parsed: no database, no settings, no secrets, little memory.

Speaks a simple protocol on stdin and stdout: a JSON line ``{"size", "page"}`` and the bytes in, a JSON line and the
bytes of the parts it names out, again and again until stdin ends. ``page`` 0 asks for a reading, another for a picture
of that page; with ``cut``, a list of first and last pages, for the file cut into these.
"""

import json
import os
import resource
import sys
from typing import BinaryIO

from referrals.intake.cutting import cut_pages
from referrals.intake.parsers.nested import read_document
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.preview import page_picture
from referrals.intake.reading import Reading, to_json

MEMORY = 2 * 1024**3  # bytes of address space; OCR needs about 1.5 GB of it


def main() -> int:
    limit_resources()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not talk into the protocol
    while line := requests.readline():
        asked = json.loads(line)
        answer(answers, requests.read(asked["size"]), asked["page"], asked.get("cut"))
    return 0


def answer(out: BinaryIO, content: bytes, page: int, cut: list[list[int]] | None = None) -> None:
    """Write the answer: ``readings`` and the sizes of ``parts``, or why there are none."""
    parts: list[bytes] = []
    try:
        if cut:
            parts = cut_pages(content, cut)
            said = {"readings": [], "parts": [len(part) for part in parts]}
        elif page:
            parts = [page_picture(content, page)]
            said = {"readings": [], "parts": [len(parts[0])]}
        else:
            readings = read_document(content)
            parts = [_part(reading) for reading in readings] if len(readings) > 1 else []
            said = {"readings": [to_json(reading) for reading in readings], "parts": [len(part) for part in parts]}
    except Unreadable as error:
        said = {"unreadable": str(error)}
    except MemoryError:
        said = {"unreadable": "Reading it needs more memory than is allowed."}
    except RecursionError:
        said = {"unreadable": "It is nested too deeply."}
    except Exception as error:  # a parser's own mistake: the document stays, with the kind of error
        said = {"failed": type(error).__name__}
    said["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out.write(json.dumps(said).encode() + b"\n" + b"".join(parts))
    out.flush()


def _part(reading: Reading) -> bytes:
    return reading.part.content if reading.part is not None else b""


def limit_resources() -> None:
    """Memory, no files written, no core dumps. What the system does not know is left out."""
    for name, most in (("RLIMIT_AS", MEMORY), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (AttributeError, ValueError, OSError):
            continue


if __name__ == "__main__":
    sys.exit(main())
