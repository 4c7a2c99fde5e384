"""Unsafe or malformed settings are found before anything starts."""

import pytest

from notifications.checks import check_settings


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"REFLOOP_WEBHOOK_ALLOW_PRIVATE": True}, []),
        ({"IS_PRODUCTION": True, "REFLOOP_WEBHOOK_ALLOW_PRIVATE": True}, ["notifications.E001"]),
        ({"IS_PRODUCTION": True, "REFLOOP_WEBHOOK_ALLOWED_NETWORKS": ["10.20.0.0/16", "fd00::/8"]}, []),
        ({"REFLOOP_WEBHOOK_ALLOWED_NETWORKS": ["10.20.0.1/16"]}, ["notifications.E002"]),
        ({"REFLOOP_TROUBLE_TELLS": ["manager"]}, ["notifications.E003"]),
    ],
)
def test_checks(settings, change, found):
    for name, value in change.items():
        setattr(settings, name, value)
    assert [problem.id for problem in check_settings(None)] == found
