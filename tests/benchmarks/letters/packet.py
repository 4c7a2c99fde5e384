"""How well RefLoop's own cover sheet is read back from a fax: by its code, and by its print.

    python -m tests.benchmarks.letters.packet [--sheets 5] [--levels fine,bad_standard] [--print]

Each sheet comes alone, and as the second of three pages. Without ``--print`` only the code is looked for, which is quick."""

import argparse
import os
import random

import django
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from referrals.intake.ocr import codes, engine
from referrals.intake.parsers import image, pdf
from tests.benchmarks.letters import layouts
from tests.benchmarks.letters.faxing import HEIGHT, LEVELS, WIDTH, drawn
from tests.benchmarks.letters.people import Case, case, first_last


def cover(c: Case) -> Image.Image:
    """The first page of the packet at 300 dpi."""
    from referrals.packet.contents import Sheet  # needs Django's settings
    from referrals.packet.draw import cover_sheet

    content = cover_sheet(
        Sheet(
            number=c.number, group="Lakeside Medical Group", priority="Urgent", is_pressing=True,
            about=(("Specialty", "Cardiology"), ("Referred on", "11/20/2026")),
            to=(("Office", "Capitol Heart Center"), ("Fax", "608-555-0101")),
            sender=(("Office", "Lakeside Family Medicine"), ("Provider", f"{c.referrer}, MD")),
            patient=(("Name", first_last(c)), ("Born", f"{c.birth:%m/%d/%Y}"), ("Phone", c.phone)),
            coverage=(), question="Chest pain on exertion for two months. Is a stress test needed?",
            asked=(("ICD-10", "R07.9"),), returning=("Please fax your note to 608-555-0199.",),
            confidential="Confidential.", printed="11/20/2026 10:15",
        )
    )  # fmt: skip
    with pdfium.PdfDocument(content) as document:
        return document[0].render(scale=300 / 72, grayscale=True).to_pil().convert("L").resize((WIDTH, HEIGHT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=5)
    parser.add_argument("--levels", default=",".join(LEVELS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--print", action="store_true", dest="printed")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if options.printed:
        codes.payloads = lambda grey: ()
    else:
        engine.boxes_of = lambda grey, *, fax: np.empty((0, 4, 2), np.float32)
    for level in options.levels.split(","):
        alone, amid, wrong = 0, 0, 0
        for index in range(options.sheets):
            rng = random.Random(f"{options.seed}-{index}")
            c = case(rng)
            page = cover(c)
            letter = drawn(layouts.make(layouts.no_numbers, c, rng), rng)
            for pages in ([page], [*letter, page, *letter]):
                if level == "two_up":
                    pages = pages[:2]
                content = LEVELS[level](pages, rng)
                (reading,) = (pdf if content.startswith(b"%PDF") else image).read(content)
                found = [number.value for number in reading.referral_numbers]
                wrong += any(number != c.number for number in found)
                alone += len(pages) == 1 and c.number in found
                amid += len(pages) > 1 and c.number in found
        print(f"{level:13} alone {alone} of {options.sheets}  amid letters {amid}  wrong {wrong}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
