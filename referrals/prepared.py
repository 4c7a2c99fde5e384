"""Queries put together once, for the few that every change asks: that takes ten times longer than running them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

LARGEST = 2**63 - 1


class Prepared:
    """A query of one fixed shape.

    ``build`` makes a queryset of whole instances or of ``values_list`` rows, with an example for every parameter, such
    as ``lambda: Office.objects.filter(pk=0)``. It is compiled once per connection; what it finds is never kept.
    Parameters are given in the order of the SQL, as plain numbers or texts."""

    def __init__(self, build: Callable[[], QuerySet]):
        self._build = build

    def __call__(self, *parameters: int | str) -> Iterator[Any]:
        here = connections[DEFAULT_DB_ALIAS]  # this thread's
        known = vars(here).setdefault("refloop_prepared", {})  # kept on the connection: it goes when the thread goes
        if self not in known:
            known[self] = _Compiled(self._build(), here)
        return known[self].run(here, parameters)

    def first(self, *parameters: int | str) -> Any | None:
        return next(self(*parameters), None)

    def sets(self, *parameters: int | str) -> dict[Any, set[Any]]:
        """Rows of two values: the second ones by the first; an empty set for what has none."""
        found = defaultdict(set)
        for one, other in self(*parameters):
            found[one].add(other)
        return found


class _Compiled:
    def __init__(self, queryset: QuerySet, here: Any):
        compiler = queryset.query.get_compiler(connection=here)
        self.sql, self.examples = compiler.as_sql()
        columns = [column for column, *_ in compiler.select]
        self.converters = compiler.get_converters(columns).items()
        self.model = None if queryset.query.values_select else queryset.model
        self.names = [column.target.attname for column in columns] if self.model else []

    def run(self, here: Any, parameters: tuple[int | str, ...]) -> Iterator[Any]:
        if len(parameters) != len(self.examples):
            raise TypeError(f"takes {len(self.examples)} parameters, {len(parameters)} given")
        if any(isinstance(value, int) and abs(value) > LARGEST for value in parameters):
            return  # no row has such a number, and the databases refuse it
        with here.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        for row in map(list, rows):
            for position, (converters, column) in self.converters:
                for convert in converters:
                    row[position] = convert(row[position], column, here)
            yield row if self.model is None else self.model.from_db(here.alias, self.names, row)
