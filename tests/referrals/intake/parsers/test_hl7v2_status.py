"""How finished a report is, by TXA, OBR, OBX and event; a preliminary one never looks final."""

import pytest

from referrals.intake.parsers.hl7v2 import read
from referrals.intake.reading import Identifier, Relation
from tests.referrals.intake.parsers.made import obx, txa, v2


def status(content: bytes):
    found = read(content)[0].status
    return found.value if found else None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AU", "final"), ("LA", "final"), ("AU^Authenticated^HL70271", "final"), ("DI", "preliminary"),
        ("DO", "preliminary"), ("IN", "preliminary"), ("IP", "preliminary"), ("PA", "preliminary"), ("", None), ("ZZ", None),
    ],
)  # fmt: skip
def test_completion_status_of_a_document(code, expected):
    assert status(v2(txa(_2="CN", _17=code), obx("Seen."))) == expected


def test_an_unfinished_observation_makes_a_document_without_status_unfinished():
    assert status(v2(txa(_2="CN"), obx("Seen.", status="P"))) == "preliminary"


def test_who_authenticated_it_and_when_is_a_signature():
    signed = txa(_2="CN", _22="55^HALL^IDA^^^^^^^^^^^^20261124")
    assert status(v2(signed)) == "final"
    assert status(v2(txa(_2="CN", _22="55^HALL^IDA"))) is None


def test_a_cancelled_document_is_retracted():
    assert status(v2(txa(_2="CN", _17="AU", _19="CA"))) == "retracted"
    assert status(v2(txa(_2="CN", _12="D1", _17="AU"), kind="MDM^T11")) == "retracted"


@pytest.mark.parametrize(
    ("event", "document_status", "relation"),
    [
        ("T02", "final", None),
        ("T04", "final", Relation("replaces", Identifier("D1"))),
        ("T06", "final", Relation("appends", Identifier("D0"))),
        ("T08", "amended", Relation("replaces", Identifier("D0"))),
        ("T10", "amended", Relation("replaces", Identifier("D0"))),
        ("T11", "retracted", Relation("retracts", Identifier("D1"))),
    ],
)
def test_events_tell_how_it_stands_to_the_earlier_document(event, document_status, relation):
    parent = "" if event in {"T02", "T04"} else "D0"
    reading = read(v2(txa(_2="CN", _12="D1", _13=parent, _17="AU"), kind=f"MDM^{event}"))[0]
    assert reading.status.value == document_status
    assert [r.value for r in reading.relations] == ([relation] if relation else [])


def test_an_edit_without_a_parent_replaces_the_document_of_the_same_number():
    reading = read(v2(txa(_2="CN", _12="D1", _17="AU"), kind="MDM^T08"))[0]
    assert reading.relations[0].value == Relation("replaces", Identifier("D1"))


def test_a_deleted_document_takes_itself_back_however_it_is_said():
    deleted = read(v2(txa(_2="CN", _12="D1", _17="AU", _19="CA"), obx("Seen.")))[0]
    assert deleted.relations[0].value == Relation("retracts", Identifier("D1"))
    code = "OBX|2|CWE|MASK||N||||||F"
    assert status(v2(txa(_2="CN", _12="D1", _17="AU"), obx("Seen.", status="D"), code, kind="MDM^T04")) == "retracted"
    for standing in ("F", ""):
        kept = obx("Seen again.", status=standing)
        assert status(v2(txa(_2="CN", _12="D1", _17="AU"), obx("Seen.", status="D"), kept)) == "final"


def test_a_first_document_without_a_number_has_no_parent():
    assert read(v2(txa(_2="CN", _13="D1", _17="AU"), obx("Seen.")))[0].relations == ()


def test_an_obsolete_document_says_so():
    assert "newer version" in read(v2(txa(_2="CN", _17="AU", _19="OB"), obx("Seen.")))[0].warnings[0]


@pytest.mark.parametrize("kind", ["MDM", "MDM_T11"])
def test_the_event_may_stand_in_its_own_segment(kind):
    assert status(v2("EVN|T11|20261124", txa(_2="CN", _12="D1"), kind=kind)) == "retracted"


@pytest.mark.parametrize(
    ("orders", "observations", "expected"),
    [
        ("F", "F", "final"), ("C", "F", "amended"), ("F", "C", "amended"), ("P", "F", "preliminary"),
        ("F", "P", "preliminary"), ("R", "F", "preliminary"), ("I", "", "preliminary"), ("S", "", "preliminary"),
        ("A", "F", "interim"), ("F", "S", "interim"), ("X", "X", "retracted"), ("FX", "F", "final"),
        ("FP", "F", "preliminary"), ("", "F", "final"), ("", "FD", "final"), ("", "DW", "retracted"), ("HM", "F", "final"),
        ("", "", None), ("Y", "", None),
    ],
)  # fmt: skip
def test_a_result_is_as_finished_as_its_least_finished_part(orders, observations, expected):
    codes = [orders] if orders == "HM" else list(orders or " ")
    obr = [f"OBR|{n}|||CBC|||||||||||||||||||||{code.strip()}" for n, code in enumerate(codes, 1)]
    assert status(v2(*obr, *(obx("Text.", status=o) for o in observations), kind="ORU^R01")) == expected
