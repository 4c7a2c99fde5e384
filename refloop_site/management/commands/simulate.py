"""``manage.py simulate``: the worked example, a quarter without tracking and the same quarter with it."""

import json
import sys
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from referrals.models import Office
from refloop_site.simulation import table
from refloop_site.simulation.assumptions import VARIED, Assumptions, with_value
from refloop_site.simulation.outcome import Outcome
from refloop_site.simulation.runs import Run, RunFailed, run_all, run_here, write

MOST_PER_MONTH = 5_000


class Command(BaseCommand):
    help = (
        "Simulate a group of 14 providers for a quarter through the real engine, without reminders and with them, the "
        "same people both times, and print what differs. Uses temporary databases; this installation's is not touched. "
        "What is assumed of people is in refloop_site/simulation/assumptions.py. Takes a few minutes."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=1, help="Another number makes other people (default 1).")
        parser.add_argument("--months", type=int, default=3, help="Length of the period (default 3).")
        parser.add_argument("--per-month", type=int, default=410, help="Referrals a month (default 410).")
        parser.add_argument("--first", help="First month, such as 2025-01 (default: the quarter a year ago).")
        parser.add_argument(
            "--nudge-effect", type=float, default=1.0,
            help="What a reminder is worth, from 0 (nobody acts on one) to 1 (as assumed, the default).",
        )  # fmt: skip
        parser.add_argument(
            "--assume", action="append", default=[], metavar="NAME=NUMBER",
            help="Another assumption, such as reached=0.5 or sends_note.reminded=0.4; repeatable.",
        )  # fmt: skip
        parser.add_argument("--vary", action="store_true", help="Also run with each main assumption worse and better.")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--at-once", type=int, default=0, help="Runs side by side (default: one per processor).")
        parser.add_argument("--inside", help="(a run of its own process)")
        parser.add_argument("--to", type=Path, help="(where that run writes)")

    def handle(self, **options):
        if options["inside"]:
            self._inside(Run.from_json(options["inside"]), options["to"])
            return
        changed = self._changed(options)
        if not 1 <= options["months"] <= 12 or not 1 <= options["per_month"] <= MOST_PER_MONTH:
            raise CommandError(f"--months is 1 to 12, --per-month 1 to {MOST_PER_MONTH}.")
        like = {"first": _first(options["first"]), "months": options["months"], "per_month": options["per_month"],
                "seed": options["seed"]}  # fmt: skip
        cases = [("as assumed", changed)]
        if options["vary"]:
            cases += [(f"{name} = {value:g}", {**changed, name: value}) for name, *values in VARIED for value in values]
        runs = [Run(tracked, changed=case, **like) for _, case in cases for tracked in (False, True)]
        outcomes = self._run(runs, options["at_once"])
        rows = [(name, *outcomes[2 * n : 2 * n + 2]) for n, (name, _) in enumerate(cases)]
        if options["format"] == "json":
            self.stdout.write(
                json.dumps([_as_json(name, case, row) for (name, case), row in zip(cases, rows, strict=True)], indent=1)
            )
            return
        self._say(rows, runs[0])

    def _run(self, runs: list[Run], at_once: int) -> list[Outcome]:
        shown = sys.stderr.isatty()

        def progress(part: float) -> None:
            if shown:
                self.stderr.write(f"\rSimulating {len(runs)} quarters: {part:.0%} ", ending="")
                self.stderr.flush()

        try:
            return run_all(runs, progress=progress, at_once=at_once)
        except RunFailed as error:
            raise CommandError(f"A simulated quarter failed:\n{error}") from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted; nothing was kept.", returncode=130) from None
        finally:
            if shown:
                self.stderr.write("")

    def _changed(self, options) -> dict[str, float]:
        if not 0 <= options["nudge_effect"] <= 1:
            raise CommandError("--nudge-effect is from 0 to 1.")
        changed = {} if options["nudge_effect"] == 1 else {"nudge_effect": options["nudge_effect"]}
        for given in options["assume"]:
            name, _, number = given.partition("=")
            try:
                changed[name] = float(number)
                with_value(Assumptions(), name, changed[name])
            except ValueError:
                raise CommandError(f"{given!r} is not NAME=NUMBER.") from None
            except KeyError:
                raise CommandError(f"There is no single number called {name!r} in the assumptions.") from None
        return changed

    def _say(self, rows: list[tuple[str, Outcome, Outcome]], run: Run) -> None:
        _, before, after = rows[0]
        self.stdout.write(
            f"{before.referrals} referrals captured {run.period.first:%b %-d, %Y} to {run.period.last:%b %-d, %Y}, read "
            "three weeks later; the same people and dice in both columns.\n"
        )
        self.stdout.write("\n".join(table.compared(before, after)))
        if len(rows) > 1:
            self.stdout.write("\nWhen an assumption is wrong\n" + "\n".join(table.varied(rows)))
        if refused := sum(outcome.refused for _, *pair in rows for outcome in pair):
            self.stderr.write(f"{refused} steps were refused by the engine: the simulation is behind its rules.")

    def _inside(self, run: Run, folder: Path) -> None:
        def progress(part: float) -> None:
            write(folder, "part", f"{part:.3f}")

        if folder is None or Office.objects.exists():
            raise CommandError("A run needs an empty database and a folder of its own; leave --inside to RefLoop.")
        write(folder, "outcome", json.dumps(run_here(run, progress=progress).to_json()))


def _first(text: str | None) -> date:
    if text is None:
        today = timezone.localdate()
        return date(today.year - 1, (today.month - 1) // 3 * 3 + 1, 1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CommandError(f"{text!r} is not a month such as 2025-01.") from None


def _as_json(name: str, changed: dict[str, float], row: tuple[str, Outcome, Outcome]) -> dict:
    _, before, after = row
    return {"case": name, "changed": changed, "untracked": before.to_json(), "with_refloop": after.to_json()}
