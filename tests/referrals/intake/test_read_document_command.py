"""``manage.py read_document`` shows an integrator what is read, and where it stood."""

import json

import pytest
from django.core.management import CommandError, call_command

from referrals.intake.reading import from_json
from tests.referrals.intake.parsers.made import ENCOUNTER, SIGNED, cda, packed


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "note.xml"
    path.write_bytes(cda(SIGNED, ENCOUNTER))
    return str(path)


def test_it_prints_each_fact_with_its_place(note, capsys):
    call_command("read_document", note)
    out = capsys.readouterr().out
    assert "document 1 of 1: C-CDA" in out
    assert "family Delgado, given Rosa, Maria, use official   [recordTarget/patientRole/patient/name]" in out
    assert "1961-03-04   [recordTarget/patientRole/patient/birthTime]" in out
    assert "| Atrial fibrillation." in out


def test_it_gives_json_that_can_be_read_back(note, capsys):
    call_command("read_document", note, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["content_type"] == "application/xml"
    assert from_json(found["readings"][0]).kind.value == "consult_note"


def test_a_file_that_cannot_be_read_fails_after_the_others_were_shown(note, tmp_path, capsys):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(packed({"a.xml": b"<ClinicalDocument>"}))
    with pytest.raises(CommandError, match="1 of 2 files could not be read"):
        call_command("read_document", str(bad), note)
    out = capsys.readouterr().out
    assert "cannot be read: The embedded XML document was not read: The XML is not well-formed (line 1)" in out
    assert "Delgado" in out


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("read_document", str(tmp_path / "none.xml"))
