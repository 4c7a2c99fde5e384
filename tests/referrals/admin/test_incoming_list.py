"""The list of incoming documents: tabs, search, bounded queries, who may open it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.actions import incoming
from referrals.intake.sandbox import Answer
from referrals.lifecycle.actor import Actor
from referrals.models import IncomingDocument
from tests import factories
from tests.factories import NOW, patient_data
from tests.referrals.admin.conftest import ROLES, as_role
from tests.referrals.admin.incoming_documents import LIST, WHO, arrived, note, patient

CARE = {"Coordinator", "Manager", "Auditor"}


@pytest.fixture
def seen(world):
    return factories.in_status(world, "seen", patient=patient_data(**WHO))


@pytest.mark.parametrize("role", ROLES)
def test_who_opens_it(role, world):
    assert as_role(role).get(LIST).status_code == (200 if role in CARE else 403)


def test_it_opens_on_what_is_in_review_oldest_first(seen, coordinator):
    first = arrived(note(seen, status=None), name="first.txt")
    arrived(note(seen), name="matched.txt")
    arrived(Answer(error="The PDF is damaged."), name="last.txt")
    body = coordinator.get(LIST).content.decode()
    assert body.index("first.txt") < body.index("last.txt")
    assert "matched.txt" not in body
    assert "Nothing in it shows whether it is signed." in body and "The PDF is damaged." in body
    assert seen.number in body and "Public, William" in body and "born 03/04/1961" in body
    assert first.patient_key == "public"


def test_a_document_about_several_patients_fits_nobody_well(seen, coordinator):
    arrived(note(seen, status=None), name="alone.txt")
    assert "fits well" in coordinator.get(LIST).content.decode()
    IncomingDocument.objects.all().update(state="rejected")
    other = patient(family="O'Hara", given="Una")
    both = arrived(note(seen, status=None, patients=(patient(), other)), name="both.txt")
    body = coordinator.get(LIST).content.decode()
    assert "both.txt" in body and seen.number in body and "fits well" not in body
    page = coordinator.get(reverse("admin:referrals_incomingdocument_change", args=(both.pk,))).content.decode()
    assert '<summary class="rl-button">Attach' in page  # not what one does first


def test_tabs_hold_what_they_say(seen, coordinator):
    arrived(note(seen), name="automatic.txt")
    aside = arrived(note(None, patients=()), name="aside.txt")
    incoming.set_aside(document=aside, reason="advertising", actor=factories.SYSTEM, now=NOW)
    by_hand = arrived(note(seen, status=None), name="hand.txt")
    taken = incoming.As(kind="result", status="final")
    incoming.attach(document=by_hand, referral=seen, taken_for=taken, actor=Actor.system("Maya"), now=NOW)
    arrived(name="waiting.txt")
    shows = {
        "reading": "waiting.txt", "automatic": "automatic.txt", "by-hand": "hand.txt", "aside": "aside.txt",
    }  # fmt: skip
    for tab, name in shows.items():
        body = coordinator.get(LIST, {"tab": tab}).content.decode()
        assert [other for other in shows.values() if other in body] == [name], tab
    everything = coordinator.get(LIST, {"tab": "all"}).content.decode()
    assert all(name in everything for name in shows.values())
    assert "automatically" in everything and "advertising" in everything


@pytest.mark.parametrize("tab", ["review", "reading", "automatic", "by-hand", "aside", "all"])
def test_an_empty_tab_teaches(tab, coordinator):
    body = coordinator.get(LIST, {"tab": tab}).content.decode()
    assert "Nothing here." in body and "Upload documents" in body


def test_search_by_name_as_read_file_name_and_number(seen, coordinator):
    arrived(note(seen, status=None), name="fax_2204.txt")
    arrived(note(None, patients=(patient(family="O'Hara", given="Una"),)), name="other.txt")
    for text, found in {
        "publ": "fax_2204.txt", "Public, William": "fax_2204.txt", "2204": "fax_2204.txt", seen.number: "fax_2204.txt",
        "ohara": "other.txt",
    }.items():  # fmt: skip
        body = coordinator.get(LIST, {"q": text}).content.decode()
        assert [name for name in ("fax_2204.txt", "other.txt") if name in body] == [found], text
    assert "Nothing found." in coordinator.get(LIST, {"q": "nobody"}).content.decode()


def test_more_rows_cost_no_more_queries(seen, coordinator):
    def queries() -> int:
        coordinator.get(LIST)  # what is kept for some seconds is kept now
        with CaptureQueriesContext(connection) as captured:
            assert coordinator.get(LIST).status_code == 200
        return len(captured)

    arrived(note(seen, status=None))
    few = queries()
    for _ in range(6):
        arrived(note(seen, status=None))
    assert queries() == few <= 17


def test_the_text_of_documents_is_not_loaded_for_the_list(seen, coordinator):
    arrived(note(seen, status=None))
    row = coordinator.get(LIST).context["cl"].result_list[0]
    assert row.get_deferred_fields() == {"reading"}
    assert (row.kind_read, row.format_read) == ("consult_note", "PDF text")


def test_the_sidebar_and_the_home_page_count_them(seen, coordinator):
    arrived(note(seen, status=None))
    body = coordinator.get("/admin/").content.decode()
    assert body.count("Documents to review") == 3  # in the sidebar, on a tile, and in the tour of the first page
    assert "Documents to review" not in as_role("Directory editor").get("/admin/").content.decode()
