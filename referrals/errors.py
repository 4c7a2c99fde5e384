"""Domain errors. Services raise them; the API turns them into problem details, the admin into messages."""

from collections.abc import Iterable, Sequence


class ReferralError(Exception):
    """Base of everything a service refuses. ``code`` is stable, ``str(error)`` is for people."""

    code = "refused"

    @property
    def plain(self) -> str:
        """For somebody who sees what was asked: without the names of fields, and of what is possible instead."""
        return str(self)


class InvalidInput(ReferralError):
    """Values that cannot be accepted. ``fields`` is a list of (path, message); a message says how to mend it."""

    code = "invalid"

    def __init__(self, fields: Iterable[tuple[str, str]]):
        self.fields = list(fields)
        super().__init__(" ".join(f"{path}: {message}" for path, message in self.fields))

    @property
    def plain(self) -> str:
        return " ".join(message for _, message in self.fields)


class IllegalMove(ReferralError):
    """The action is not possible where the referral stands now. ``allowed`` are the actions that are."""

    code = "illegal-move"

    def __init__(self, *, action: str, status: str, because: str, allowed: Sequence[str]):
        self.action, self.status, self.because, self.allowed = action, status, because, list(allowed)
        super().__init__(f"{because} Possible now: {', '.join(self.allowed) or 'nothing'}.")

    @property
    def plain(self) -> str:
        return self.because


class StaleVersion(ReferralError):
    """Somebody else changed the referral first."""

    code = "stale-version"

    def __init__(self, *, expected: int, current: int):
        self.expected, self.current = expected, current
        super().__init__(
            f"The referral changed meanwhile: you saw version {expected}, it is now {current}. Read it again, then retry."
        )


class IdempotencyConflict(ReferralError):
    """A key or external id was used before for other content."""

    code = "idempotency-conflict"


class Conflict(ReferralError):
    """What it is asked of stands so that it cannot be done now."""

    code = "conflict"


class NotPermitted(ReferralError):
    """The actor may see the referral but not do this."""

    code = "not-permitted"


class NotFound(ReferralError):
    """It does not exist, or not for this actor; the two are never told apart."""

    code = "not-found"
