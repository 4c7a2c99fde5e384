"""``manage.py report``: the figures of a period, in text, CSV or JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from referrals.errors import InvalidInput
from referrals.spreadsheet import csv_lines
from reporting.measures import outline
from reporting.measures.assumptions import current_assumptions
from reporting.measures.breakdown import Report, report
from reporting.measures.chase import Chase, chase
from reporting.measures.cohort import Cohort, Filters
from reporting.measures.definitions import COHORT, MEASURES
from reporting.measures.dimensions import DIMENSIONS
from reporting.measures.figures import Measured
from reporting.measures.period import Period

SHOWN = ("scheduled", "closed", "closed_within_14", "days_median", "leaked", "at_risk")  # in the tables of the text


class Command(BaseCommand):
    help = "The figures of the referrals captured in a period: closure, leakage, days, dollars. Without a period: last month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="first", default="", help="First day, 2026-11-01, or month, 2026-11.")
        parser.add_argument("--to", dest="last", default="", help="Last day or month, included; the same as --from.")
        parser.add_argument("--by", default="", help=f"Breakdowns, with commas: {', '.join(DIMENSIONS)}; or all.")
        parser.add_argument("--format", choices=["text", "csv", "json"], default="text")
        for dimension in DIMENSIONS.values():
            word = {"npi": "NPIs", "code": "codes", "pk": "ids"}.get(dimension.words, "values")
            none = " or none" if dimension.none_label else ""
            parser.add_argument(
                f"--{dimension.key.replace('_', '-')}", default="", metavar=word.upper(),
                help=f"Only these, with commas ({word}{none}).",
            )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            period = _period(options, Period.last_month(now))
            by = _dimensions(options["by"])
            filters = Filters.read({key: options[key] for key in DIMENSIONS})
        except InvalidInput as error:
            raise CommandError(
                "; ".join(f"--{path.replace('_', '-')}: {text}" for path, text in error.fields)
            ) from None
        cohort, assumptions = Cohort(period, filters), current_assumptions()
        found = report(cohort, now=now, assumptions=assumptions, by=by)
        if options["format"] == "csv":
            for line in csv_lines(outline.HEAD, outline.lines(found)):
                self.stdout.write(line, ending="")
            return
        chased = chase(cohort, assumptions=assumptions)
        if options["format"] == "json":
            work = {"steps": dict(chased.counts), "hours": round(float(chased.hours), 2)}
            self.stdout.write(json.dumps(outline.as_dict(found) | {"chase": work}, indent=1, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_text(found, chased)))


def _period(options: dict[str, Any], otherwise: Period) -> Period:
    first, last = options["first"] or options["last"], options["last"] or options["first"]
    return Period.read(first, last) if first else otherwise


def _dimensions(text: str) -> list[str]:
    asked = [word.strip() for word in text.split(",") if word.strip()]
    if asked == ["all"]:
        return list(DIMENSIONS)
    if unknown := [word for word in asked if word not in DIMENSIONS]:
        raise InvalidInput([("by", f"No such breakdown: {', '.join(unknown)}. Known: {', '.join(DIMENSIONS)}, all.")])
    return list(dict.fromkeys(asked))


def _text(found: Report, chased: Chase) -> list[str]:
    period, total = found.cohort.period, found.total
    passed = period.until(timezone.localdate(found.at))
    filters = found.cohort.filters.in_words()
    lines = [f"{period}{f' ({filters})' if filters else ''}: {total.cohort:,} referrals", COHORT, ""]
    lines += [_measure(measured) for measured in [*total.measures(), chased.measured(passed)]]
    for dimension, parts in found.parts.items():
        lines += ["", DIMENSIONS[dimension].name]
        heads = [MEASURES[key].name for key in SHOWN]
        rows = [[part.choice.label, f"{part.figures.cohort:,}", *(part.figures.measured(key).text for key in SHOWN)]
                for part in parts]  # fmt: skip
        lines += _table(["", "Referrals", *heads], rows) if rows else ["  no referrals"]
    return lines


def _measure(measured: Measured) -> str:
    counted = f"{measured.numerator:,} of {measured.denominator:,}"
    benchmark = f"   [{measured.stands.lower()}]" if measured.stands else ""
    unit = "" if measured.measure.key == "chase_hours_per_week" else counted
    return f"{measured.measure.name:<34}{measured.text:>14}   {unit:<18}{benchmark}".rstrip()


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(line[n]) for line in [head, *rows]) for n in range(len(head))]
    return [
        "  " + "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width) for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [head, *rows]
    ]  # fmt: skip
