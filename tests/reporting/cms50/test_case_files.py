"""Where a test case may lie: a bundle, a bundle in a bundle, lines of resources, or a folder of single resources."""

import json

import pytest

from reporting.cms50.case_files import NotACase, Source, sources
from tests.reporting.cms50.of_our_own import bundle, written

RESOURCES = [entry["resource"] for entry in bundle()["entry"]]
KINDS = [resource["resourceType"] for resource in RESOURCES]


def kinds(source: Source) -> list[str]:
    return [entry.kind for entry in source.entries()]


def loose(folder) -> None:
    for resource in RESOURCES:
        written(folder, resource, f"{resource['resourceType']}-1.json")


@pytest.mark.parametrize(
    "content",
    [
        bundle(),
        bundle() | {"type": "transaction-response", "entry": [{"response": {"status": "201"}}, *bundle()["entry"]]},
        {"resourceType": "Bundle", "entry": [{"resource": bundle()}]},
        "\n".join(json.dumps(resource) for resource in RESOURCES) + "\n\n",
        "\ufeff" + json.dumps(bundle()),
    ],
    ids=["bundle", "response", "bundle in a bundle", "lines", "byte order mark"],
)
def test_a_file_of_one_case(tmp_path, content):
    (source,) = sources(written(tmp_path, content))
    assert (source.name, kinds(source)) == ("case", KINDS)


def test_the_single_resources_of_a_folder_are_one_case_called_by_the_folder(tmp_path):
    loose(tmp_path / "patient-1")
    (source,) = sources(tmp_path / "patient-1")
    assert (source.name, sorted(kinds(source))) == ("patient-1", sorted(KINDS))


def test_a_folder_holds_every_case_below_it_and_passes_over_the_rest(tmp_path):
    loose(tmp_path / "deck" / "one")
    written(tmp_path, bundle(), "deck/one/older.json")
    loose(tmp_path / "deck" / "two")
    written(tmp_path, bundle(), "deck/three.json")
    written(
        tmp_path, {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "ValueSet"}}]}, "deck/codes.json"
    )
    written(tmp_path, {"resourceType": "Measure"}, "deck/measure/Measure.json")
    written(tmp_path, "one = …", "deck/README.txt")
    written(tmp_path, "{", "deck/torn.json")
    assert [source.name for source in sources(tmp_path)] == ["three", "torn", "older", "one", "two"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<xml/>", "case.json is not JSON"),
        ("", "not a FHIR bundle or resource"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a FHIR bundle or resource"),
        ({}, "not a FHIR bundle or resource"),
        ({"resourceType": "Measure"}, "it holds Measure"),
        ({"resourceType": "Bundle", "entry": {}}, "it holds nothing"),
        ({"resourceType": "Bundle", "entry": [{"resource": RESOURCES[0] | {"id": id}} for id in "ab"]}, "2 patients"),
    ],
    ids=["xml", "empty", "too deep", "list", "no type", "measure", "no entries", "two patients"],
)
def test_a_file_that_is_no_case_says_what_it_is(tmp_path, content, says):
    (source,) = sources(written(tmp_path, content))
    with pytest.raises(NotACase, match=says):
        source.entries()
