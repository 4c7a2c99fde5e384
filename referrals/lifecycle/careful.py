"""A sweep after sweeps that killed their process: one referral at a time, so that the guilty one is found.

Nothing inside a process can catch its own death (out of memory, a crash in a library, an endless loop the queue ends).
So each referral is noted before it is handled; the one that was noted when a sweep died is set aside like any other
the sweep cannot handle, and the rest go on.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from referrals.lifecycle import stalls, sweep_rows

CAREFUL_FROM = 2  # runs in a row that did not come to their end: one may have been a restart


class SweepDied(Exception):
    """The process ended while it handled this referral."""


def sweep(
    *,
    suspect: int | None,
    note: Callable[[int | None], None],
    now_fn: Callable[[], datetime],
    going: Callable[[], bool],
) -> stalls.Swept:
    """Set ``suspect`` (a referral's key) aside, then handle what is due one by one while ``going()``, each noted first."""
    swept = stalls.Swept()
    if suspect is not None:
        swept.failed += _set_aside(suspect, now_fn())
    while going():
        first = sweep_rows.due(now_fn()).values_list("pk", flat=True).first()
        if first is None:
            break
        note(first)
        swept.add(stalls.sweep(now=now_fn(), batch=1, most=1))
    note(None)
    return swept


def _set_aside(pk: int, now: datetime) -> int:
    """1 when it was still due, else 0: it moved meanwhile."""
    with transaction.atomic():
        if not sweep_rows.due(now).select_for_update().filter(pk=pk).exists():
            return 0
        stalls.set_aside(pk, SweepDied(), now)
        return 1
