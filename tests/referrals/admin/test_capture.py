"""Adding a referral by hand: once, with what is wrong shown where it was typed."""

import pytest
from django.urls import reverse

from referrals.admin.referral.capture_form import new_key
from referrals.models import Patient, Referral
from tests import factories
from tests.referrals.admin.conftest import as_role, page_url

ADD = reverse("admin:referrals_referral_add")


def typed(world, **values) -> dict:
    defaults = {
        "key": new_key(), "given_name": "Jane", "family_name": "Doe", "birth_date": "1961-03-04", "sex": "female",
        "phone": "608 555 0142", "zip_code": "53704", "record_number": "A-17", "specialty": world.cardiology.pk,
        "priority": "urgent", "clinical_question": "Exertional chest pain?", "diagnoses": "i209, R07.9\nI10",
        "referring_office": world.ours.pk, "payer": world.aetna.pk, "authorization_state": "not_required",
    }  # fmt: skip
    return defaults | values


def test_a_new_patient_and_referral(world, coordinator):
    answer = coordinator.post(ADD, typed(world))
    made = Referral.objects.get()
    assert answer.status_code == 302 and answer["Location"] == page_url(made)
    assert made.diagnoses == ["I20.9", "R07.9", "I10"] and made.source == "admin" and made.priority == "urgent"
    assert made.patient.full_name == "Jane Doe" and made.patient.phone == "608-555-0142"
    assert made.patient.identifiers.get().value == "A-17"
    said = str(next(iter(coordinator.get(page_url(made)).context["messages"])))
    assert made.number in said and "takes Aetna PPO" in said and "owns it" in said


def test_an_existing_patient_is_used(world, coordinator):
    patient = factories.referral(world).patient
    values = typed(world, existing_patient=patient.pk) | dict.fromkeys(
        ("given_name", "family_name", "birth_date", "phone", "zip_code", "record_number"), ""
    )
    assert coordinator.post(ADD, values).status_code == 302
    assert Referral.objects.filter(patient=patient).count() == 2
    page = coordinator.get(page_url(Referral.objects.first())).content.decode()
    assert "may be a duplicate of" in page


def test_sent_twice_it_is_one_referral(world, coordinator):
    values = typed(world)
    first, second = coordinator.post(ADD, values), coordinator.post(ADD, values)
    assert first["Location"] == second["Location"]
    assert Referral.objects.count() == 1
    assert "already" in coordinator.get(first["Location"]).content.decode()


def test_an_edited_form_sent_again_asks_first(world, coordinator):
    values = typed(world)
    coordinator.post(ADD, values)
    answer = coordinator.post(ADD, values | {"clinical_question": "Another one?"})
    assert answer.status_code == 200 and Referral.objects.count() == 1
    assert "used before" in answer.content.decode()
    fresh = answer.context["form"]["key"].value()
    assert fresh != values["key"]
    assert coordinator.post(ADD, values | {"clinical_question": "Another one?", "key": fresh}).status_code == 302
    assert Referral.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"zip_code": "5370"}, "zip_code"),
        ({"phone": "12"}, "phone"),
        ({"birth_date": "2090-01-01"}, "birth_date"),
        ({"birth_date": ""}, "birth_date"),
        ({"diagnoses": "chest pain"}, "diagnoses"),
        ({"needed_by": "2001-01-01"}, "needed_by"),
        ({"authorization_state": "approved"}, "authorization_number"),
        ({"clinical_question": ""}, "clinical_question"),
        ({"referring_office": ""}, "referring_office"),
    ],
)
def test_what_is_wrong_is_shown_there_and_nothing_typed_is_lost(values, field, world, coordinator):
    answer = coordinator.post(ADD, typed(world, **values))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert 'value="Doe"' in answer.content.decode()
    assert not Referral.objects.exists() and not Patient.objects.exists()


def test_a_patient_is_chosen_or_typed_never_both_or_neither(world, coordinator):
    patient = factories.referral(world).patient
    both = coordinator.post(ADD, typed(world, existing_patient=patient.pk))
    assert "existing_patient" in both.context["form"].errors
    nobody = dict.fromkeys(("given_name", "family_name", "birth_date", "phone", "zip_code", "record_number"), "")
    neither = coordinator.post(ADD, typed(world, **nobody))
    assert "existing_patient" in neither.context["form"].errors
    assert Referral.objects.count() == 1


def test_a_direct_choice_is_followed(world, coordinator):
    values = typed(world, receiving_office=world.ours_too.pk, receiving_provider=world.our_cardiologist.pk)
    coordinator.post(ADD, values)
    made = Referral.objects.get()
    assert (made.receiving_provider, made.direction) == (world.our_cardiologist, "internal")


def test_a_provider_of_another_office_is_refused_at_its_field(world, coordinator):
    values = typed(world, receiving_office=world.ours_too.pk, receiving_provider=world.outside_cardiologist.pk)
    errors = coordinator.post(ADD, values).context["form"].errors
    assert "receiving_provider" in errors


def test_without_a_specialist_it_says_which_criterion_left_none(world, coordinator):
    world.outside_cardiologist.offices.clear()
    world.our_cardiologist.offices.clear()
    answer = coordinator.post(ADD, typed(world), follow=True)
    assert "Nobody fits" in answer.content.decode()


def test_get_and_the_csrf_token(world, coordinator):
    assert coordinator.get(ADD).status_code == 200 and not Referral.objects.exists()
    strict = as_role("Coordinator", enforce_csrf_checks=True)
    assert strict.post(ADD, typed(world)).status_code == 403
    assert not Referral.objects.exists()


def test_patients_are_suggested_with_what_tells_them_apart(world, coordinator):
    patient = factories.captured(world, patient=factories.patient_data(family_name="Zimmer")).referral.patient
    found = coordinator.get(reverse("admin:referrals_referral_patients"), {"term": patient.family_name}).json()
    assert [row["id"] for row in found["results"]] == [str(patient.pk)]
    assert "born 03/04/1961" in found["results"][0]["text"]
    assert coordinator.get(reverse("admin:referrals_referral_patients")).json()["results"] == []
