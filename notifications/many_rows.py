"""Insert or change many rows in one statement, without a model instance for each.

The rows travel as one JSON document, which both databases read as a table: a thousand rows are one parameter, and cost
a fraction of a thousand instances. Signals, ``save`` and defaults of fields play no part: name every column that must
have a value. Constraints and triggers hold as ever.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Row = Mapping[str, Any]  # by column's attribute, such as referral_id; all rows of a call name the same


def insert(model: type[models.Model], rows: Sequence[Row], *, alike: Row, returning: Sequence[str]) -> list[tuple]:
    """Insert ``rows``, each with the values of ``alike`` as well; the columns ``returning`` of each, in no set order."""
    if not rows:
        return []
    fields, same = _fields(model, rows[0]), _fields(model, alike)
    table, document = _as_table(fields, rows)
    columns = ", ".join(_quoted(field) for field in (*fields, *same))
    picked = ", ".join([f"r.{_quoted(field)}" for field in fields] + ["%s"] * len(same))
    returned = ", ".join(_quoted(field) for field in _fields(model, returning))
    statement = f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {picked} FROM {table} RETURNING {returned}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_values(same, alike), document])
        return cursor.fetchall()


def update(model: type[models.Model], rows: Sequence[Row], *, alike: Row) -> int:
    """Set the columns each row names, and those of ``alike``, where ``id`` is the row's; how many."""
    if not rows:
        return 0
    fields, same = _fields(model, rows[0]), _fields(model, alike)
    table, document = _as_table(fields, rows)
    changes = [f"{_quoted(field)} = r.{_quoted(field)}" for field in fields if not field.primary_key]
    changes += [f"{_quoted(field)} = %s" for field in same]
    name = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} SET {', '.join(changes)} FROM {table} WHERE {name}.id = r.id",
            [*_values(same, alike), document],
        )
        return cursor.rowcount


def _fields(model: type[models.Model], names: Sequence[str] | Row) -> list[models.Field]:
    by_attribute = {field.attname: field for field in model._meta.concrete_fields}
    return [by_attribute[name] for name in names]


def _quoted(field: models.Field) -> str:
    return connection.ops.quote_name(field.column)


def _values(fields: list[models.Field], row: Row) -> list[Any]:
    return [field.get_db_prep_save(row[field.attname], connection) for field in fields]


def _as_table(fields: list[models.Field], rows: Sequence[Row]) -> tuple[str, str]:
    """What stands in FROM, with ``%s`` for the document, which is the second."""
    instants = [field.attname for field in fields if isinstance(field, models.DateTimeField)]
    document = json.dumps(
        [{**row, **{name: _instant(row[name]) for name in instants}} for row in rows] if instants else rows,
        cls=DjangoJSONEncoder,
        separators=(",", ":"),
    )
    if connection.vendor == "postgresql":
        columns = ", ".join(f'"{field.attname}" {field.cast_db_type(connection)}' for field in fields)
        return f"json_to_recordset(%s) AS r({columns})", document
    columns = ", ".join(f"json_extract(value, '$.{field.attname}') AS \"{field.attname}\"" for field in fields)
    return f"(SELECT {columns} FROM json_each(%s)) AS r", document


@lru_cache(maxsize=4096)  # a batch has the same few again and again
def _instant(value: datetime | None) -> str | None:
    return None if value is None else str(connection.ops.adapt_datetimefield_value(value))
