"""The demo's data on disk: whether there is a whole set, half a one or somebody else's, and how it is thrown away.

A mark beside the data says what was begun and, at the very end, that it is whole. A set that was begun and never
finished (Ctrl-C, a crash) is recognised by that and made anew.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from django.db import connection

from referrals.models import Referral

MARK = "demo.json"
FORMAT = 3  # raise when old sets no longer fit the code; they are then made anew


class State(Enum):
    EMPTY = "empty"
    INTERRUPTED = "interrupted"  # or made by an earlier format
    WHOLE = "whole"
    FOREIGN = "foreign"  # referrals the demo did not make


@dataclass
class Mark:
    """``first_number`` (empty until whole) ties the mark to the database it was written for."""

    database: str
    months: int
    per_month: int
    seed: int
    format: int = FORMAT
    referrals: int = 0
    first_number: str = ""


def database_name() -> str:
    settings = connection.settings_dict
    return f"{connection.vendor}:{settings['HOST']}:{settings['PORT']}:{settings['NAME']}"


def look(folder: Path) -> tuple[State, Mark | None]:
    """What is there. Reads the database only when it has tables."""
    mark = _read(folder)
    if "referrals_referral" not in connection.introspection.table_names():
        return (State.INTERRUPTED if mark and mark.database == database_name() else State.EMPTY), mark
    any_referrals = Referral.objects.exists()
    if mark is None or mark.database != database_name():
        return (State.FOREIGN if any_referrals else State.EMPTY), mark
    if mark.first_number and mark.format == FORMAT and Referral.objects.filter(number=mark.first_number).exists():
        return State.WHOLE, mark
    return State.INTERRUPTED, mark


def write(folder: Path, mark: Mark) -> None:
    """Replace the mark in one step, so that a crash leaves the old one or the new one."""
    new = folder / f"{MARK}.new"
    new.write_text(json.dumps(asdict(mark)), encoding="utf-8")
    new.replace(folder / MARK)


def throw_away(folder: Path) -> None:
    """Remove all data: every table of the database, the documents and the mark."""
    (folder / MARK).unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        connection.close()
        database = Path(connection.settings_dict["NAME"])
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = connection.ops.quote_name(cursor.fetchone()[0])
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}")
    shutil.rmtree(folder / "documents", ignore_errors=True)


def _read(folder: Path) -> Mark | None:
    """The mark, also one of another format: then only its database counts, and the set is made anew."""
    try:
        stored = json.loads((folder / MARK).read_text(encoding="utf-8"))
        if stored.get("format") == FORMAT:
            return Mark(**stored)
        return Mark(database=stored["database"], months=0, per_month=0, seed=0, format=0)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
