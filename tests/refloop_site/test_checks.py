"""System checks of the installation."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from refloop_site import checks
from tests.refloop_site.test_health import beat_all


def ids(found) -> set[str]:
    return {message.id for message in found}


def test_the_settings_as_shipped_pass_without_asking_the_database():
    # Without the db mark any query would fail the test.
    assert not {check_id for check_id in ids(run_checks()) if check_id.startswith("refloop_site.E")}


@pytest.mark.parametrize(("retry", "found"), [(479, {"refloop_site.E001"}), (480, {"refloop_site.E001"}), (481, set())])
def test_retry_must_outlast_everything_prefetched(settings, retry, found):
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "timeout": 120, "queue_limit": 2, "retry": retry}
    assert ids(checks.check_queue(None)) == found


def test_another_broker_is_an_error(settings):
    settings.Q_CLUSTER = {name: value for name, value in settings.Q_CLUSTER.items() if name != "orm"}
    assert ids(checks.check_queue(None)) == {"refloop_site.E002"}


def sqlite(**options) -> dict:
    return {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x", "OPTIONS": options}}


@pytest.mark.parametrize(
    ("databases", "found"),
    [
        (sqlite(transaction_mode="IMMEDIATE", init_command="PRAGMA journal_mode=WAL;"), set()),
        (sqlite(transaction_mode="IMMEDIATE"), {"refloop_site.W001"}),
        (sqlite(init_command="PRAGMA journal_mode=WAL;"), {"refloop_site.W001"}),
        ({"default": {"ENGINE": "django.db.backends.postgresql"}}, set()),
    ],
)
def test_sqlite_without_its_options_is_warned_of(monkeypatch, databases, found):
    class Settings:
        DATABASES = databases

    monkeypatch.setattr(checks, "settings", Settings)
    assert ids(checks.check_sqlite_options(None)) == found


@pytest.mark.parametrize(("mode", "found"), [(0o700, set()), (0o750, set()), (0o755, {"refloop_site.W002"})])
def test_a_data_folder_others_can_read_is_warned_of(settings, tmp_path, mode, found):
    tmp_path.chmod(mode)
    settings.DATA_DIR = tmp_path
    assert ids(checks.check_data_is_private(None)) == found


@pytest.mark.django_db
def test_a_clock_that_stands_still_is_warned_of_when_the_database_is_asked():
    assert ids(checks.check_clock_runs(None)) == set()
    assert ids(checks.check_clock_runs(None, databases=["default"])) == {"refloop_site.W010"}
    beat_all(timezone.now() - timedelta(minutes=1))
    assert ids(checks.check_clock_runs(None, databases=["default"])) == set()
