"""Run simulated quarters, each in a process and on a database of its own: nothing of this installation is touched.

A database is set up once and copied for each run. Runs go side by side, one for each processor."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from django.conf import settings

from referrals.practice.calendar import practice_calendar
from refloop_site.simulation import quarter
from refloop_site.simulation.assumptions import Assumptions, with_value
from refloop_site.simulation.outcome import Outcome, read
from reporting.measures.period import Period

READ_AFTER_DAYS = 21  # the youngest referral is three weeks old when the figures are read
Progress = Callable[[float], None]  # the part of all runs that is done, 0 to 1


class RunFailed(RuntimeError):
    """A run ended without figures; the text is what it said last."""


@dataclass(frozen=True)
class Run:
    """One quarter. ``changed`` are assumptions that differ, by name (see with_value)."""

    tracked: bool
    first: date
    months: int = 3
    per_month: int = 410
    seed: int = 1
    changed: dict[str, float] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        month = self.first.month - 1 + self.months
        following = date(self.first.year + month // 12, month % 12 + 1, 1)
        return Period(self.first, following - timedelta(days=1))

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"first": self.first.isoformat()})

    @classmethod
    def from_json(cls, text: str) -> "Run":
        stored = json.loads(text)
        return cls(**stored | {"first": date.fromisoformat(stored["first"])})


def run_here(run: Run, *, progress: Progress) -> Outcome:
    """Fill this process's database, which must be empty, and read the figures."""
    assumed = Assumptions()
    for name, value in run.changed.items():
        assumed = with_value(assumed, name, value)
    start, end = _midnight(run.period.first), _midnight(run.period.last + timedelta(days=1))
    read_at = end + timedelta(days=READ_AFTER_DAYS)
    plan = quarter.Plan(run.tracked, start, end, read_at, run.months * run.per_month, run.seed, assumed)
    refused = quarter.run(plan, progress=progress)
    return read(period=run.period, now=read_at, refused=len(refused))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time_of_day(), tzinfo=practice_calendar().zone)


def run_all(runs: Sequence[Run], *, progress: Progress, at_once: int = 0) -> list[Outcome]:
    """The outcome of each run, in order. ``at_once`` 0: as many side by side as there are processors.

    Raises RunFailed. All processes are gone when this returns or raises."""
    with tempfile.TemporaryDirectory(prefix="refloop-simulate-") as folder:
        template = Path(folder) / "template"
        template.mkdir()
        _manage(template, "migrate", "--verbosity", "0")
        return _side_by_side(runs, Path(folder), at_once or os.cpu_count() or 1, progress)


def _side_by_side(runs: Sequence[Run], folder: Path, at_once: int, progress: Progress) -> list[Outcome]:
    waiting, going, outcomes = list(enumerate(runs)), {}, {}
    with _nothing_left_running(going):
        while waiting or going:
            while waiting and len(going) < at_once:
                number, run = waiting.pop(0)
                going[number] = _begin(run, folder / str(number), folder / "template")
            for number, process in list(going.items()):
                if process.poll() is not None:
                    del going[number]
                    outcomes[number] = _outcome(process, folder / str(number))
            parts = [_part(folder / str(number)) for number in going]
            progress((len(outcomes) + sum(parts)) / len(runs))
            time.sleep(0.2)
    return [outcomes[number] for number in range(len(runs))]


@contextmanager
def _nothing_left_running(going: dict[int, subprocess.Popen]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in going.values():
            process.kill()
            process.wait()


def _begin(run: Run, folder: Path, template: Path) -> subprocess.Popen:
    shutil.copytree(template, folder)
    said = (folder / "said").open("w", encoding="utf-8")
    with said:
        return subprocess.Popen(
            [sys.executable, "manage.py", "simulate", "--inside", run.to_json(), "--to", str(folder)],
            cwd=settings.BASE_DIR, env=_environment(folder), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip


def _outcome(process: subprocess.Popen, folder: Path) -> Outcome:
    found = folder / "outcome"
    if process.returncode or not found.exists():
        said = (folder / "said").read_text(encoding="utf-8", errors="replace").strip()
        raise RunFailed(said[-2000:] or f"A run ended with code {process.returncode}.")
    outcome = Outcome(**json.loads(found.read_text(encoding="utf-8")))
    shutil.rmtree(folder, ignore_errors=True)
    return outcome


def write(folder: Path, name: str, text: str) -> None:
    """A file of a run in one step: who reads it sees all of it or nothing."""
    new = folder / f"{name}.new"
    new.write_text(text, encoding="utf-8")
    new.replace(folder / name)


def _part(folder: Path) -> float:
    try:
        return float((folder / "part").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0.0


def _manage(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=_environment(folder),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RunFailed((done.stderr or done.stdout).strip()[-2000:])


def _environment(folder: Path) -> dict[str, str]:
    """Of a process whose database, documents and mail are in ``folder`` and nowhere else."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return kept | {"REFLOOP_ENV": "demo", "REFLOOP_DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
