"""Time between two columns on both databases."""

from typing import Any

from django.db.models import BigIntegerField, FloatField, Func


class Seconds(Func):
    """``Seconds(later, earlier)`` as a float; NULL when one of them is."""

    output_field = FloatField()
    arity = 2

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="EXTRACT(EPOCH FROM (%(expressions)s))::float8", arg_joiner=" - ", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        # Django's own function, exact to the microsecond.
        return self.as_sql(
            compiler, connection, template="(django_timestamp_diff(%(expressions)s) / 1000000.0)", **context
        )


class Microseconds(Func):
    """``Microseconds(later, earlier)`` as a whole number; NULL when one of them is."""

    output_field = BigIntegerField()
    arity = 2

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        template = "(EXTRACT(EPOCH FROM (%(expressions)s)) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="django_timestamp_diff(%(expressions)s)", **context)
