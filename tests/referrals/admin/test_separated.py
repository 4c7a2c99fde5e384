"""The pages of a file that came apart and of the documents in it lead to each other."""

import pytest

from referrals.actions.separating import parts_of
from referrals.admin.incoming import tabs
from referrals.intake.sandbox import Answer
from referrals.models import IncomingDocument
from tests.referrals.admin.conftest import as_role
from tests.referrals.admin.incoming_documents import LIST, address, arrived, note

pytestmark = pytest.mark.django_db
FIRST, SECOND = b"MSH|^~\\&|first", b"MSH|^~\\&|second"


@pytest.fixture
def whole(world) -> IncomingDocument:
    answer = Answer(parts=(FIRST, SECOND), labels=("message 1", "message <2>"))
    return arrived(answer, content=b"FHS|^~\\&|batch", name="batch.hl7")


def page(client, document: IncomingDocument) -> str:
    return client.get(address(document)).content.decode()


def test_the_page_of_the_whole_leads_to_its_parts_and_back(whole, coordinator):
    first, second = parts_of(whole)
    shown = page(coordinator, whole)
    assert "Split into its parts automatically" in shown
    assert "2 documents: message 1, message &lt;2&gt;" in shown
    assert "each of which is read for itself" in shown
    assert "undo/" not in shown and "Read again" not in shown
    for part in (first, second):
        assert f'href="{address(part)}">{part.filename}' in shown
        assert f'Part of <a href="{address(whole)}">{whole.filename}</a>' in page(coordinator, part)


def test_a_part_says_what_became_of_it_and_whom_it_names(whole, coordinator):
    arrived(note(), content=FIRST)
    shown = page(coordinator, whole)
    assert 'Public, William <span class="rl-muted">in review</span>' in shown
    assert "waiting to be read</span>" in shown


def test_a_document_of_two_files_leads_to_both(whole, coordinator):
    other = arrived(
        Answer(parts=(FIRST, b"MSH|^~\\&|third"), labels=("a", "b")), content=b"FHS|^~\\&|x", name="other.hl7"
    )
    shown = page(coordinator, parts_of(whole)[0])
    assert all(f'Part of <a href="{address(one)}">' in shown for one in (whole, other))
    assert parts_of(whole)[0].filename in page(coordinator, other)


def test_whole_and_parts_are_looked_at_by_those_who_may(whole, client):
    assert "message 1" in page(as_role("Auditor"), whole)
    assert as_role("Directory editor").get(address(whole)).status_code == 403
    assert client.get(address(whole)).status_code == 302


def test_a_file_that_came_apart_was_not_matched(whole, coordinator):
    assert whole not in tabs.rows_of(tabs.AUTOMATIC)
    assert "batch.hl7" in coordinator.get(f"{LIST}?tab=all").content.decode()


def test_what_is_missing_beside_the_parts_is_for_a_person(world, coordinator):
    answer = Answer(parts=(FIRST, SECOND), labels=("message 1", "message 2"), missing=("Its end counts 3.",))
    whole = arrived(answer, content=b"FHS|^~\\&|cut", name="cut.hl7")
    shown = page(coordinator, whole)
    assert "something is missing; ask the sender for it: Its end counts 3." in shown
    assert "Read again" in shown and address(parts_of(whole)[1]) in shown
