"""Routing: who could take it, why, in which order, and which criterion left nobody."""

import pytest

from referrals.actions import answering
from referrals.errors import InvalidInput
from referrals.models import Payer, Referral, Specialty
from referrals.routing import choose
from referrals.routing.candidates import Ask, rank
from referrals.routing.score import Fit, score
from tests import factories

TODAY = factories.NOW.date()


def ask(world, **values) -> Ask:
    defaults = {
        "specialty": world.cardiology, "payer": world.aetna, "patient_zip": "53704", "priority": "routine",
        "direction": "outbound",
    }  # fmt: skip
    return Ask(**defaults | values)


def test_the_reasons_say_what_decided(world):
    best = rank(ask(world), today=TODAY).best
    assert best.provider == world.outside_cardiologist
    assert best.reasons[0] == "cardiology"
    assert best.reasons[1] == "takes Aetna PPO"
    assert best.reasons[2].endswith(" miles")
    assert best.reasons[3] == "20 open"


def test_five_queries_however_many_providers(world, django_assert_num_queries):
    for _ in range(15):
        factories.provider(world.outside, specialty=world.cardiology, payers=[world.aetna])
    with django_assert_num_queries(5):
        rank(ask(world), today=TODAY)


@pytest.mark.parametrize(
    ("criterion", "break_it"),
    [
        ("practises cardiology", lambda w: w.outside_cardiologist.specialties.clear()),
        ("at an outside office", lambda w: w.outside_cardiologist.offices.set([w.ours_too])),
        ("accepts new patients", lambda w: setattr(w.outside_cardiologist, "accepting_new_patients", False)),
        ("takes Aetna PPO", lambda w: w.outside_cardiologist.payers.set([Payer.objects.create(code="x", name="X")])),
        ("has an open place", lambda w: setattr(w.outside_cardiologist, "capacity", 0)),
        ("within 60 miles", lambda w: _move(w.outside, "98101")),
    ],
)
def test_the_criterion_that_emptied_the_list_is_named(world, criterion, break_it):
    world.our_cardiologist.delete()
    break_it(world)
    world.outside_cardiologist.save()
    ranking = rank(ask(world), today=TODAY)
    assert ranking.best is None
    assert ranking.no_match_because.startswith("Nobody fits: ") and criterion in ranking.no_match_because


def _move(office, zip_code):
    office.zip_code = zip_code
    office.save()


def test_unknown_distance_payer_and_capacity_do_not_exclude(world):
    world.outside_cardiologist.capacity = None
    world.outside_cardiologist.save()
    world.outside_cardiologist.payers.clear()
    best = rank(ask(world, patient_zip=""), today=TODAY).best
    assert best.reasons == ("cardiology", "Aetna PPO not verified", "distance unknown")


def test_the_nearest_office_of_a_provider_is_taken(world):
    far = factories.office("Far", zip_code="53511")
    world.outside_cardiologist.offices.add(far)
    assert rank(ask(world, patient_zip="53511"), today=TODAY).best.office == far
    assert rank(ask(world, patient_zip="53715"), today=TODAY).best.office == world.outside


def test_waiting_referrals_use_up_capacity(world):
    world.outside_cardiologist.capacity = 2
    world.outside_cardiologist.save()
    first, second = factories.captured(world).referral, factories.captured(world).referral
    third = factories.captured(world).referral
    assert first.receiving_provider == second.receiving_provider == world.outside_cardiologist
    assert third.status == "received"


def test_an_urgent_ask_prefers_the_sooner_one(world):
    near = factories.provider(
        world.outside, specialty=world.cardiology, payers=[world.aetna], capacity=20, typical_wait_days=30
    )
    soon_office = factories.office("Sooner", zip_code="53566")
    soon = factories.provider(
        soon_office, specialty=world.cardiology, payers=[world.aetna], capacity=20, typical_wait_days=3,
        keeps_urgent_slots=True,
    )  # fmt: skip
    world.outside_cardiologist.delete()
    assert rank(ask(world, patient_zip="53715"), today=TODAY).best.provider == near
    assert rank(ask(world, patient_zip="53715", priority="urgent"), today=TODAY).best.provider == soon


