"""What is wrong with a field is said in plain words, with what to do."""

import pytest

from tests.referrals.api.calling import body, problem_of


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"specialty": None}, "specialty", "null is not taken; leave the field out or give a value."),
        ({"specialty": 7}, "specialty", "Send a JSON string, in quotes."),
        ({"clinical_question": ""}, "clinical_question", "Empty: give a value."),
        ({"member_id": "x" * 41}, "member_id", "Too long: 40 characters at most."),
        ({"priority": "now"}, "priority", "Choose one of: routine, urgent, asap, stat."),
        ({"priority": ["stat"]}, "priority", "Choose one of: routine, urgent, asap, stat."),
        ({"diagnoses": "I20.9"}, "diagnoses", "Send a JSON list, in square brackets."),
        ({"patient": []}, "patient", "Send a JSON object, in braces."),
        ({"needed_by": "soon"}, "needed_by", "Write it as YYYY-MM-DD."),
    ],
)
def test_in_a_create(outside, change, field, message):
    sent = {**body(), **change} if "patient" in change else body(**change)
    problem = problem_of(outside.post("referrals/", sent), 400, "invalid")
    assert problem["errors"] == [{"field": field, "message": message}]


def test_a_missing_field(outside):
    sent = body()
    del sent["specialty"]
    problem = problem_of(outside.post("referrals/", sent), 400, "invalid")
    assert problem["errors"] == [{"field": "specialty", "message": "Missing: send this field."}]
