"""A reading survives its journey through the child process and the database."""

from datetime import date

import pytest

from referrals.intake.reading import (
    Embedded,
    Found,
    Identifier,
    Moment,
    Name,
    Party,
    Patient,
    Reading,
    Relation,
    from_json,
    to_json,
)

NOTE = Reading(
    format="C-CDA",
    patients=(
        Patient(
            names=(Found(Name("Public", ("Jane", "Q."), use="official"), "recordTarget/patient/name"),),
            birth_date=Found(Moment("19610304", "1961-03-04"), "birthTime"),
            identifiers=(Found(Identifier("A-17", "2.16.840.1.113883.3.99", "MR"), "patientRole/id", 0.9),),
        ),
    ),
    relations=(Found(Relation("replaces", Identifier("TT661"))),),
    authors=(Found(Party(Name("Osei", ("Ama",)), npi="1234567893"), "author"),),
    text="Seen and examined.",
    embedded=(Embedded(b"%PDF-1.7", "body"),),
)


def test_round_trip_keeps_all_but_the_embedded_bytes():
    data = to_json(NOTE)
    back = from_json(data)
    assert back.embedded == ()
    assert back == Reading(**{**vars(NOTE), "embedded": ()})
    assert "PDF" not in str(data)


@pytest.mark.parametrize(
    ("iso", "day"),
    [
        ("1961-03-04", date(1961, 3, 4)),
        ("2026-11-24T09:30-06:00", date(2026, 11, 24)),
        ("1961-03", None),
        ("1961", None),
        ("", None),
        ("1961-02-30", None),
    ],
)
def test_a_moment_knows_its_day_only_when_written_to_the_day(iso, day):
    assert Moment("raw", iso).day == day


def test_a_patient_is_usable_with_a_name_or_a_number():
    assert NOTE.patient.is_usable
    assert not Patient(birth_date=Found(Moment("1961", "1961"))).is_usable
