"""Time between two columns on both databases."""

from typing import Any

from django.db.models import BigIntegerField, FloatField, Func


class _Between(Func):
    """``(later, earlier)``; NULL when one of them is. On SQLite by Django's own function, exact to the microsecond."""

    arity = 2
    on_postgresql: str
    on_sqlite: str

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=self.on_postgresql, arg_joiner=" - ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=self.on_sqlite, **context)


class Seconds(_Between):
    """A float."""

    output_field = FloatField()
    on_postgresql = "EXTRACT(EPOCH FROM (%(expressions)s))::float8"
    on_sqlite = "(django_timestamp_diff(%(expressions)s) / 1000000.0)"


class Microseconds(_Between):
    """A whole number."""

    output_field = BigIntegerField()
    on_postgresql = "(EXTRACT(EPOCH FROM (%(expressions)s)) * 1000000)::bigint"
    on_sqlite = "django_timestamp_diff(%(expressions)s)"
