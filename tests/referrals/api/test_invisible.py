"""Text that shows nothing is empty, text that deceives is refused, and names are on one line."""

import pytest

from referrals.models import Patient
from tests.referrals.api.calling import body, fields_of


@pytest.mark.parametrize("nothing", ["\u200b", "\ufeff \u2060", "\u2800\u3164", "\u200e\n"])
def test_invisible_characters_alone_are_no_text(outside, nothing):
    sent = body(clinical_question=nothing, patient={"family_name": nothing})
    assert fields_of(outside.post("referrals/", sent)) == {"clinical_question", "patient.family_name"}


@pytest.mark.parametrize("turned", ["\u202egnirts", "a\u2066b"])
def test_a_name_that_would_read_otherwise_is_refused(outside, turned):
    assert fields_of(outside.post("referrals/", body(patient={"family_name": turned}))) == {"patient.family_name"}


def test_joined_and_right_to_left_letters_are_taken(outside):
    sent = body(
        patient={"family_name": "محمد", "given_name": "न\u200dम"}, clinical_question="\U0001f468\u200d\U0001f469?"
    )
    assert outside.post("referrals/", sent).status_code == 201


def test_names_and_addresses_are_on_one_line(outside):
    sent = {"family_name": "Doe\nRoe", "middle_name": "A\r\nB", "street": "1 Main\n St"}
    assert outside.post("referrals/", body(patient=sent)).status_code == 201
    patient = Patient.objects.get()
    assert (patient.family_name, patient.middle_name, patient.street) == ("Doe Roe", "A B", "1 Main St")


@pytest.mark.parametrize(
    ("patient", "field"),
    [
        ({"birth_date": "١٩٨٠-05-05"}, "birth_date"),
        ({"birth_date": "1800-01-01"}, "birth_date"),
        ({"state": "ZZ"}, "state"),
        ({"other_names": [{}]}, "other_names.0"),
        ({"other_names": [{"family_name": "\u200b"}]}, "other_names.0"),
    ],
)
def test_what_cannot_be_is_named(outside, patient, field):
    assert fields_of(outside.post("referrals/", body(patient=patient))) == {f"patient.{field}"}


def test_a_state_in_small_letters_is_one(outside):
    assert outside.post("referrals/", body(patient={"state": "wi"})).status_code == 201
