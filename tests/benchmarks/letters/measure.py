"""How well letters are read: fields right, missed, wrong and invented, seconds a page, memory.

    python -m tests.benchmarks.letters.measure [--set plain|vendors|unseen|printouts|all] [--levels fine,bad_fine] [--pages 12] [--show]

Level ``pdf`` is a text layer: what extraction does without recognition. ``unseen`` layouts and ``printouts``
are for measuring only.
``--cache FOLDER`` keeps what was recognised, so that work on the rules needs no recognition."""

import argparse
import hashlib
import pickle
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import referrals.intake.ocr
from referrals.intake.letters.page import PageText
from referrals.intake.ocr.page import read_page
from referrals.intake.parsers import image as image_parser
from referrals.intake.parsers import pdf as pdf_parser
from referrals.intake.parsers.nested import read_document
from referrals.intake.reading import Reading
from referrals.names import name_key
from tests.benchmarks.letters import layouts, printouts, unseen, vendors
from tests.benchmarks.letters.faxing import LEVELS, drawn
from tests.benchmarks.letters.people import case
from tests.referrals.intake.parsers.making_pdf import pdf

FIELDS = ("name", "birth", "mrn", "visit", "number")
OTHERS = ("author", "referrer", "former", "zip", "phone", "order", "status", "patients", "written")
SETS = {
    "plain": layouts.LAYOUTS,
    "vendors": vendors.VENDORS,
    "unseen": unseen.UNSEEN,
    "printouts": printouts.PRINTOUTS,
    "all": (*layouts.LAYOUTS, *vendors.VENDORS, *unseen.UNSEEN, *printouts.PRINTOUTS),
}
SURE = 0.75  # under it a value is weak evidence (referrals/reconcile/identity/compare.py)


def values(reading: Reading) -> dict[str, tuple[str, float]]:
    """The fields measured, as read, with how sure; only a document about one patient has any of theirs."""
    patient = reading.patient
    found = {"patients": ("several" if len(reading.patients) > 1 else "", 1.0)}
    if reading.referral_numbers:
        found["number"] = (reading.referral_numbers[0].value, reading.referral_numbers[0].sure)
    if reading.visit_at:
        found["visit"] = (reading.visit_at.value.iso, reading.visit_at.sure)
    if reading.written_at:
        found["written"] = (reading.written_at.value.iso, reading.written_at.sure)
    for field, people in (("author", reading.authors), ("referrer", reading.referrers)):
        if people and (name := people[0].value.name):
            found[field] = (f"{name.given[0] if name.given else ''} {name.family}", people[0].sure)
    if reading.order_ids:
        found["order"] = (reading.order_ids[0].value.value, reading.order_ids[0].sure)
    if reading.status:
        found["status"] = (reading.status.value, reading.status.sure)
    if patient:
        for name in patient.names:
            field = "former" if name.value.use == "former" else "name"
            given = f"{name.value.given[0]} " if name.value.given and field == "name" else ""
            found.setdefault(field, (f"{given}{name.value.family}", name.sure))
        if patient.birth_date:
            found["birth"] = (patient.birth_date.value.iso, patient.birth_date.sure)
        if patient.identifiers:
            found["mrn"] = (patient.identifiers[0].value.value, patient.identifiers[0].sure)
        if patient.phones:
            found["phone"] = (patient.phones[0].value, patient.phones[0].sure)
        if patient.addresses:
            found["zip"] = (patient.addresses[0].value.zip, patient.addresses[0].sure)
    return {field: value for field, value in found.items() if value[0]}


def verdicts(truth: dict[str, str], found: dict[str, tuple[str, float]]) -> dict[str, str]:
    """Each field's verdict. What a letter does not say is invented when it is one of the five, several patients where one

    is, or a field whose truth is empty."""
    result = {}
    for field in (*FIELDS, *OTHERS):
        said, (read, sure) = truth.get(field, ""), found.get(field, ("", 0.0))
        if not said:
            result[field] = (
                "invented" if read and (field in FIELDS or field == "patients" or field in truth) else "silent"
            )
        elif not read:
            result[field] = "missed"
        elif name_key(said) == name_key(read):
            result[field] = "right" if sure >= SURE else "right, unsure"
        else:
            result[field] = "wrong" if sure >= SURE else "wrong, unsure"
    return result


