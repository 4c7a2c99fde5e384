"""Every registered admin opens: its list, its add form and one row, without counting a whole table."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule, Task
from unfold.admin import ModelAdmin

from referrals import clockwork, tokens
from referrals.models import Closure, EscalationFiring, EscalationPolicy, Referral, SweepFailure
from tests import factories

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def unbounded_counts(queries) -> list[str]:
    """COUNT(*) over a table, not over a limited subquery."""
    counts = [q["sql"] for q in queries if re.search(r"COUNT\(\*\)", q["sql"], re.IGNORECASE)]
    return [sql for sql in counts if not re.search(r"LIMIT \d+", sql) and "WHERE" not in sql]


@pytest.fixture
def everything(world):
    """At least one row of most models."""
    for status in ("closed", "received", "on_hold", "note_returned"):
        factories.referral(world, status)
    tokens.issue(office=world.outside, name="EHR", now=timezone.now())
    clockwork.beat("queue", now=timezone.now())
    clockwork.ensure_schedules()
    referral = Referral.objects.first()
    SweepFailure.objects.create(referral=referral, error="ValueError", first_at=factories.NOW, last_at=factories.NOW)
    EscalationFiring.objects.create(
        referral=referral, stay=1, stage="unscheduled", rung_key=1, audience="owner", due_at=factories.NOW, at=factories.NOW, outcome="sent",
        event=referral.events.first(),
    )  # fmt: skip
    for success in (True, False):
        Task.objects.create(
            id=f"{success}".ljust(32, "x"), name=f"t{success}", func="f", started=factories.NOW,
            stopped=factories.NOW, success=success, result="x",
        )  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_pages_of_model(model, everything, superuser):
    model_admin = admin.site._registry[model]
    assert isinstance(model_admin, ModelAdmin), "not in our look: re-register it with the theme mixed in"
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    with CaptureQueriesContext(connection) as queries:
        listing = superuser.get(reverse(f"{name}_changelist"))
    assert listing.status_code == 200
    assert not unbounded_counts(queries.captured_queries)
    if model._meta.app_label == "referrals":
        assert "Select " not in str(listing.context["title"]), "a heading in Django's words, not the practice's"
    add = superuser.get(reverse(f"{name}_add"))
    assert add.status_code in (200, 403)
    row = model.objects.first()
    if row is not None:
        change = superuser.get(reverse(f"{name}_change", args=(row.pk,)))
        assert change.status_code == 200


def test_search_of_every_list_is_answered(everything, superuser):
    for model in MODELS:
        if admin.site._registry[model].search_fields:
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            assert superuser.get(address, {"q": "a"}).status_code == 200, model


DELETABLE = {Closure, EscalationPolicy}  # rules, not records: what was told and when stays in the ledgers


@pytest.mark.parametrize(
    "model",
    [m for m in MODELS if m._meta.app_label == "referrals" and m not in DELETABLE],
    ids=lambda model: model._meta.label,
)
def test_nothing_of_ours_is_deleted_in_the_admin(model, everything, superuser):
    row = model.objects.first()
    if row is None:
        pytest.skip("no row of this model in the world")
    address = reverse(f"admin:referrals_{model._meta.model_name}_delete", args=(row.pk,))
    assert superuser.post(address, {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_schedules_are_listed_by_name(everything, superuser):
    body = superuser.get(reverse("admin:django_q_schedule_changelist")).content.decode()
    assert Schedule.objects.first().name in body
