"""Where what a message is about can be seen. This app knows no such thing; whoever does says so once, at the start."""

from collections.abc import Callable

_page: Callable[[str], str] | None = None


def seen_at(page: Callable[[str], str]) -> None:
    """``page`` gives the address here for a message's ``about``, without asking the database; empty: none."""
    global _page
    _page = page


def page_of(about: str) -> str:
    """The address of what is meant, or empty."""
    return _page(about) if about and _page else ""
