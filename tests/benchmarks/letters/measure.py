"""How well letters are read: fields right, missed, wrong and invented, seconds a page, memory.

    python -m tests.benchmarks.letters.measure [--pages 12] [--levels fine,bad_fine] [--held-out] [--show]

Level ``pdf`` is a text layer: what extraction does without recognition."""

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Callable

from referrals.intake.parsers.nested import read_document
from referrals.intake.reading import Reading
from referrals.names import name_key
from tests.benchmarks.letters import layouts
from tests.benchmarks.letters.faxing import LEVELS, drawn
from tests.benchmarks.letters.people import case
from tests.referrals.intake.parsers.making_pdf import pdf

FIELDS = ("name", "birth", "mrn", "visit", "number")


def values(reading: Reading) -> dict[str, str]:
    """The fields measured, as read; only a document about one patient has any of theirs."""
    patient = reading.patient
    found = {"number": reading.referral_numbers[0].value if reading.referral_numbers else ""}
    found["visit"] = reading.visit_at.value.iso if reading.visit_at else ""
    if patient:
        name = patient.names[0].value if patient.names else None
        found["name"] = f"{name.given[0] if name.given else ''} {name.family}" if name else ""
        found["birth"] = patient.birth_date.value.iso if patient.birth_date else ""
        found["mrn"] = patient.identifiers[0].value.value if patient.identifiers else ""
    return {field: value for field, value in found.items() if value}


def verdicts(truth: dict[str, str], found: dict[str, str]) -> dict[str, str]:
    result = {}
    for field in FIELDS:
        said, read = truth.get(field, ""), found.get(field, "")
        if not said:
            result[field] = "invented" if read else "silent"
        elif not read:
            result[field] = "missed"
        else:
            result[field] = "right" if name_key(said) == name_key(read) else "wrong"
    return result


def as_pdf(sheet: layouts.Sheet) -> bytes:
    """The sheet as a PDF with a text layer."""
    return pdf([(left * 612, top * 612 + 11, text) for left, top, text, _, _ in sheet.texts])


def run(level: str, pages: int, kinds: tuple[Callable[..., None], ...], seed: int, show: bool) -> str:
    counts: Counter[str] = Counter()
    by_field: Counter[str] = Counter()
    seconds = 0.0
    for index in range(pages):
        rng = random.Random(f"{seed}-{index}")
        c = case(rng)
        layout = kinds[index % len(kinds)]
        sheet = layouts.make(layout, c, rng)
        content = as_pdf(sheet) if level == "pdf" else LEVELS[level](drawn(sheet, rng), rng)
        start = time.process_time()
        reading = read_document(content)[0]
        seconds += time.process_time() - start
        found = values(reading)
        for field, verdict in verdicts(sheet.truth, found).items():
            counts[verdict] += 1
            if verdict in ("missed", "wrong", "invented"):
                by_field[f"{field} {verdict}"] += 1
                if show:
                    said, read = sheet.truth.get(field), found.get(field)
                    print(f"  {level} {index} {layout.__name__}: {field} {verdict}: {said!r} {read!r}")  # noqa: T201
    asked = counts["right"] + counts["missed"] + counts["wrong"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{level:13} right {counts['right'] / asked:6.1%} of {asked:4}  missed {counts['missed']:3}  wrong {counts['wrong']:3}"
        f"  invented {counts['invented']:3}  {seconds / pages:6.3f} CPU s/page  {memory:5.0f} MB  {dict(by_field)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--levels", default=",".join(["pdf", *LEVELS]))
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    kinds = layouts.HELD_OUT if options.held_out else layouts.LAYOUTS
    for level in options.levels.split(","):
        print(run(level, options.pages, kinds, options.seed, options.show), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
