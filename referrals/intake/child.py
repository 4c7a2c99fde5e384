"""The program of the child process in which documents are parsed: no database, no settings, no secrets, little memory.

Speaks a simple protocol on stdin and stdout: a JSON line ``{"size", "page"}`` and the bytes in, a JSON line and the
bytes of the parts it names out, again and again until stdin ends. ``page`` 0 asks for a reading, or for the documents of
a file that comes apart into several, another for a picture of that page; with ``cut``, a list of first and last pages,
for the file cut into these; with ``outside``, for a reading without the pictures and letters inside. The child ends with
its parent, and by itself when a document takes too long and nobody is left to kill it.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from referrals.intake.cutting import cut_pages
from referrals.intake.parsers.nested import parts_of, read_document, read_outside
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.preview import page_picture
from referrals.intake.reading import Reading, to_json

MEMORY = 2 * 1024**3  # bytes of address space; OCR needs about 1.5 GB of it
ANSWER = 60_000_000  # bytes of readings; the text of the longest letter has 400 thousand
LABEL = 40  # characters
ALONE = 120  # seconds for one document, should the parent that cuts it off earlier be gone
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    limit_resources()
    if len(sys.argv) > 1:
        end_with(int(sys.argv[1]))
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not talk into the protocol
    while line := requests.readline():
        asked = json.loads(line)
        content = requests.read(asked["size"])
        signal.alarm(ALONE)  # its default is to end the process, whatever library is at work
        read = read_outside if asked.get("outside") else partial(read_document, to_separate=True)
        answer(answers, content, asked["page"], asked.get("cut"), read)
        signal.alarm(0)
    return 0


def answer(
    out: BinaryIO, content: bytes, page: int, cut: list[list[int]] | None, read: Callable[[bytes], list[Reading]]
) -> None:
    """Write the answer: ``readings``, or the sizes of ``parts`` with their ``labels`` and what is ``missing`` beside them,
    or why there is neither."""
    parts: list[bytes] = []
    try:
        if cut:
            parts = cut_pages(content, cut)
            said = {"readings": [], "parts": [len(part) for part in parts]}
        elif page:
            parts = [page_picture(content, page)]
            said = {"readings": [], "parts": [len(parts[0])]}
        else:
            readings = read(content)
            if several := parts_of(readings):
                parts = [part.content for part in several]
                said = {
                    "readings": [],
                    "parts": [len(part) for part in parts],
                    "labels": [part.label[:LABEL] for part in several],
                    "missing": list(dict.fromkeys(part.missing for part in several if part.missing)),
                }
            else:
                said = {"readings": [to_json(reading) for reading in readings], "parts": []}
        line = _line(said)
        if len(line) > ANSWER:
            raise Unreadable("It says more than RefLoop takes. Send its documents one by one.")
    except Unreadable as error:
        line, parts = _line({"unreadable": str(error)}), []
    except MemoryError:
        line, parts = _line({"broke": "Reading it needs more memory than is allowed."}), []
    except RecursionError:
        line, parts = _line({"broke": "It is nested too deeply."}), []
    except Exception as error:  # a parser's own mistake: the document stays, with the kind of error
        line, parts = _line({"broke": f"Reading it failed ({type(error).__name__})."}), []
    out.write(line)
    out.writelines(parts)
    out.flush()


def _line(said: dict) -> bytes:
    return json.dumps(said | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}).encode() + b"\n"


def end_with(parent: int) -> None:
    """On Linux the kernel ends this process when the thread that started it does; elsewhere ALONE has to do."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def limit_resources() -> None:
    """Memory, no files written, no core dumps. What the system does not know is left out."""
    for name, most in (("RLIMIT_AS", MEMORY), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (AttributeError, ValueError, OSError):
            continue


if __name__ == "__main__":
    sys.exit(main())
