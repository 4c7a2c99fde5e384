"""Filling in the past tells nobody: while history is written (an import of old referrals, the demo), no message is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_quiet: ContextVar[bool] = ContextVar("messages_are_quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """No update, nudge or alert is enqueued inside, in this thread; timelines and firings are written as ever."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def is_quiet() -> bool:
    return _is_quiet.get()
