"""The programs RefLoop runs: web server, queue, messages and documents, from the same options for the demo and for production."""

import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from referrals import clockwork
from refloop_site.processes import Program, Supervisor

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
WEB, QUEUE, MESSAGES, DOCUMENTS = PARTS = ("web", "queue", "messages", "documents")


@dataclass(frozen=True)
class Serving:
    """How to serve: which of PARTS, all unless said otherwise. ``stop_seconds`` is how long a stop may take."""

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
        known = {WEB: self._web, QUEUE: self._queue, MESSAGES: self._messages, DOCUMENTS: self._documents}
        return [known[part]() for part in PARTS if part in self.parts]

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
