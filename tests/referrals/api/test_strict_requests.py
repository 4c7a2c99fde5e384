"""What could be read in two ways is refused, not guessed; what is refused says why; nothing is kept on the way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from referrals.actions import snoozing
from referrals.models import DocumentVersion, Referral, ReferralEvent
from referrals.reconcile import decide
from tests import factories
from tests.referrals.api.calling import body, fields_of, problem_of

NOW = factories.NOW


def post_raw(caller, content: bytes):
    return caller._call("POST", "referrals/", data=content, content_type="application/json")


@pytest.mark.parametrize("form", [{"file": ("one", "two")}, {"file": ("one",), "kind": ["other", "result"]}])
def test_a_form_names_each_field_once(world, outside, form):
    referral = factories.referral(world, "seen")
    files = [SimpleUploadedFile("note.txt", content.encode()) for content in form["file"]]
    refused = outside.upload(f"referrals/{referral.number}/documents/", **(form | {"file": files}))
    assert fields_of(refused) == {next(name for name, values in form.items() if len(values) > 1)}
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize(
    "query", ["open=true&open=false", "limit=1&limit=2", "ordering=captured_at&ordering=-captured_at"]
)
def test_a_parameter_of_one_value_is_given_once(outside, query):
    assert fields_of(outside.get(f"referrals/?{query}")) == {query.partition("=")[0]}


def test_a_list_parameter_may_be_repeated_and_a_wrong_word_names_the_choices(outside):
    assert outside.get("referrals/?status=seen&status=closed").status_code == 200
    wrong = problem_of(outside.get("referrals/?status=zz"), 400, "invalid")["errors"][0]["message"]
    assert "zz" in wrong and "note_returned" in wrong


def test_a_day_out_of_range_is_told_from_one_that_cannot_be_read(outside):
    problem = problem_of(outside.get("referrals/?captured_after=0001-01-01"), 400, "invalid")
    assert problem["errors"][0]["message"] == "Give a time between 1990 and 2100."
    assert fields_of(outside.get("referrals/?captured_after=٢٠٢٦-11-24")) == {"captured_after"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"expected_version":' + b"9" * 5000 + b"}", "The body is not JSON: a number has 5000 digits."),
        (b'"' + b"x" * 1024**2 + b'"', "A JSON body may have 1 MB; files go to documents/ as a form."),
    ],
)
def test_a_body_that_cannot_be_read_says_why(outside, content, says):
    assert post_raw(outside, content).json()["detail"] == says


def test_null_is_no_object(outside):
    problem = problem_of(post_raw(outside, b"null"), 400, "invalid")
    assert problem["errors"] == [{"field": "", "message": "Send a JSON object, in braces."}]


def test_a_byte_order_mark_is_forgiven(outside):
    assert fields_of(post_raw(outside, b'\xef\xbb\xbf{"specialty": 1}')) >= {"specialty"}


@pytest.mark.parametrize("address", ["me/", "referrals/", "referrals/RL-0000-0000/", "offices/", "events/"])
def test_no_answer_is_kept_by_a_cache(outside, address):
    assert outside.get(address)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("action", ["retract-note", "detach-note"])
def test_without_a_note_there_is_none_to_take_back(world, ours, action):
    referral = factories.referral(world, "accepted")
    problem_of(ours.do(referral.number, action), 409, "illegal-move")
    assert fields_of(ours.do(factories.referral(world, "note_returned").number, action)) == {"document", "reason"}


def test_who_may_not_take_a_note_back_hears_that_first(world, outside):
    problem_of(outside.do(factories.referral(world, "accepted").number, "detach-note"), 403, "not-permitted")


def test_what_was_delivered_is_not_delivered_again(world, outside):
    inbound = factories.referral(world, "note_returned", inbound=True)
    decide.reconcile(referral=inbound, actor=factories.SYSTEM, now=NOW)
    closed = outside.do(inbound.number, "acknowledge").json()
    assert closed["status"] == "closed"
    assert "acknowledge" not in [allowed["action"] for allowed in closed["allowed_actions"]]
    count = ReferralEvent.objects.count()
    problem_of(outside.do(inbound.number, "acknowledge"), 409, "illegal-move")
    assert ReferralEvent.objects.count() == count
    factories.attach_note(Referral.objects.get(pk=inbound.pk), status="amended")
    assert outside.do(inbound.number, "acknowledge").status_code == 200  # the amendment is to be delivered too


def test_a_version_raised_by_something_internal_is_explained(world, outside):
    referral = factories.referral(world, "accepted")
    seen = referral.version
    snoozing.snooze(
        referral=referral, actor=factories.SYSTEM, now=NOW, reason="travels", until=NOW + snoozing.LONGEST_SNOOZE
    )
    hidden = problem_of(outside.do(referral.number, "comment", text="x", expected_version=seen), 409, "stale-version")
    assert hidden["detail"].endswith("internal to the group and not shown to you.")
    shown = outside.do(referral.number, "comment", text="x", expected_version=seen - 1)
    assert "internal" not in problem_of(shown, 409, "stale-version")["detail"]


def test_the_day_of_a_likely_duplicate_is_the_practices(world, outside):
    asked = body()
    first = outside.post("referrals/", asked).json()["number"]
    Referral.objects.filter(number=first).update(captured_at="2026-11-24T03:30:00Z")  # the evening before, in Chicago
    warning = outside.post("referrals/", asked).json()["warnings"][0]
    assert warning["message"].startswith(f"{first} of 2026-11-23 asks")


def test_a_specialist_with_no_fitting_office_is_named_as_the_caller_did(world, outside):
    asked = body(receiving_provider=world.outside_cardiologist.npi)
    assert fields_of(outside.post("referrals/", asked)) == {"receiving_provider"}
