"""The programs RefLoop runs: web server, queue, messages, documents and inbox folder, from the same options for the demo
and for production."""

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from referrals import clockwork
from refloop_site.processes import Program, Supervisor

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
WEB, QUEUE, MESSAGES, DOCUMENTS, INBOX = PARTS = ("web", "queue", "messages", "documents", "inbox")


@dataclass(frozen=True)
class Serving:
    """How to serve: which of PARTS, all unless said otherwise; ``inbox`` only with a folder to watch. ``stop_seconds`` is
    how long a stop may take."""

    host: str
    port: int
    web_workers: int = 1
    web_threads: int = 8
    stop_seconds: float = 30.0
    parts: tuple[str, ...] = PARTS

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{self.port}"

    def programs(self) -> list[Program]:
        known = {
            WEB: self._web,
            QUEUE: self._queue,
            MESSAGES: self._messages,
            DOCUMENTS: self._documents,
            INBOX: self._inbox,
        }
        return [known[part]() for part in PARTS if part in self.parts and (part != INBOX or self.watches)]

    @property
    def watches(self) -> bool:
        return INBOX in self.parts and bool(settings.REFLOOP_INBOX_FOLDER)

    def why_not(self) -> str:
        """A sentence when what is to be served cannot be; empty when it can."""
        if WEB in self.parts and (problem := why_not_bindable(self.host, self.port)):
            return (
                f"{problem} Choose another one, such as --port {min(self.port + 1, 65535)}, or stop what listens there."
            )
        if self.watches:
            return why_not_watchable(settings.REFLOOP_INBOX_FOLDER)
        return "" if set(self.parts) - {INBOX} else "Set REFLOOP_INBOX_FOLDER to the folder to watch."

    def run(self) -> int:
        """Serve until told to stop; returns the exit code."""
        if QUEUE in self.parts:
            clockwork.ask_for_a_beat()
        return Supervisor(self.programs(), stop_seconds=self.stop_seconds).run()

    def _web(self) -> Program:
        host = f"[{self.host}]" if ":" in self.host else self.host
        # No access log: search terms, which are patients' names, stand in query strings.
        options = [
            f"--bind={host}:{self.port}",
            f"--workers={self.web_workers}",
            f"--threads={self.web_threads}",
            "--worker-class=gthread",
            "--timeout=60",
            f"--graceful-timeout={max(1, int(self.stop_seconds) - 5)}",
            "--max-requests=5000",
            "--max-requests-jitter=500",
            "--log-level=warning",
            "--no-control-socket",
        ]
        if Path("/dev/shm").is_dir():
            options.append("--worker-tmp-dir=/dev/shm")  # the worker heartbeat must not wait for a disk
        return Program(WEB, [sys.executable, "-m", "gunicorn", *options, "refloop_site.wsgi"])

    def _queue(self) -> Program:
        return Program(QUEUE, [*MANAGE, "qcluster"])

    def _messages(self) -> Program:
        return Program(MESSAGES, [*MANAGE, "dispatch_messages", "--forever"])

    def _documents(self) -> Program:
        return Program(DOCUMENTS, [*MANAGE, "process_documents", "--forever"])

    def _inbox(self) -> Program:
        return Program(INBOX, [*MANAGE, "watch_inbox", settings.REFLOOP_INBOX_FOLDER])


def why_not_watchable(folder: str) -> str:
    """A sentence when files cannot be taken from ``folder``; empty when they can."""
    if not Path(folder).is_dir():
        return f"The inbox folder {folder} is not there. Make it, and give RefLoop's user the right to write there."
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"RefLoop's user may not read and write in the inbox folder {folder}: files taken are moved within it."
    return ""


def why_not_bindable(host: str, port: int) -> str:
    """A sentence when nothing can listen on ``host``:``port``, such as a port in use; empty when it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return f"Cannot listen on {host}:{port}: {error.strerror or error}."
    return ""
