"""Topics and the patterns endpoints subscribe with. Pure.

A topic is full-stop delimited, such as ``escalation.unscheduled``. A pattern is a topic, a topic's beginning followed
by ``.*`` (everything below it), or ``*`` (everything).
"""

import re
from collections.abc import Iterable, Sequence

_TOPIC = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*", re.ASCII)
_PATTERN = re.compile(r"\*|[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?", re.ASCII)


def is_topic(text: str) -> bool:
    return _TOPIC.fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    return _PATTERN.fullmatch(text) is not None


def topic_in_words(topic: str) -> str:
    """``Referral: note returned``."""
    head, _, rest = topic.replace("_", " ").partition(".")
    words = f"{head}: {rest.replace('.', ', ')}" if rest else head
    return words[:1].upper() + words[1:]


def matches(topic: str, pattern: str) -> bool:
    """Does ``pattern`` cover ``topic``? ``referral.*`` covers ``referral.seen`` but neither ``referral`` nor
    ``referrals.seen``."""
    if pattern == "*":
        return True
    if pattern.endswith(".*"):
        return topic.startswith(pattern[:-1])
    return topic == pattern


def wants(topic: str, *, subscribed: Sequence[str], defaults: Sequence[str]) -> bool:
    """Does an endpoint want ``topic``? Its own list decides; when that is empty, its recipient's defaults; when they
    are empty too, it wants everything."""
    patterns = subscribed or defaults
    return not patterns or any(matches(topic, pattern) for pattern in patterns)


def folders(topic: str) -> Iterable[str]:
    """The template folders to look in, most special first: the topic, each beginning of it, then ``default``."""
    parts = topic.split(".")
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length])
    yield "default"
