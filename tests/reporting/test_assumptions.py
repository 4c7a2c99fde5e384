"""Staff change what figures assume; managers only, and the figures follow."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from reporting.measures.assumptions import Assumptions, current_assumptions
from reporting.measures.breakdown import figures_of
from reporting.measures.cohort import Cohort
from reporting.measures.definitions import MEASURES, Band, Standing
from reporting.measures.period import Period
from reporting.models import ReportSettings, ServiceValue, Target
from tests import factories
from tests.referrals.admin.conftest import as_role

pytestmark = pytest.mark.django_db


def address(model, what="changelist", *args) -> str:
    return reverse(f"admin:reporting_{model}_{what}", args=args)


def test_what_is_seeded_is_what_the_definitions_say():
    seeded, plain = current_assumptions(), Assumptions()
    assert (seeded.window_days, seeded.unavoidable, seeded.service_value) == (30, Decimal("0.10"), 220)
    assert all(seeded.minutes_of(action) == plain.minutes_of(action) for action in seeded.minutes)
    assert seeded.targets == {}


def test_values_by_specialty(world):
    ServiceValue.objects.create(specialty=world.cardiology, dollars=Decimal("305.50"))
    for specialty in ("cardiology", "cardiology", "ent"):
        factories.in_status(world, "lost", specialty=specialty)
    found = figures_of(Cohort(Period.month(2026, 11)), now=factories.NOW, assumptions=current_assumptions())
    assert found.at_risk == 831  # 2 x 305.50 + 220


def test_a_manager_changes_the_window_and_it_holds():
    client = as_role("Manager")
    posted = {"leakage_window_days": 45, "unavoidable_leakage_percent": "8", "service_value": "250"}
    assert client.post(address("reportsettings", "change", 1), posted).status_code == 302
    assert current_assumptions().window_days == 45 and current_assumptions().unavoidable == Decimal("0.08")
    posted["leakage_window_days"] = 0
    assert client.post(address("reportsettings", "change", 1), posted).status_code == 200
    assert current_assumptions().window_days == 45


@pytest.mark.parametrize("model", ["reportsettings", "servicevalue", "chaseminutes", "target"])
def test_the_others_look_and_the_directory_editor_does_not(model):
    for role, status in (("Coordinator", 200), ("Auditor", 200), ("Directory editor", 403)):
        assert as_role(role).get(address(model)).status_code == status
    assert as_role("Coordinator").get(address(model, "add")).status_code == 403
    assert as_role("Manager").get(address(model)).status_code == 200


def test_an_own_target_counts_instead():
    Target.objects.create(measure="leaked", high=Decimal(12))
    target = current_assumptions().targets["leaked"]
    assert target == Band(None, 0.12)
    leakage = MEASURES["leaked"]
    assert leakage.standing(0.11) == Standing.BETWEEN and leakage.standing(0.11, target) == Standing.ON_TARGET
    assert str(Target.objects.get()) == "Leakage: at most 12 %"
    for bad in ({"low": None, "high": None}, {"low": 20, "high": 10}, {"low": 5, "high": None}):
        with pytest.raises(ValidationError):
            Target(measure="leaked", **bad).clean()


@pytest.mark.parametrize(
    ("key", "poor", "between", "good"),
    [
        ("closed", 0.60, 0.61, 0.85), ("scheduled", 0.75, 0.80, 0.90), ("days_median", 21, 20.9, 14),
        ("leaked", 0.18, 0.179, 0.10), ("chase_hours_per_week", 14, 13.9, 4),
    ],
)  # fmt: skip
def test_standings(key, poor, between, good):
    standing = MEASURES[key].standing
    assert [standing(value) for value in (poor, between, good, None)] == [
        Standing.UNTRACKED, Standing.BETWEEN, Standing.ON_TARGET, None,
    ]  # fmt: skip


def test_there_is_one_row_of_settings():
    ReportSettings(service_value=1).save()
    assert ReportSettings.objects.count() == 1
