"""Published files of many vendors are read as an independent extraction of their facts says."""

import pytest

from tests.referrals.intake.parsers.truth import FOLDER, compare, truth

pytestmark = pytest.mark.skipif(
    not (FOLDER / "truth.json").exists(), reason=f"no sample files in {FOLDER}; set REFLOOP_SAMPLES to their folder"
)

# (part of the path, field): why the reading is right to differ.
EXPLAINED = {
    ("Practice_Fusion/", "referrers"): "a performer whose function is, in words, Referring provider",
    ("729a4dfe.json", "visit"): "of several encounters the one of the report is meant, not the first",
    ("MDM-T02-01.hl7", "visit"): "TXA-4 is when the documented activity was performed (2.5.1, 9.6.1.4)",
    ("mdm-t02-document.hl7", "visit"): "TXA-4, as above",
    ("mdm-t02-document.hl7", "author"): "a physician in TXA-11, where nobody else is named, wrote it himself",
}


@pytest.mark.parametrize("family", ["ccda", "v2", "fhir"])
def test_every_fact_is_as_the_truth_says(family):
    compared = [c for path, sample in truth().items() if path.startswith(f"{family}/") for c in compare(path, sample)]
    differing = [c for c in compared if c.verdict != "right"]
    unexplained = [c for c in differing if not any(part in c.file and c.field == field for part, field in EXPLAINED)]
    assert len(compared) > 300
    assert not unexplained
