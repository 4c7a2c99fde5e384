"""Letters for measuring only: the rules for reading are not tuned on these layouts."""

from collections.abc import Callable

UNSEEN: tuple[Callable[..., None], ...] = ()
