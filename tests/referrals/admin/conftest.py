"""Sign-ins of every role, and the address of an action."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests import factories

ROLES = ("Coordinator", "Manager", "Auditor", "Directory editor", "")


def signed_in(user: User, **options) -> Client:
    client = Client(**options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def as_role(role: str, **options) -> Client:
    return signed_in(factories.user(role), **options)


def act_url(referral, action) -> str:
    return reverse("admin:referrals_referral_act", kwargs={"pk": referral.pk, "action": str(action)})


def page_url(referral) -> str:
    return reverse("admin:referrals_referral_change", args=(referral.pk,))


@pytest.fixture
def coordinator(world) -> Client:
    return as_role("Coordinator")


@pytest.fixture
def superuser(world) -> Client:
    return signed_in(User.objects.create_superuser("root", password="secret-enough"))
