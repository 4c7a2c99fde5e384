"""Saved views in the worklist: the list of one's own, and the one address that changes them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse

from referrals import saved_views
from referrals.admin import wording
from referrals.admin.referral.worklist import Worklist
from referrals.errors import InvalidInput, NotFound


def shown(request: HttpRequest, cl: Worklist) -> dict[str, Any]:
    """The views of the reader, which of them is open, and the query a new one would keep (one query)."""
    views = list(saved_views.views_of(request.user))
    current = next((view for view in views if view.query == cl.plain_query), None)
    return {"saved_views": views, "saved_view": current, "view_query": cl.plain_query}


def views_view(model_admin, request: HttpRequest) -> HttpResponse:
    """POST ``do``: save, rename, start, unstart or delete; back to the list. Only one's own views."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    change = _CHANGES.get(request.POST.get("do", ""))
    if change is None:
        raise Http404
    query = saved_views.plain_query(request.POST.get("query", ""))
    try:
        query = change(request, query)
    except InvalidInput as error:
        messages.error(request, error.plain)
    except NotFound:
        raise Http404 from None
    return redirect(f"{reverse('admin:referrals_referral_changelist')}?{query or 'queue=open'}")


def _pk(request: HttpRequest) -> int:
    text = request.POST.get("view", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _save(request: HttpRequest, query: str) -> str:
    view = saved_views.save_view(
        user=request.user,
        name=request.POST.get("name", ""),
        query=query,
        is_start=bool(request.POST.get("is_start")),
        now=wording.now(),
    )
    starts = " The worklist opens with it." if view.is_start else ""
    messages.success(request, f"“{view.name}” is saved.{starts}")
    return view.query


def _rename(request: HttpRequest, query: str) -> str:
    view = saved_views.rename_view(user=request.user, pk=_pk(request), name=request.POST.get("name", ""))
    messages.success(request, f"Renamed to “{view.name}”.")
    return view.query


def _start(request: HttpRequest, query: str) -> str:
    view = saved_views.start_with(user=request.user, pk=_pk(request), is_start=True)
    messages.success(request, f"The worklist opens with “{view.name}”.")
    return view.query


def _unstart(request: HttpRequest, query: str) -> str:
    view = saved_views.start_with(user=request.user, pk=_pk(request), is_start=False)
    messages.success(request, "The worklist opens with all open referrals again.")
    return view.query


def _delete(request: HttpRequest, query: str) -> str:
    name = saved_views.delete_view(user=request.user, pk=_pk(request))
    messages.success(request, f"The view “{name}” is deleted; the referrals are untouched.")
    return query


_CHANGES = {"save": _save, "rename": _rename, "start": _start, "unstart": _unstart, "delete": _delete}
