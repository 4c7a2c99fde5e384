"""One HTTP POST to an IP address that was checked, within a fixed time.

Checking a name and then handing the name to an HTTP client lets it resolve a second time, to another address. So the
connection goes to the checked IP itself, while TLS and the Host header use the name. Redirects are not followed, the
body of the answer is not read (its status says all we use), and environment proxies are not used.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util.ssl_match_hostname import CertificateError

from notifications.channels.web_address import Target

CONNECT_SECONDS = 4.0
TOTAL_SECONDS = 10.0


class PostFailed(Exception):
    """No answer; ``str(error)`` is a phrase of ours. ``connected`` says whether the request may have arrived."""

    def __init__(self, phrase: str, *, connected: bool):
        super().__init__(phrase)
        self.connected = connected


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None


def post(
    target: Target, ips: Sequence[str], *, body: bytes, headers: Mapping[str, str], seconds: float = TOTAL_SECONDS
) -> Answer:
    """POST ``body`` to the first of ``ips`` that takes the connection. Raises PostFailed."""
    ends_at = time.monotonic() + seconds
    failed = PostFailed("it has no address", connected=False)
    for ip in ips[:3]:
        left = ends_at - time.monotonic()
        if left <= 0:
            break
        try:
            return _post_once(target, ip, body, headers, left)
        except PostFailed as error:
            failed = error
            if error.connected:
                break  # it may have arrived: trying the next address would send it twice
    raise failed


def _post_once(target: Target, ip: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
    connection = _connection(target, ip, min(CONNECT_SECONDS, seconds))
    cut = _Cut(connection, seconds)
    connected = False
    try:
        connection.connect()
        connected = True
        cut.watch(connection.sock)
        headers = {"Host": target.host_header, **headers}
        connection.request("POST", target.path, body=body, headers=headers, preload_content=False)
        answer = connection.getresponse()
        if cut.done:  # what looks like an answer may be the torso the cut left
            raise TimeoutError
        return Answer(answer.status, answer.headers.get("Retry-After"))
    except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
        raise PostFailed(_phrase(error, timed_out=cut.done), connected=connected) from None
    finally:
        cut.cancel()
        connection.close()


def _connection(target: Target, ip: str, connect_seconds: float) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(ip, target.port, timeout=connect_seconds)
    return HTTPSConnection(
        ip,
        target.port,
        timeout=connect_seconds,
        server_hostname=target.host,  # SNI
        assert_hostname=target.host,  # the certificate must be the name's, not the IP's
        cert_reqs="CERT_REQUIRED",
        ca_certs=settings.REFLOOP_WEBHOOK_CA_FILE or None,
    )


class _Cut:
    """Closes the connection when time is up. Socket time-outs alone would let a receiver that sends one byte every
    few seconds hold a thread for ever."""

    def __init__(self, connection: HTTPConnection, seconds: float):
        self.connection, self.sock, self.done = connection, None, False
        self.timer = threading.Timer(seconds, self._cut)
        self.timer.daemon = True
        self.timer.start()

    def watch(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(TOTAL_SECONDS)

    def _cut(self) -> None:
        self.done = True
        sock = self.sock or self.connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def cancel(self) -> None:
        self.timer.cancel()


def _phrase(error: Exception, *, timed_out: bool) -> str:
    if isinstance(error, NewConnectionError) and "refused" in str(error).lower():
        return "it refused the connection"
    if timed_out or isinstance(error, TimeoutError | ConnectTimeoutError) and not isinstance(error, NewConnectionError):
        return "no answer in time"
    if isinstance(error, CertificateError | ssl.SSLCertVerificationError):
        return "its certificate is not valid for its name"
    if isinstance(error, ssl.SSLError):
        return "no secure connection could be made"
    return f"the connection failed: {type(error).__name__}"
