"""Damaged and hostile files: a reason, never another exception, and what is read can be stored."""

import json
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.intake.parsers import fhir_json, hl7v2, xdm, xml_documents
from referrals.intake.parsers.nested import read_document
from referrals.intake.parsers.protocol import Unreadable
from referrals.intake.reading import Reading, from_json, to_json
from tests.referrals.intake.parsers.made import ENCOUNTER, PDF, SIGNED, b64, bundle, cda, obx, packed, txa, v2
from tests.referrals.intake.parsers.test_fhir import COMPOSITION, NOTE, REPORT, TOGETHER, XML
from tests.referrals.intake.parsers.test_packages import METADATA
from tests.referrals.intake.parsers.truth import FOLDER, truth

MADE = [
    cda(SIGNED, ENCOUNTER),
    v2(txa(_2="CN", _9="77^GRAY^LEO", _12="D1", _17="AU"), obx("A~B"), obx(f"^AP^PDF^Base64^{b64(PDF)}", kind="ED")),
    v2("SCH|1|2|||||||||^^^20261201083000", kind="SIU^S12") + v2("OBR|1|R||CBC", obx("x"), kind="ORU^R01"),
    bundle(NOTE, REPORT, *TOGETHER),
    bundle(COMPOSITION, *TOGETHER, kind="document"),
    XML.encode(),
    packed({"M/METADATA.XML": METADATA, "M/NOTE.PDF": PDF, "a.xml": cda()}),
]
VALUES = [b"null", b'""', b"5", b"[]", b"{}", b'"x"', b"[[{}]]", b"true", b'"\\u0000"', b"1e999"]


def damaged(content: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(5)
    if kind == 0:
        return content[: chance.randrange(len(content))]
    if kind == 1:
        pieces = re.split(rb'("[^"]*")', content)
        for _ in range(4):
            pieces[chance.randrange(len(pieces))] = chance.choice(VALUES)
        return b"".join(pieces)
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(changed)) if changed else 0
        if kind == 2:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 3:
            del changed[at : at + chance.randrange(1, 120)]
        else:
            changed[at:at] = chance.choice(
                [b"|", b"^", b"~", b"\\", b"&", b"\r", b"<", b">", b'"', b"\x00", b"\xff", changed[:300]]
            )
    return bytes(changed)


def storable(readings: list[Reading]) -> None:
    """PostgreSQL stores no NUL and no half surrogate."""
    for reading in readings:
        text = json.dumps(to_json(reading), ensure_ascii=False)
        text.encode()
        assert "\\u0000" not in text.replace("\\\\", "")  # an escaped backslash may stand before a u0000
        assert from_json(json.loads(text)) == Reading(**{**vars(reading), "embedded": (), "part": None})


def try_all(content: bytes) -> None:
    for read in (read_document, xml_documents.read, hl7v2.read, fhir_json.read, xdm.read):
        try:
            storable(read(content))
        except Unreadable as reason:
            assert str(reason)


@pytest.mark.parametrize("content", MADE)
def test_whole_documents_are_read_and_storable(content):
    storable(read_document(content))


@pytest.mark.parametrize("seed", range(len(MADE)))
def test_damage_gives_a_reading_or_a_reason(seed):
    chance = random.Random(seed)
    for _ in range(60):
        try_all(damaged(MADE[seed], chance))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_give_a_reading_or_a_reason(content):
    try_all(content)
    try_all(b"MSH|^~\\&|" + content)
    try_all(b"<ClinicalDocument>" + content + b"</ClinicalDocument>")


_KEYS = st.sampled_from(
    [
        "entry",
        "resource",
        "resourceType",
        "subject",
        "reference",
        "identifier",
        "value",
        "system",
        "type",
        "coding",
        "code",
        "content",
        "attachment",
        "data",
        "name",
        "family",
        "given",
        "period",
        "start",
        "text",
        "div",
        "section",
        "contained",
        "status",
        "id",
        "author",
        "relatesTo",
        "target",
        "context",
        "encounter",
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["Bundle", "DocumentReference", "DiagnosticReport", "Composition", "Patient"]),
    st.dictionaries(_KEYS, _JSON),
)
def test_any_json_under_a_resource_type_gives_a_reading_or_a_reason(kind, fields):
    try_all(json.dumps({**fields, "resourceType": kind}).encode())


@pytest.mark.skipif(not (FOLDER / "truth.json").exists(), reason=f"no sample files in {FOLDER}; set REFLOOP_SAMPLES")
def test_damaged_samples_give_a_reading_or_a_reason():
    chance = random.Random(7)
    paths = [p for p in truth() if p.startswith(("ccda/", "v2/", "fhir/"))]
    for path in chance.sample(paths, 60):
        content = (FOLDER / path).read_bytes()
        if len(content) < 150_000:
            try_all(damaged(content, chance))
