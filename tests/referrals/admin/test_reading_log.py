"""Who opened which record: what is written for each page, what is not, and who may read it."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from referrals.models import DocumentVersion, IncomingDocument, RecordRead
from referrals.reads import log
from tests import factories
from tests.referrals.admin.conftest import act_url, as_role, page_url, signed_in
from tests.referrals.admin.incoming_documents import arrived, note

LIST = reverse("admin:referrals_recordread_changelist")
EXPORT = reverse("admin:referrals_recordread_export")


def patient_url(referral) -> str:
    return reverse("admin:referrals_patient_change", args=(referral.patient_id,))


def only() -> RecordRead:
    return RecordRead.objects.get()


@pytest.fixture
def on(world):
    return factories.referral(world, "closed")


@pytest.mark.parametrize(
    ("address", "what", "way"),
    [
        (page_url, "referral", "page"),
        (patient_url, "patient", "page"),
        (lambda on: reverse("admin:referrals_referral_packet", kwargs={"pk": on.pk}), "packet", "document"),
        (
            lambda on: reverse(
                "admin:referrals_referral_file",
                kwargs={"pk": on.pk, "version": DocumentVersion.objects.get(document__referral=on).pk},
            ),
            "document",
            "document",
        ),
        (lambda on: reverse("admin:referrals_referralevent_change", args=(on.events.first().pk,)), "record", "page"),
        (
            lambda on: reverse("admin:referrals_documentversion_change", args=(DocumentVersion.objects.get().pk,)),
            "record",
            "page",
        ),
        (lambda on: reverse("admin:referrals_encounter_change", args=(on.encounter_id,)), "record", "page"),
    ],
)
def test_each_page_of_a_record_is_written_down_once(address, what, way, on):
    user = factories.user("Manager", first_name="Mona", last_name="Reyes")
    answer = signed_in(user).get(address(on), REMOTE_ADDR="10.1.2.3")
    assert answer.status_code == 200
    read = only()
    assert (read.what, read.way, read.user, read.reader) == (what, way, user, "Mona Reyes")
    assert read.patient == on.patient and read.address == "10.1.2.3"


def test_dialogs_belong_to_the_page_that_is_open(world):
    on, client = factories.referral(world, "accepted"), as_role("Coordinator")
    client.get(page_url(on))
    client.get(act_url(on, "book"))
    assert only().what == "referral"
    as_role("Coordinator").get(act_url(on, "book"))  # straight to the dialog, without the page
    assert RecordRead.objects.count() == 2


def test_documents_in_review_and_their_pictures(world):
    document = arrived(note())
    client = as_role("Coordinator")
    client.get(reverse("admin:referrals_incomingdocument_change", args=(document.pk,)))
    client.get(reverse("admin:referrals_incomingdocument_page", kwargs={"pk": document.pk, "number": 1}))
    assert only().incoming == document
    client.get(reverse("admin:referrals_incomingdocument_file", kwargs={"pk": document.pk}))
    assert list(RecordRead.objects.values_list("way", flat=True)) == ["document", "page"]


def test_a_document_read_before_it_was_matched_counts_for_its_patient(world):
    document, on = arrived(note()), factories.referral(world, "seen")
    as_role("Coordinator").get(reverse("admin:referrals_incomingdocument_change", args=(document.pk,)))
    assert not log.reads_of(on.patient).exists()
    document.decisions.create(
        kind="note", referral=on, automatic=False, decided_at=factories.NOW, decided_by=factories.user()
    )
    assert log.reads_of(on.patient).get().incoming == IncomingDocument.objects.get()


def test_searches_and_exports_are_one_row_and_open_lists_none(on):
    client = as_role("Manager")
    listing = reverse("admin:referrals_patient_changelist")
    client.get(listing)
    client.get(reverse("admin:referrals_referral_changelist"))
    assert not RecordRead.objects.exists()
    client.get(listing, {"q": "03/04/1961"})
    assert (only().what, only().about, only().rows) == ("search", "patients: 03/04/1961", 1)
    client.get(reverse("billing-export", args=("ready",)), {"first": "2026-01-01"})
    read = RecordRead.objects.first()
    assert (read.way, read.what, read.about) == ("export", "file", "billing/ready/export/ first=2026-01-01")


def test_what_is_refused_or_not_there_is_no_reading(on):
    as_role("Directory editor").get(page_url(on))
    as_role("Manager").get(reverse("admin:referrals_referral_change", args=(987654,)))
    as_role("Manager").get(patient_url(on) + "x/")
    as_role("Manager").post(page_url(on))
    assert not RecordRead.objects.exists()


def test_pages_without_patients_are_no_reading(world):
    client = signed_in(User.objects.create_superuser("root", password="secret-enough"))
    for address in ("/admin/", reverse("admin:referrals_office_change", args=(world.ours.pk,)), LIST):
        assert client.get(address).status_code == 200
    assert not RecordRead.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE referrals_recordread SET reader = 'x'", "DELETE FROM referrals_recordread"])
def test_the_database_refuses_to_change_it(change, on):
    as_role("Manager").get(page_url(on))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert RecordRead.objects.exists()


def test_a_failing_log_does_not_keep_the_page_back_and_is_said_everywhere(on, monkeypatch):
    def fails(**values):
        raise DatabaseError

    monkeypatch.setattr(RecordRead.objects, "create", fails)
    client = as_role("Manager")
    assert client.get(page_url(on)).status_code == 200
    assert "could not be written down" in client.get("/admin/").content.decode()


def test_it_costs_one_insert(on, django_assert_num_queries):
    user = factories.user("Manager")
    shown = log.Shown("page", "referral", on.patient_id, on.pk)
    with django_assert_num_queries(1):
        log.note(reader=log.Reader(user=user), shown=shown, now=factories.NOW)


def test_privacy_officers_find_by_patient_person_and_period(world, on):
    other = factories.referral(world, "received")
    reader = factories.user("Coordinator", first_name="Rosa", last_name="Vance")
    for opened in (on, other):
        signed_in(reader).get(page_url(opened))
    officer = as_role("Privacy officer")

    def found(**asked) -> set[str]:
        answer = officer.get(LIST, asked)
        assert answer.status_code == 200
        return {row.referral.number for row in answer.context["cl"].result_list if row.referral}

    assert found() == {on.number, other.number}
    assert found(patient__id__exact=on.patient_id) == {on.number}
    assert found(q=other.number) == {other.number}
    assert found(q="rosa vance") == {on.number, other.number}
    assert found(q="nobody") == set()
    day = f"{RecordRead.objects.first().at:%Y}"
    assert found(at_from=f"{day}-01-01", at_to=f"{day}-12-31") == {on.number, other.number}
    assert found(at_to="2020-01-01") == set()
    assert found(at_from="not a day") == {on.number, other.number}


def test_the_export_holds_what_the_filters_show_and_is_noted(world, on):
    signed_in(factories.user("Coordinator")).get(page_url(on))
    signed_in(factories.user("Coordinator")).get(page_url(factories.referral(world)))
    answer = as_role("Privacy officer").get(EXPORT, {"patient__id__exact": on.patient_id})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode().removeprefix("\ufeff"))))
    assert [row["Referral"] for row in rows] == [on.number]
    assert RecordRead.objects.first().about == f"referrals/recordread/export/ patient__id__exact={on.patient_id}"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("Privacy officer", True), ("Auditor", True), ("Manager", False), ("Coordinator", False), ("", False)],
)
def test_who_may_read_the_log(role, allowed, on):
    client = as_role(role)
    assert client.get(LIST).status_code == client.get(EXPORT).status_code == (200 if allowed else 403)
    patient = client.get(patient_url(on))
    assert ("Who read this record" in patient.content.decode()) == allowed


def test_the_list_costs_the_same_however_many(world, django_assert_max_num_queries):
    reader, officer = signed_in(factories.user("Coordinator")), as_role("Privacy officer")
    for _ in range(4):
        reader.get(page_url(factories.referral(world)))
    officer.get(LIST)
    with django_assert_max_num_queries(12):
        officer.get(LIST)
