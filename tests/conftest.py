"""Fixtures every test may use. Files written by tests go to a temporary folder."""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations
from django.test import TransactionTestCase

from tests import factories


@pytest.fixture(autouse=True)
def _documents_in_a_temporary_folder(settings, tmp_path):
    storages = dict(settings.STORAGES)
    storages["default"] = {
        "BACKEND": "referrals.intake.storage.WholeFiles",
        "OPTIONS": {"location": tmp_path / "documents"},
    }
    settings.STORAGES = storages


@pytest.fixture(autouse=True)
def _no_throttle_between_tests():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def world(db) -> factories.World:
    """A small directory: two of our offices, two outside ones, a cardiologist each, coordinators, payers."""
    return factories.make_world()


# Tests with real transactions empty the tables; what migrations put there must be back for whatever runs next.
_teardown = TransactionTestCase._fixture_teardown


def _teardown_and_restore(self):
    _teardown(self)
    assert self.serialized_rollback, "a test with real transactions needs serialized_rollback=True"
    connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


TransactionTestCase._fixture_teardown = _teardown_and_restore


# On SQLite emptying is a DELETE, which the append-only triggers
# of the timeline refuse: lift them for that moment only.
_flush = SQLiteOperations.sql_flush


def _flush_without_triggers(self, style, tables, **kwargs):
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    drop = [f"DROP TRIGGER {name}" for name, _ in triggers]
    return [*drop, *_flush(self, style, tables, **kwargs), *(sql for _, sql in triggers)]


SQLiteOperations.sql_flush = _flush_without_triggers


def pytest_collection_modifyitems(items):
    on_postgres = connection.vendor == "postgresql"
    for item in items:
        if "postgres" in item.keywords and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
        if "sqlite" in item.keywords and on_postgres:
            item.add_marker(pytest.mark.skip(reason="works on SQLite whatever DATABASE_URL says"))