def test_a_provider_is_not_offered_their_own_referral(world):
    assert rank(ask(world, referring_provider_id=world.outside_cardiologist.pk), today=TODAY).best is None


@pytest.mark.parametrize(("miles", "more"), [(1, 2), (0, 59)])
def test_nearer_scores_higher(miles, more):
    def points(distance):
        fit = Fit("Cardiology", "", False, distance, 5, 10, False, False)
        return score(fit, priority="routine", max_miles=60, days_until_needed=None).points

    assert points(miles) > points(more)


def test_decline_excludes_the_specialist_and_routes_on(world):
    second = factories.provider(world.outside, specialty=world.cardiology, payers=[world.aetna], capacity=3)
    referral = factories.captured(world).referral
    first = referral.receiving_provider
    moved = answering.decline(referral=referral, actor=factories.SYSTEM, now=factories.NOW, reason="full")
    assert (moved.status, moved.receiving_provider) == ("routed", second)
    assert first not in {row["provider"] for row in moved.routing_decisions.first().candidates}
    assert [e.kind for e in moved.events.order_by("version")][-2:] == ["declined", "routed"]
    assert moved.accepted_at is None
    last = answering.decline(
        referral=moved, actor=factories.SYSTEM, now=factories.NOW, reason="full", whole_office=True
    )
    assert last.receiving_provider == world.our_cardiologist, "nobody outside is left: our own one takes it"
    assert last.direction == "internal"


def test_a_specialist_may_decline_after_accepting_and_booking(world):
    factories.provider(world.outside, specialty=world.cardiology, payers=[world.aetna])
    referral = factories.referral(world, "scheduled")
    moved = answering.decline(referral=referral, actor=factories.SYSTEM, now=factories.NOW, reason="left practice")
    assert (moved.status, moved.appointment, moved.appointment_status) == ("routed", None, "cancelled")
    assert moved.appointments.get().status == "cancelled"


def test_a_choice_by_hand_needs_a_reason_unless_it_is_the_first(world):
    referral = factories.captured(world).referral
    elsewhere = factories.provider(world.stranger, specialty=Specialty.objects.get(code="neurology"))
    values = {
        "referral": referral,
        "actor": factories.SYSTEM,
        "now": factories.NOW,
        "office": world.stranger,
        "provider": elsewhere,
    }
    with pytest.raises(InvalidInput, match="Say why"):
        choose.route_by_hand(**values)
    moved = choose.route_by_hand(**values, comment="patient knows her")
    assert moved.receiving_provider == elsewhere
    decision = moved.routing_decisions.first()
    assert (decision.by_hand, decision.comment) == (True, "patient knows her")
    assert decision.candidates, "the alternatives are kept"


def test_an_inbound_referral_is_never_routed_outside(world):
    world.our_cardiologist.delete()
    referral = choose_inbound(world)
    assert referral.status == "received"
    with pytest.raises(InvalidInput, match="one of our own offices"):
        choose.route_by_hand(
            referral=referral,
            actor=factories.SYSTEM,
            now=factories.NOW,
            office=world.stranger,
            provider=None,
            comment="x",
        )


def choose_inbound(world) -> Referral:
    return factories.capture(ask=factories.inbound_ask(world), actor=factories.SYSTEM, now=factories.NOW).referral


def test_a_clinician_who_declined_is_not_offered_at_another_office(world):
    branch = factories.office("Capitol Heart East", zip_code="53704")
    world.outside_cardiologist.offices.add(branch)
    referral = factories.captured(world).referral
    moved = answering.decline(referral=referral, actor=factories.SYSTEM, now=factories.NOW, reason="not my field")
    assert moved.receiving_provider == world.our_cardiologist
