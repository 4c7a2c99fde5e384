"""Where notes come in: read and matched by the engine, or left for somebody to file."""

from datetime import UTC, datetime, timedelta

from referrals import pipeline
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.sandbox import Sandbox
from referrals.models import Arrival, IncomingDocument

_FAX = Sender(Arrival.Source.FOLDER, "folder:fax", "fax server")
_READ_AFTER = timedelta(seconds=5)


class Mailroom:
    """``matches``: notes go through the engine's reading and matching. Close it when done."""

    def __init__(self, *, matches: bool):
        self._sandbox = Sandbox() if matches else None
        self._arrived = 0

    def __enter__(self) -> "Mailroom":
        return self

    def __exit__(self, *error) -> None:
        if self._sandbox is not None:
            self._sandbox.close()

    def receive(self, text: str, *, at: datetime) -> IncomingDocument | None:
        """The document after the engine had its turn; None when there is no engine and it lies on somebody's desk."""
        if self._sandbox is None:
            return None
        self._arrived += 1
        now = at.astimezone(UTC)
        taken = take_in(text.encode(), filename=f"note {self._arrived}.txt", sender=_FAX, now=now, keep_unknown=True)
        pipeline.process(taken.document.pk, sandbox=self._sandbox, now_fn=lambda: now + _READ_AFTER)
        return IncomingDocument.objects.get(pk=taken.document.pk)
