"""Run several programs as children, and make sure that none outlives the others or this process.

Each child leads a process group of its own, so that stopping it stops whatever it started. On Linux the kernel tells
a child when this process dies (parent-death signal); elsewhere a killed parent leaves the children to be stopped by
hand, which every other way of ending does itself.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger("refloop.ops")
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOOK_EVERY = 0.2  # seconds
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """One child: ``name`` for messages and the command line."""

    name: str
    command: list[str]


class Supervisor:
    """Runs programs together until one ends or this process is told to stop."""

    def __init__(self, programs: list[Program], *, stop_seconds: float):
        self.programs = programs
        self.stop_seconds = stop_seconds
        self.children: dict[str, subprocess.Popen] = {}
        self.told_to_stop = 0

    def run(self) -> int:
        """Start all, wait, stop all. Returns the exit code: 0 when told to stop, 1 when a program ended by itself.

        1. Take the stop signals, so that none falls between two starts.
        2. Start each program as leader of its own process group.
        3. Wait for a signal or for a program's end.
        4. Ask the rest to stop (SIGTERM), wait ``stop_seconds``, then kill every group, ended ones too: their
           workers may have outlived them."""
        before = {number: signal.signal(number, self._told) for number in STOP_SIGNALS}
        try:
            for program in self.programs:
                self.children[program.name] = start(program)
            ended = self._wait()
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)
        if ended is None:
            return 0
        code = self.children[ended].returncode
        logger.error("%s ended by itself with code %s; everything was stopped", ended, code)
        return 1

    def _told(self, number, frame) -> None:
        self.told_to_stop += 1
        if self.told_to_stop > 1:  # impatient: the second Ctrl-C does not wait
            self.stop_seconds = 0.0

    def _wait(self) -> str | None:
        """The name of the first program that ended by itself, or None when told to stop."""
        while not self.told_to_stop:
            for name, child in self.children.items():
                if child.poll() is not None:
                    return name
            time.sleep(LOOK_EVERY)
        return None

    def _stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        began = time.monotonic()
        while any(child.poll() is None for child in self.children.values()):
            if time.monotonic() - began > self.stop_seconds:
                break
            time.sleep(0.05)
        for child in self.children.values():
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # the whole group is gone (macOS says it the second way)
                continue
            finally:
                child.wait()


def start(program: Program) -> subprocess.Popen:
    """Start the program in a new process group that ends when this process does, where the system can do that."""
    return subprocess.Popen(program.command, start_new_session=True, preexec_fn=_die_with_parent())


def _die_with_parent() -> Callable[[], None] | None:
    """What a child runs before its program: ask the kernel for SIGTERM when the parent dies. None outside Linux."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
