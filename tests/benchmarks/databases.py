"""A PostgreSQL database of its own for a benchmark: made, migrated, dropped."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command


@contextmanager
def fresh_database(name: str) -> Iterator[None]:
    """Make database ``name`` beside the one of DATABASE_URL, migrate it and connect Django to it; drop it at the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        raise SystemExit("Benchmarks run on PostgreSQL: set DATABASE_URL=postgres://user@host:5432/postgres")
    django.setup()
    from django.db import connection

    def administer(statement: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = home
        connection.ensure_connection()
        connection.cursor().execute(statement)
        connection.close()

    home = connection.settings_dict["NAME"]
    administer(f"DROP DATABASE IF EXISTS {name}")
    administer(f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
