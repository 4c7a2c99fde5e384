"""Counting for people: exact while it is cheap, "10,000+" afterwards. No page ever counts a whole table."""

from collections.abc import Mapping

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED = 10_000


def count_up_to(rows: QuerySet, most: int) -> int:
    """How many rows there are, or ``most + 1`` when there are more than ``most``; reads no further than that."""
    return rows.order_by().values("pk")[: most + 1].count()


def counts_up_to(lists: Mapping[str, QuerySet], most: int) -> dict[str, int]:
    """``count_up_to`` of several lists in one query, each read no further than ``most + 1`` rows."""
    counts, parts, values = dict.fromkeys(lists, 0), [], []
    for key, rows in lists.items():
        query = rows.order_by().values("pk")[: most + 1].query
        try:
            sql, params = query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:  # Django knows that nothing can be in it
            continue
        parts.append((key, f"(SELECT COUNT(*) FROM ({sql}) AS counted)"))
        values += params
    if parts:
        with connections[next(iter(lists.values())).db].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _, sql in parts)}", values)
            counts |= zip((key for key, _ in parts), cursor.fetchone(), strict=True)
    return counts


def in_words(count: int, most: int) -> str:
    """``1,234``, or ``10,000+`` when counting stopped."""
    return f"{most:,}+" if count > most else f"{count:,}"


class CappedPaginator(Paginator):
    """Pages over the first 10,000 rows; whoever needs row 10,001 searches or filters instead."""

    template_name = "admin/referrals/capped_pagination.html"

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return count_up_to(self.object_list, MOST_COUNTED)
        return len(self.object_list)

    @property
    def is_capped(self) -> bool:
        return self._counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def count_in_words(self) -> str:
        return in_words(self._counted, MOST_COUNTED)
