"""A webhook receiver written against the text of Standard Webhooks 1.0, sharing no code with the sender.

From the text: the secret is base64 after ``whsec_``; what is signed is ``id.timestamp.payload`` byte for byte;
HMAC-SHA256; the signature header is a list separated by spaces of ``version,base64``; any that matches is enough; the
timestamp is in seconds and must be near the receiver's clock.
"""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOLERANCE = 300  # seconds


class NotGenuine(Exception):
    pass


def verify(headers, body: bytes, secret: str, *, at: float | None = None) -> str:
    """The message's id when it is genuine. Raises NotGenuine."""
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if not timestamp.isdigit() or abs((time.time() if at is None else at) - int(timestamp)) > TOLERANCE:
        raise NotGenuine("timestamp")
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = message_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    for signature in headers["webhook-signature"].split(" "):
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64decode(value), expected):
            return message_id
    raise NotGenuine("signature")


@dataclass
class Request:
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict:
        return json.loads(self.body)


@dataclass
class Receiver:
    """A running HTTP server. ``answer`` gets the request and returns (status, headers); it may sleep."""

    answer: Callable[[Request], tuple[int, dict[str, str]]] = lambda request: (204, {})
    requests: list[Request] = field(default_factory=list)
    drip: bool = False  # send the answer's head one byte at a time, for ever
    tls: Path | None = None  # folder with cert.pem and key.pem
    server_names: list[str] = field(default_factory=list)  # what clients asked for in their TLS hello

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if len(body) < int(self.headers["Content-Length"]):
                    self.close_connection = True  # the sender died half way: not a request
                    return
                request = Request({k.lower(): v for k, v in self.headers.items()}, body, time.time())
                receiver.requests.append(request)
                status, headers = receiver.answer(request)
                if receiver.drip:
                    self._drip()
                    return
                self.send_response(status)
                for name, value in ({"Content-Length": "0"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()

            do_GET = do_POST

            def _drip(self):
                self.close_connection = True
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _ in range(200):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.1)

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass  # the sender hung up, as it should

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        if self.tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.tls / "cert.pem", self.tls / "key.pem")
            context.sni_callback = lambda sock, name, context: self.server_names.append(name)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http://127.0.0.1:{self.port}/hook?office=1"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
