"""The directory: codes and NPIs, filtered and paged."""

import pytest

from referrals.models import Specialty
from tests import factories
from tests.referrals.api.calling import fields_of, problem_of


def names(caller, address: str, **query) -> list[str]:
    response = caller.get(address, **query)
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def test_codes(world, stranger):
    assert {"code": "cardiology", "name": "Cardiology", "nucc_code": "207RC0000X"} in stranger.get(
        "specialties/"
    ).json()
    assert stranger.get("payers/").json() == [{"code": "aetna-ppo", "name": "Aetna PPO"}]
    reasons = stranger.get("ending-reasons/").json()
    assert {r["ends_as"] for r in reasons} == {"cancelled", "lost", "closed_without_note"}


def test_inactive_rows_are_not_offered(world, ours):
    Specialty.objects.filter(code="cardiology").update(active=False)
    world.stranger.active = False
    world.stranger.save()
    assert "cardiology" not in {s["code"] for s in ours.get("specialties/").json()}
    assert world.stranger.name not in names(ours, "offices/")


def test_offices(world, ours):
    assert set(names(ours, "offices/", ours="true")) == {"Lakeside Clinic", "Lakeside Heart"}
    assert names(ours, "offices/", name="lakeside h") == ["Lakeside Heart"]
    assert names(ours, "offices/", npi=world.outside.npi) == ["Capitol Heart Center"]
    shown = ours.get("offices/").json()["results"][0]
    assert not {"email", "contact_notes", "contact_preference"} & set(shown)  # the group's own notes


def test_providers(world, ours):
    full = factories.provider(
        world.outside, specialty=world.cardiology, family_name="Núñez", accepting_new_patients=False
    )
    both = names(ours, "providers/", specialty="cardiology", office=world.outside.npi)
    assert set(both) == {str(full), str(world.outside_cardiologist)}
    assert names(ours, "providers/", name="nun") == [str(full)]
    assert str(full) not in names(ours, "providers/", accepting="true")
    assert str(full) in names(ours, "providers/", payer="aetna-ppo")  # plans not known
    assert not {"capacity"} & set(ours.get("providers/").json()["results"][0])


def test_pages_and_their_cost(world, ours, django_assert_num_queries):
    for _ in range(30):
        factories.provider(
            world.outside, world.ours, specialty=world.cardiology, payers=[world.aetna], family_name="Same"
        )
    seen, address = [], "providers/?limit=7"
    while address:
        page = ours.get(address).json()
        seen += [row["npi"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 33
    with django_assert_num_queries(5):  # token, page, specialties, payers, offices
        ours.get("providers/", limit=30)


@pytest.mark.parametrize(
    ("name", "value"), [("payer", "x"), ("office", "1"), ("accepting", "maybe"), ("speciality", "x")]
)
def test_a_bad_parameter_is_named(ours, name, value):
    assert fields_of(ours.get("providers/", **{name: value})) == {name}


def test_coordinators_and_candidates_are_the_groups(world, ours, outside):
    referral = factories.referral(world)
    assert {"id": world.coordinator.pk, "name": "Casey Jones"} in ours.get("coordinators/").json()
    problem_of(outside.get("coordinators/"), 403, "not-permitted")
    problem_of(outside.get(f"referrals/{referral.number}/candidates/"), 403, "not-permitted")
    candidates = ours.get(f"referrals/{referral.number}/candidates/").json()
    assert candidates["results"][0]["reasons"]
    assert candidates["funnel"][0]["criterion"].startswith("practises cardiology")
