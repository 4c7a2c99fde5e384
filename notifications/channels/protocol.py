"""What a channel is given, what it answers, and what it must offer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol


class Result(StrEnum):
    DELIVERED = "delivered"
    RETRY = "retry"  # may work later
    REFUSED = "refused"  # will not work until somebody changes something


@dataclass(frozen=True)
class Parcel:
    """One delivery, read from the database before it is handed to a thread."""

    delivery_pk: int
    public_id: str
    recipient_pk: int
    recipient_name: str
    topic: str
    about: str
    detail: str  # full | minimal
    context: dict[str, Any] = field(repr=False)  # only what that detail may show
    occurred_at: datetime
    address: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    attachments: tuple[dict[str, str], ...] = ()  # see Message.attachments; only e-mail carries them


@dataclass(frozen=True)
class Outcome:
    """How a try ended. ``detail`` is a phrase of ours: never the receiver's words, never patient data.

    ``our_fault`` marks trouble on our side (our mail relay is down, a template is broken): it is retried but not held
    against the endpoint."""

    result: Result
    detail: str = ""
    code: int | None = None
    retry_after: timedelta | None = None
    our_fault: bool = False


class Channel(Protocol):
    """``local`` channels write to our own database: they are called in the transaction that records the outcome.
    The others are called in a thread and must not touch the database."""

    local: bool
    signs: bool  # its endpoints have a secret
    default_detail: str

    def clean_address(self, address: str) -> str:
        """The address as it will be stored. Raises ValueError, for people, when it cannot be accepted."""

    def send(self, parcel: Parcel, *, now: datetime) -> Outcome:
        """Try once, within seconds. Expected failures are outcomes; anything raised counts as our fault."""
