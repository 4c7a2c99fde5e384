"""What the services of this app refuse. ``str(error)`` is for people."""

from collections.abc import Iterable


class NotificationError(Exception):
    """Base of everything refused here."""


class InvalidEndpoint(NotificationError):
    """Values that cannot be accepted. ``fields`` is a list of (field, message); a message says how to mend it."""

    def __init__(self, fields: Iterable[tuple[str, str]]):
        self.fields = list(fields)
        super().__init__(" ".join(message for _, message in self.fields))


class CannotResend(NotificationError):
    """The delivery is not in a state from which it can be sent again."""


class OutsideTransaction(NotificationError):
    """A message was enqueued outside the transaction that causes it; a crash in between would lose it."""
