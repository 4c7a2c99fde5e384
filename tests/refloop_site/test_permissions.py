"""What a user may do, asked at once, is what Django says."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission, User

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [*("Manager", "Coordinator", "Auditor"), ""])
def test_the_same_as_django_says(role, django_assert_num_queries):
    user = factories.user(role)
    user.user_permissions.add(Permission.objects.get(codename="view_session"))
    fresh = User.objects.get(pk=user.pk)
    with django_assert_num_queries(1):
        assert fresh.has_perm("sessions.view_session") and not fresh.has_perm("auth.delete_user")
        assert fresh.has_module_perms("sessions") and not fresh.has_module_perms("axes")
        found = fresh.get_all_permissions()
    assert found == ModelBackend().get_all_permissions(User.objects.get(pk=user.pk))


def test_who_is_not_active_or_nobody_may_nothing_and_a_superuser_everything():
    user = factories.user("Manager")
    user.is_active = False
    user.save()
    assert not User.objects.get(pk=user.pk).get_all_permissions()
    assert not AnonymousUser().has_perm("referrals.view_referral")
    chief = User.objects.create_superuser("chief", password="secret-enough")
    assert chief.get_all_permissions() == {
        f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")
    }


def test_a_role_taken_away_is_gone_at_the_next_request():
    user = factories.user("Coordinator")
    assert User.objects.get(pk=user.pk).has_perm("referrals.view_referral")
    user.groups.remove(Group.objects.get(name="Coordinator"))
    assert not User.objects.get(pk=user.pk).has_perm("referrals.view_referral")


def test_signing_in_is_djangos_own(client):
    user = factories.user("Coordinator")
    client.force_login(user)
    assert client.session["_auth_user_backend"] == "django.contrib.auth.backends.ModelBackend"
    assert client.get("/admin/").status_code == 200
