"""A real SMTP server that keeps what it is sent."""

import email
import email.message
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Mailbox:
    """Takes mail, except what ``refuse`` names: address -> SMTP answer."""

    def __init__(self):
        self.received, self.refuse, self.data_answer = [], {}, "250 OK"

    @classmethod
    @contextmanager
    def open(cls, settings) -> Iterator["Mailbox"]:
        """Serve on a free port, and have ``settings`` send there."""
        box = cls()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(box, hostname="127.0.0.1", port=port)
        controller.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.DEFAULT_FROM_EMAIL = "RefLoop <loop@clinic.example>"
        try:
            yield box
        finally:
            controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer.startswith("250"):
            self.received.append((envelope.rcpt_tos, envelope.content))
        return self.data_answer

    def letters(self) -> list[email.message.EmailMessage]:
        return [email.message_from_bytes(content, policy=email.policy.default) for _, content in self.received]

    def only(self) -> email.message.EmailMessage:
        (letter,) = self.letters()
        assert len(self.received[0][0]) == 1
        return letter
