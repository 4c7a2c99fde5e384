"""Cursor pages: the rows after the last one seen, by an index, without counting."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from referrals.errors import InvalidInput
from referrals.sealing import Unsealable, seal, unseal

USUAL, MOST = 50, 200
_PURPOSE = "list"
LIMIT_PARAMETER = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    description=f"Rows of a page, {USUAL} when left out, {MOST} at most.",
)
CURSOR_PARAMETER = OpenApiParameter(
    "cursor", str, description="Follow `next` of the page before instead of building this yourself."
)


def limit_of(request: Request) -> int:
    """The ``limit`` parameter. Raises InvalidInput."""
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise InvalidInput([("limit", f"Give a number from 1 to {MOST}.")])
    return int(text)


def page_of(rows: QuerySet, request: Request, *, ordering: str) -> tuple[list[Any], str | None]:
    """(rows of this page, address of the next or None). ``ordering`` is a field without nulls, "-" for descending.

    The primary key breaks ties, so rows of one instant are neither lost nor repeated. Raises InvalidInput."""
    field, descending = ordering.removeprefix("-"), ordering.startswith("-")
    limit = limit_of(request)
    if cursor := request.query_params.get("cursor", ""):
        value, pk = _read(cursor, ordering, _owner(request))
        side = "lt" if descending else "gt"
        rows = rows.filter(Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"pk__{side}": pk}))
    found = list(rows.order_by(ordering, "-pk" if descending else "pk")[: limit + 1])
    shown = found[:limit]
    if len(found) == len(shown):
        return shown, None
    last = shown[-1]
    return shown, _address(request, _write(ordering, getattr(last, field), last.pk, _owner(request)))


def _address(request: Request, cursor: str) -> str:
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"


def _owner(request: Request) -> str:
    return f"{request.auth.office_id} {request.path}"


def _write(ordering: str, value: Any, pk: int, owner: str) -> str:
    kind, plain = ("at", value.isoformat()) if isinstance(value, datetime) else ("text", value)
    return seal(json.dumps([ordering, kind, plain, pk]), purpose=_PURPOSE, owner=owner)


def _read(cursor: str, ordering: str, owner: str) -> tuple[Any, int]:
    try:
        of, kind, plain, pk = json.loads(unseal(cursor, purpose=_PURPOSE, owner=owner))
    except Unsealable:
        raise InvalidInput([("cursor", "Follow `next` of the page before as it is.")]) from None
    if of != ordering:
        raise InvalidInput([("cursor", "This cursor is of another list; keep filters and ordering while paging.")])
    return (datetime.fromisoformat(plain) if kind == "at" else plain), pk
