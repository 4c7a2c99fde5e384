"""Parse documents in a child process that can be cut off: it hangs, eats memory or crashes alone.

One child serves many documents, because loading the OCR engine takes seconds; it is replaced after a number of them,
when its memory has grown, and whenever it had to be killed. It gets no environment of ours: no database, no secrets.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from referrals.intake.sniffing import STRUCTURED, sniff

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90.0  # for one document; a task of the queue may take 120
SECONDS_OUTSIDE = 20.0  # for what stands around a part that ended the reader
DOCUMENTS = 50  # a child reads this many and is replaced: OCR memory creeps
MEMORY_KB = 1_100_000  # resident; a child that needed more is replaced
ANSWER = 150_000_000  # bytes; the child bounds itself to less, so a longer answer is not the child's own
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True)
class Answer:
    """``readings`` are intake/reading.py's JSON. A file that comes apart into several documents has none, but these as
    ``parts``, what each is called, and in sentences what is ``missing`` beside them. ``error`` says in a sentence why
    there is neither, ``broke`` whether the reader came to harm rather than understood that."""

    readings: tuple[dict, ...] = ()
    parts: tuple[bytes, ...] = ()
    labels: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    error: str = ""
    seconds: float = 0.0
    broke: bool = False


class Sandbox:
    """A child that reads documents. Not for two threads at once: ``read`` takes turns."""

    def __init__(self, *, seconds: float = SECONDS, program: str = "referrals.intake.child"):
        self.seconds = seconds
        self.program = program
        self._child: subprocess.Popen | None = None
        self._served = 0
        self._turn = threading.Lock()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def read(self, content: bytes) -> Answer:
        """What the document says, or why it could not be read. Never raises for anything the document does.

        A PDF that ends the reader must not take the message around it along: then that is read without it."""
        answer = self._answer(content, {"page": 0})
        if not answer.broke or sniff(content) not in STRUCTURED:
            return answer
        outside = self._answer(content, {"page": 0, "outside": True}, seconds=min(self.seconds, SECONDS_OUTSIDE))
        seconds = answer.seconds + outside.seconds
        return replace(answer, seconds=seconds) if outside.error else replace(outside, seconds=seconds)

    def picture(self, content: bytes, page: int) -> Answer:
        """The page as PNG, the only one of ``parts``, or why it cannot be drawn. ``page`` counts from 1."""
        return self._answer(content, {"page": page})

    def cut(self, content: bytes, ranges: Sequence[tuple[int, int]]) -> Answer:
        """The pages of each range (first and last, from 1) as a file of their own in ``parts``, or why not."""
        return self._answer(content, {"page": 0, "cut": [list(pages) for pages in ranges]})

    def _answer(self, content: bytes, what: dict[str, Any], *, seconds: float = 0.0) -> Answer:
        with self._turn:
            began = time.monotonic()
            try:
                said, parts = self._ask(content, what, began + (seconds or self.seconds))
            except _CutOff as error:
                self.close()
                return Answer(error=str(error), seconds=time.monotonic() - began, broke=True)
            took = time.monotonic() - began
            self._served += 1
            if self._served >= DOCUMENTS or said.get("memory", 0) > MEMORY_KB:
                self.close()
            if "readings" in said:
                labels, missing = (tuple(map(str, said.get(name, ()))) for name in ("labels", "missing"))
                return Answer(tuple(said["readings"]), parts, labels, missing, seconds=took)
            error = said.get("unreadable") or said.get("broke") or "Reading it gave no reason why it failed."
            return Answer(error=error[:200], seconds=took, broke="unreadable" not in said)

    def close(self) -> None:
        """End the child and whatever it started."""
        child, self._child, self._served = self._child, None, 0
        if child is None:
            return
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            child.kill()
        child.wait()
        with contextlib.suppress(BrokenPipeError):  # what was not written yet has nowhere to go
            child.stdin.close()
        child.stdout.close()

    def _ask(self, content: bytes, what: dict[str, Any], until: float) -> tuple[dict, tuple[bytes, ...]]:
        child = self._running()
        header = json.dumps({"size": len(content)} | what).encode() + b"\n"
        # A thread writes, so that a child that reads slowly or not at all cannot hold us beyond the time.
        writer = threading.Thread(target=_write, args=(child, header + content), daemon=True)
        writer.start()
        stream = _Stream(child.stdout.fileno(), until)
        try:
            said = json.loads(stream.line())
            parts = tuple(stream.exactly(size) for size in said.get("parts", ()))
        except (ValueError, TypeError, AttributeError) as error:  # a child taken over by a document speaks nonsense
            raise _CutOff("Reading it gave no sensible answer.") from error
        writer.join()
        return said, parts

    def _running(self) -> subprocess.Popen:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            # The kernel would end it with the thread that started it, and threads of a web server come and go.
            in_main_thread = threading.current_thread() is threading.main_thread()
            self._child = subprocess.Popen(
                [sys.executable, "-m", self.program, *((str(os.getpid()),) if in_main_thread else ())],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env={name: os.environ[name] for name in _KEPT if name in os.environ}
                | {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._child


class _CutOff(Exception):
    """The child did not answer; the message is for the reviewer."""


class _Stream:
    """Reads from a pipe until a point in time."""

    def __init__(self, descriptor: int, until: float):
        self.descriptor, self.until, self.rest = descriptor, until, bytearray()

    def line(self) -> bytes:
        """Up to and with the next line end."""
        seen = 0
        while (end := self.rest.find(b"\n", seen)) < 0:
            seen = len(self.rest)
            self._more()
        return self._first(end + 1)

    def exactly(self, size: int) -> bytes:
        while len(self.rest) < size:
            self._more()
        return self._first(size)

    def _first(self, size: int) -> bytes:
        found = bytes(self.rest[:size])
        del self.rest[:size]
        return found

    def _more(self) -> None:
        left = self.until - time.monotonic()
        if left <= 0 or not select.select([self.descriptor], [], [], left)[0]:
            raise _CutOff("Reading it took too long and was cut off.")
        chunk = os.read(self.descriptor, 1 << 20)
        if not chunk:
            raise _CutOff("Reading it broke off: it needed too much memory, or the reader crashed on it.")
        self.rest += chunk
        if len(self.rest) > ANSWER:
            raise _CutOff("It says more than RefLoop takes.")


def _write(child: subprocess.Popen, data: bytes) -> None:
    try:
        child.stdin.write(data)
        child.stdin.flush()
    except (BrokenPipeError, ValueError, OSError):  # it is gone; the reading side says so
        return
