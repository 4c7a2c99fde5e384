"""What a page of the workspace showed its reader, told from its address and its answer.

One place for all pages, present and future: whatever the admin shows of a row that is some patient's is noted, so a new
page cannot forget to. Lists are noted when they were searched or exported; a worklist that stands open all day is not.
A page that lists patients for a question (a report) says how many rows it shows as ``patients_listed`` in its context."""

from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import timezone

from referrals.models import RecordRead as Read
from referrals.reads import log
from referrals.reads.subjects import of_referral, subject_of

What, Way = Read.What, Read.Way
# Addresses below a row's own: what they hand out, and whether they only belong to the page somebody has open.
PARTS = {
    "file": (What.DOCUMENT, Way.DOCUMENT, False),
    "page": (What.DOCUMENT, Way.DOCUMENT, True),
    "packet": (What.PACKET, Way.DOCUMENT, False),
}
NOTHING_OF_A_PATIENT = ("changes",)
DIALOG = (What.REFERRAL, Way.PAGE, True)


class NoteReadings:
    """Middleware: after the answer is made, before it goes out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code == 200 and request.method == "GET" and match and request.path.startswith("/admin/"):
            user = request.user
            shown = _shown(request, response, match) if user.is_authenticated else None
            if shown:
                reader = log.Reader(user=user, address=log.address_of(request))
                log.note(reader=reader, shown=shown, now=timezone.now())
        return response


def _shown(request: HttpRequest, response: HttpResponse, match: ResolverMatch) -> log.Shown | None:
    name = match.url_name or ""
    if "export" in name:
        return log.Shown(Way.EXPORT, What.FILE, about=_asked(request))
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    if rows := context.get("patients_listed"):
        return log.Shown(Way.PAGE, What.LIST, about=_asked(request), rows=rows)
    if term := request.GET.get("q" if name.endswith("_changelist") else "term", "").strip():
        return log.Shown(Way.PAGE, What.SEARCH, about=f"{_kind(match)}: {term}", rows=_found(response))
    if part := _part(match):
        return part
    row = context.get("original")
    subject = subject_of(row) if row else None
    return log.Shown(Way.PAGE, **subject) if subject else None


def _part(match: ResolverMatch) -> log.Shown | None:
    """A file, a picture, a packet or a dialog of a referral or of an incoming document."""
    app, _, rest = (match.url_name or "").partition("_")
    model, _, part = rest.partition("_")
    pk = match.kwargs.get("pk")
    if app != "referrals" or model not in ("referral", "incomingdocument") or pk is None:
        return None
    if part in NOTHING_OF_A_PATIENT:
        return None
    what, way, beside = PARTS.get(part, DIALOG if model == "referral" else (What.DOCUMENT, Way.PAGE, True))
    about = (
        "" if part not in PARTS else " ".join(f"{key} {value}" for key, value in match.kwargs.items() if key != "pk")
    )
    if model == "referral":
        return log.Shown(way, what, referral_id=pk, about=about, beside=beside, **of_referral(pk))
    return log.Shown(way, what, incoming_id=pk, about=about, beside=beside)


def _found(response: HttpResponse) -> int | None:
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    return context["cl"].result_count if "cl" in context else None


def _kind(match: ResolverMatch) -> str:
    """``patients``: what was searched."""
    model_admin = getattr(match.func, "model_admin", None)
    return str(model_admin.opts.verbose_name_plural) if model_admin else "patients"


def _asked(request: HttpRequest) -> str:
    query = unquote_plus(request.META.get("QUERY_STRING", ""))
    return f"{request.path.removeprefix('/admin/')} {query}".strip()
