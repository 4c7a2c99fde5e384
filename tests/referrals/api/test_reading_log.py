"""What an office reads by its token is written down: a record by its patient, a list as one row, nothing of what it is
refused."""

import pytest

from referrals.models import RecordRead
from tests import factories


@pytest.fixture
def on(world):
    return factories.referral(world, "closed")


def only() -> RecordRead:
    return RecordRead.objects.get()


@pytest.mark.parametrize(
    ("below", "what"), [("", "referral"), ("packet/", "packet"), ("documents/", "document")], ids=str
)
def test_a_record_is_noted_with_its_patient_and_token(below, what, on, outside):
    assert outside.get(f"referrals/{on.number}/{below}").status_code == 200
    read = only()
    assert (read.way, read.what, read.patient, read.referral) == ("api", what, on.patient, on)
    assert read.office == outside.office and read.token == outside.office.tokens.get() and read.user is None
    assert read.reader == "Capitol Heart Center (token test)"


def test_the_bytes_of_a_document(on, outside):
    document = on.documents.get()
    assert outside.get(f"referrals/{on.number}/documents/{document.pk}/content/").status_code == 200
    assert only().about == f"documents/{document.pk}/content"


def test_a_list_is_one_row_with_its_filter(world, outside):
    for _ in range(3):
        factories.referral(world)
    outside.get("referrals/", status="routed")
    assert (only().what, only().rows, only().about) == ("list", 3, "status=routed")


def test_a_poller_that_gets_nothing_writes_nothing(on, outside):
    feed = outside.get("events/").json()
    assert (only().what, only().rows) == ("feed", len(feed["events"]))
    for _ in range(5):
        outside.get("events/", after=feed["next_cursor"])
    assert RecordRead.objects.count() == 1


def test_what_is_refused_is_no_reading_and_looks_the_same(on, stranger, ours):
    strange = stranger.get(f"referrals/{on.number}/")
    absent = stranger.get("referrals/RL-0000-0000/")
    assert strange.status_code == absent.status_code == 404
    ours.get(f"referrals/{on.number}/documents/999999/")
    ours.get("referrals/", status="no-such")
    assert not RecordRead.objects.exists()


def test_the_directory_is_no_patient(ours):
    ours.get("specialties/")
    ours.get("me/")
    assert not RecordRead.objects.exists()