def as_pdf(sheet: layouts.Sheet) -> bytes:
    """The sheet as a PDF with a text layer."""
    return pdf(
        *([(left * 612, top * 612 + size, text, size) for left, top, text, size, _ in page] for page in sheet.pages)
    )


def keep_recognised(folder: Path) -> Counter[str]:
    """Have the parsers take pages recognised before from the folder. Counts pages and CPU seconds of recognition."""
    spent: Counter[str] = Counter()
    folder.mkdir(parents=True, exist_ok=True)
    code = b"".join(file.read_bytes() for file in sorted(Path(referrals.intake.ocr.__file__).parent.glob("*.py")))

    def kept(grey, number: int, *, stretch: float = 1.0, fax: bool = False) -> PageText:
        said = hashlib.sha256(code + grey.tobytes() + f"{grey.shape}{number}{stretch:.3f}{fax}".encode()).hexdigest()
        place = folder / said
        if place.exists():
            page, seconds = pickle.loads(place.read_bytes())  # noqa: S301 (written here)
        else:
            start = time.process_time()
            page = read_page(grey, number, stretch=stretch, fax=fax)
            seconds = time.process_time() - start
            place.write_bytes(pickle.dumps((page, seconds)))
        spent["pages"] += 1
        spent["seconds"] += seconds
        return page

    image_parser.read_page = pdf_parser.read_page = kept
    return spent


class Tally:
    """Counts of verdicts, for the five fields and for the others."""

    def __init__(self) -> None:
        self.five: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def add(self, field: str, verdict: str) -> None:
        (self.five if field in FIELDS else self.others)[verdict] += 1
        if not verdict.startswith(("right", "silent")):
            self.faults[f"{field} {verdict}"] += 1

    def line(self) -> str:
        return f"{_shares(self.five)} | others {_shares(self.others)} | {dict(self.faults.most_common(12))}"


def _shares(counts: Counter[str]) -> str:
    right, unsure = counts["right"] + counts["right, unsure"], counts["right, unsure"]
    wrong = counts["wrong"] + counts["wrong, unsure"]
    asked = right + wrong + counts["missed"]
    return (
        f"{right / max(asked, 1):6.1%} of {asked:4} ({unsure} unsure) missed {counts['missed']} "
        f"wrong {wrong} ({counts['wrong, unsure']} unsure) invented {counts['invented']}"
    )


def run(level: str, pages: int, kinds: tuple[Callable[..., None], ...], seed: int, show: bool, all_of_it: Tally) -> str:
    tally, seconds, sheets = Tally(), 0.0, 0
    for index in range(pages or len(kinds)):
        layout = kinds[index % len(kinds)]
        rng = random.Random(f"{seed}-{index}-{layout.__name__}")
        c = case(rng)
        sheet = layouts.make(layout, c, rng)
        content = as_pdf(sheet) if level == "pdf" else LEVELS[level](drawn(sheet, rng), rng)
        start = time.process_time()
        reading = read_document(content)[0]
        seconds, sheets = seconds + time.process_time() - start, sheets + len(sheet.pages)
        found = values(reading)
        for field, verdict in verdicts(sheet.truth, found).items():
            tally.add(field, verdict)
            all_of_it.add(field, verdict)
            if show and not verdict.startswith(("right", "silent")):
                said, read = sheet.truth.get(field), found.get(field)
                print(f"  {level} {index} {layout.__name__}: {field} {verdict}: {said!r} {read!r}")  # noqa: T201
    return f"{level:13} {tally.line()}  {seconds / sheets:6.3f} s/page"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SETS, default="all")
    parser.add_argument("--layouts", default="", help="only these, by name")
    parser.add_argument("--pages", type=int, default=0, help="letters at each level; 0 is one of each layout")
    parser.add_argument("--levels", default=",".join(["pdf", *LEVELS]))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    spent = keep_recognised(options.cache) if options.cache else None
    kinds = tuple(k for k in SETS[options.set] if not options.layouts or k.__name__ in options.layouts.split(","))
    all_of_it = Tally()
    for level in options.levels.split(","):
        line = run(level, options.pages, kinds, options.seed, options.show, all_of_it)
        if spent:
            line += f"; recognised {spent['pages']} at {spent['seconds'] / max(spent['pages'], 1):.2f} CPU s each"
            spent.clear()
        print(line, flush=True)  # noqa: T201
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'all':13} {all_of_it.line()}  {memory:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
