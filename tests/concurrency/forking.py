"""Processes that can be killed at no cost of start-up: a real process that forks a child for every command.

The parent side is Forker. The other side is a module that calls ``serve``; it reads commands as JSON lines and answers
each with a JSON line. A command that is one of ``loops`` is answered with the child's pid at once; the child leads a
process group and works until it is killed or its parent is gone. The serving process itself never holds a connection to
the database."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

from django.conf import settings


class Forker:
    """The process ``python -m module``, against the database at ``url``."""

    def __init__(self, module: str, url: str, **environment: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "REFLOOP_WEBHOOK_ALLOW_PRIVATE": "1",
                "LOG_LEVEL": "CRITICAL",
            }
            | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Forker":
        return self

    def __exit__(self, *exception) -> None:
        self.process.stdin.close()
        self.process.wait(20)

    def do(self, what: str, **job):
        """The answer of a command; the pid of a loop."""
        self.process.stdin.write(json.dumps({"do": what} | job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def serve(commands: Mapping[str, Callable[[dict], object]], loops: Mapping[str, Callable[[dict], None]]) -> None:
    """Answer commands from stdin until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            random.seed()
            if job["do"] in loops:
                os.setsid()
                os.close(writing)
                loops[job["do"]](job)
            else:
                with os.fdopen(writing, "w") as answer:
                    json.dump(commands[job["do"]](job), answer)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            print(json.dumps(pid) if job["do"] in loops else answer.read(), flush=True)  # noqa: T201
