"""Views of the worklist people keep for themselves: saving, renaming, choosing the one to start with, deleting."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from referrals.errors import InvalidInput, NotFound
from referrals.models import SavedView

MOST = 20
LONGEST_NAME, LONGEST_QUERY = (SavedView._meta.get_field(name).max_length for name in ("name", "query"))
_OF_A_PAGE = ("p", "e", "all", "_popup", "_to_field", "view")  # where somebody stands in a list, not what it shows


def views_of(user: AbstractBaseUser) -> QuerySet[SavedView]:
    return SavedView.objects.filter(user=user)


def start_of(user: AbstractBaseUser) -> SavedView | None:
    """The view the worklist opens with, if the person chose one."""
    return views_of(user).filter(is_start=True).first()


def plain_query(query: str) -> str:
    """The query string without the page, its parameters in one order, so that equal views are equal texts."""
    asked = QueryDict(query.lstrip("?"))
    kept = QueryDict(mutable=True)
    for key in sorted(asked):
        values = [value for value in asked.getlist(key) if value.strip()]
        if values and key not in _OF_A_PAGE:
            kept.setlist(key, values)
    return kept.urlencode()


def save_view(*, user: AbstractBaseUser, name: str, query: str, is_start: bool, now: datetime) -> SavedView:
    """Keep what the worklist shows under ``name``; the name of a view that exists replaces that one.

    Raises InvalidInput for a name or a query that cannot be kept, and when there are MOST of them already."""
    name, query = _clean_name(name), plain_query(query)
    if len(query) > LONGEST_QUERY:
        raise InvalidInput([("query", "This view has too many filters to be kept.")])
    with transaction.atomic():
        view = views_of(user).filter(name=name).first()
        if view is None and views_of(user).count() >= MOST:
            raise InvalidInput([("name", f"You have {MOST} views. Delete one first.")])
        view = view or SavedView(user=user, name=name, created_at=now)
        view.query = query
        _write(view, is_start=is_start or view.is_start)
    return view


def rename_view(*, user: AbstractBaseUser, pk: int, name: str) -> SavedView:
    """Raises NotFound for another person's view, InvalidInput for a name that is taken or none."""
    view = _own(user, pk)
    view.name = _clean_name(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError:
        raise InvalidInput([("name", f"You have a view called “{view.name}” already.")]) from None
    return view


def start_with(*, user: AbstractBaseUser, pk: int, is_start: bool) -> SavedView:
    """Let the worklist open with this view, or with all open referrals again. Raises NotFound."""
    view = _own(user, pk)
    with transaction.atomic():
        _write(view, is_start=is_start)
    return view


def delete_view(*, user: AbstractBaseUser, pk: int) -> str:
    """Delete it and return its name. Raises NotFound."""
    view = _own(user, pk)
    view.delete()
    return view.name


def _write(view: SavedView, *, is_start: bool) -> None:
    if is_start:
        views_of(view.user).filter(is_start=True).exclude(pk=view.pk).update(is_start=False)
    view.is_start = is_start
    view.save()


def _own(user: AbstractBaseUser, pk: int) -> SavedView:
    view = views_of(user).filter(pk=pk).first()
    if view is None:
        raise NotFound("No such view.")
    return view


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput([("name", "Give the view a name.")])
    if len(name) > LONGEST_NAME:
        raise InvalidInput([("name", f"At most {LONGEST_NAME} characters.")])
    return name
