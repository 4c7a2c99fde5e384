"""Print CMS50 of a year, or check the logic against published test cases."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from referrals.models import Office
from referrals.spreadsheet import csv_lines
from reporting.cms50.case_files import NotACase, sources
from reporting.cms50.cases import Case, read_case
from reporting.cms50.records import BY_CLINICIAN, BY_PATIENT, Result, measure
from reporting.cms50.table import HEAD, as_dict, as_line


class Command(BaseCommand):
    help = (
        'CMS50 "Closing the Referral Loop: Receipt of Specialist Report" of a year, from the referrals our offices made; '
        "with --check, of published FHIR test bundles. The rows show patient data."
    )

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="Measurement year; this year unless given.")
        parser.add_argument(
            "--count", choices=[BY_PATIENT, BY_CLINICIAN], default=BY_PATIENT,
            help="The patient's first referral (as the published logic does, the default), or the first per clinician.",
        )  # fmt: skip
        parser.add_argument(
            "--office", metavar="NPI", action="append", help="Only referrals of this office; repeatable."
        )
        parser.add_argument(
            "--recorded-visits", action="store_true", help="Leave out patients whose qualifying visit is only presumed."
        )
        parser.add_argument("--winnable", action="store_true", help="Only rows that can still be met by December 31.")
        parser.add_argument("--format", choices=["text", "csv", "json"], default="text")
        parser.add_argument(
            "--check", nargs="+", type=Path, metavar="FILE_OR_FOLDER",
            help="FHIR test cases: bundles, or folders of them or of a patient's single resources.",
        )  # fmt: skip

    def handle(self, *args, **options):
        if options["check"]:
            self._check(options["check"], options["year"])
            return
        now = timezone.now()
        result = measure(
            year=options["year"] or timezone.localdate(now).year,
            counted_by=options["count"],
            offices=_offices(options["office"]),
            recorded_visits_only=options["recorded_visits"],
        )
        winnable = result.winnable(now)
        rows = result.read(winnable if options["winnable"] else result.ids)
        if options["format"] == "csv":
            for line in csv_lines(HEAD, (as_line(row) for row in rows)):
                self.stdout.write(line, ending="")
        elif options["format"] == "json":
            summary = {"year": result.year, "counted_by": result.counted_by, "numerator": result.numerator,
                       "denominator": result.denominator, "rate": result.rate, "presumed_visits": result.presumed}  # fmt: skip
            self.stdout.write(json.dumps({**summary, "rows": [as_dict(row) for row in rows]}, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_as_text(result, list(result.read(winnable)))))

    def _check(self, paths: list[Path], year: int | None) -> None:
        read, unread, wrong = 0, 0, 0
        for path in paths:
            try:
                found = sources(path)
                if not found:
                    raise NotACase(f"{path} holds no FHIR test case.")
            except (NotACase, OSError) as error:
                unread += self._not_read(path.name, error)
                continue
            for source in found:
                try:
                    case = read_case(source, year=year)
                except (NotACase, OSError) as error:
                    unread += self._not_read(source.name, error)
                    continue
                read += 1
                wrong += not case.agrees
                self._say(case)
        if wrong or unread:
            faults = [
                (wrong, f"{wrong} of {read} cases differ from their published result"),
                (unread, f"{unread} could not be read"),
            ]
            raise CommandError(f"{', '.join(text for count, text in faults if count)}.")

    def _say(self, case: Case) -> None:
        verdict = "DIFFERS" if not case.agrees else "agrees " if case.expected else "found  "
        self.stdout.write(f"{verdict} {case.name}: {case.found}")
        if not case.agrees:
            self.stdout.write(f"         published: {case.expected}; {' · '.join(case.outcome.why)}")
        elif not case.expected:
            self.stdout.write(f"         no result was published with it; {' · '.join(case.outcome.why)}")

    def _not_read(self, name: str, error: Exception) -> int:
        text = error.strerror if isinstance(error, OSError) else error
        self.stdout.write(f"NO CASE {name}: {text}")
        return 1


def _offices(npis: list[str] | None) -> list[Office] | None:
    if npis is None:
        return None
    found = {office.npi: office for office in Office.objects.filter(npi__in=npis)}
    if missing := [npi for npi in npis if npi not in found]:
        raise CommandError(f"No office has the NPI {', '.join(missing)}. The directory lists them.")
    return list(found.values())


def _as_text(result: Result, winnable: list) -> Iterator[str]:
    yield f"CMS50 {result.year}, counted by {result.counted_by}"
    if result.rate is None:
        yield f"  No referral of {result.year} counts yet."
        return
    yield f"  {result.numerator} of {result.denominator} reports received: {result.rate:.1%}"
    yield f"  visit on record for {result.denominator - result.presumed}, presumed from the order for {result.presumed}"
    yield f"  still winnable by December 31: {len(winnable)}"
    if result.counted_by == BY_CLINICIAN:
        for one in result.by_clinician():
            yield f"    {one.name or 'no clinician named':40} {one.met:5} of {one.of:5}  {one.met / one.of:.1%}"
    for row in winnable:
        yield f"    {row.number}  {row.patient:30}  {row.specialty:24}  {row.evidence[-1]}"
