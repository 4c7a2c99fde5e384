"""A message that tells of an appointment or a visit: said in plain words, recorded by a person, never by itself."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from referrals.intake.reading import Found, Moment
from referrals.lifecycle.states import Status
from referrals.models import Appointment, IncomingDocument
from tests import factories
from tests.factories import patient_data
from tests.referrals.admin.conftest import as_role
from tests.referrals.admin.incoming_documents import LIST, WHO, address, arrived, note

BOOKED = "2026-12-01T08:30:00"


def told(referral, notice: str, at: str = BOOKED):
    visit = Found(Moment(at, at)) if at else None
    reading = replace(note(referral), kind=None, status=None, notice=Found(notice, "MSH-9"), visit_at=visit, text="")
    return arrived(replace(reading, format="HL7 v2 SIU^S12"), name="message.hl7")


def record_link(page) -> str:
    (candidate,) = page.context["candidates"]
    return candidate.record["href"] if candidate.record else ""


@pytest.fixture
def accepted(world):
    return factories.in_status(world, "accepted", patient=patient_data(**WHO))


def test_an_appointment_is_said_and_recorded_by_hand(accepted):
    document, client = told(accepted, "booked"), as_role("Coordinator")
    accepted.refresh_from_db()
    assert (document.state, accepted.status) == (IncomingDocument.State.REVIEW, Status.ACCEPTED)
    assert document.review_because.startswith("An appointment was booked (SIU^S12). Record it")
    assert "An appointment was booked" in client.get(LIST).content.decode()
    page = client.get(address(document))
    assert "Book appointment of 12/01/2026 08:30" in page.content.decode()
    link = record_link(page)
    form = client.get(link).context["form"]
    assert form["starts_at"].value() == "2026-12-01T08:30"
    sent = {"expected_version": accepted.version, "starts_at": "2026-12-01T08:30", "length": "30", "provider": ""}
    assert client.post(urlsplit(link).path, sent).status_code == 302
    accepted.refresh_from_db()
    assert accepted.status == Status.SCHEDULED and Appointment.objects.filter(referral=accepted).count() == 1


@pytest.mark.parametrize(
    ("status", "notice", "action"),
    [
        ("accepted", "booked", "book"), ("scheduled", "booked", "reschedule"), ("scheduled", "moved", "reschedule"),
        ("scheduled", "called_off", "cancel_appointment"), ("scheduled", "missed", "no_show"),
        ("scheduled", "arrived", "mark_seen"), ("routed", "declined", "decline"), ("routed", "accepted", "accept"),
        ("scheduled", "record_changed", ""), ("seen", "accepted", ""), ("accepted", "missed", ""),
    ],
)  # fmt: skip
def test_the_step_that_records_it_is_offered_when_it_is_possible(world, status, notice, action):
    referral = factories.in_status(world, status, patient=patient_data(**WHO))
    page = as_role("Coordinator").get(address(told(referral, notice)))
    link = record_link(page)
    assert link.split("?")[0].endswith(f"/act/{action}/") if action else link == ""


def test_a_time_with_its_zone_is_proposed_in_ours(accepted):
    link = record_link(as_role("Coordinator").get(address(told(accepted, "booked", "2026-12-01T15:30:00+00:00"))))
    here = parse_qs(urlsplit(link).query)["starts_at"]
    assert here == ["2026-12-01T09:30"]


def test_it_is_filed_as_other_without_saying_that_it_is_signed(accepted):
    document, client = told(accepted, "record_changed", ""), as_role("Coordinator")
    (candidate,) = client.get(address(document)).context["candidates"]
    assert candidate.form.initial["kind"] == "other"
    sent = {"kind": "other", "status": candidate.form.initial["status"]}
    assert client.post(address(document, "attach", referral=accepted.pk), sent).status_code == 302
    accepted.refresh_from_db()
    assert (document.decisions.get().kind, accepted.status) == ("filed", Status.ACCEPTED)


def test_an_address_proposes_values_of_the_form_and_nothing_else(accepted):
    page = as_role("Coordinator").get(f"/admin/referrals/referral/{accepted.pk}/act/book/?expected_version=0&x=1")
    assert page.context["form"]["expected_version"].value() == accepted.version
