"""Upload documents: many at once, what became of each, and a page that follows them until they are settled."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from referrals.admin import wording
from referrals.admin.incoming import words
from referrals.admin.incoming.page import address
from referrals.errors import InvalidInput
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.receive import ACCEPTED_WORDS
from referrals.lifecycle.actor import Actor
from referrals.models import Arrival, IncomingDocument, MatchDecision

State = IncomingDocument.State
PERMISSION = "referrals.add_incomingdocument"
MOST_FILES = settings.DATA_UPLOAD_MAX_NUMBER_FILES
KEPT = "uploads"  # in the session: the last upload, under its token


def upload_view(model_admin, request: HttpRequest) -> HttpResponse:
    """GET shows the form; POST stores every file it can and says of each other one why not."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "POST":
        files = request.FILES.getlist("files")
        if files:
            return _take(request, files)
        messages.warning(request, "Choose at least one file.")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Upload documents",
        "opts": model_admin.opts,
        "accepted": ACCEPTED_WORDS,
        "most_files": MOST_FILES,
        "most_megabytes": settings.DOCUMENT_MAX_BYTES // 1024**2,
    }
    return TemplateResponse(request, "admin/referrals/incomingdocument/upload.html", context)


def _take(request: HttpRequest, files: list[Any]) -> HttpResponse:
    sender = Sender(Arrival.Source.UPLOAD, f"staff:{request.user.pk}", Actor.staff(request.user).label)
    results = []
    for file in files:
        try:
            arrived = take_in(file, filename=file.name, sender=sender, now=wording.now())
        except InvalidInput as error:
            results.append({"name": file.name[:120], "refused": error.plain})
        else:
            results.append({"name": file.name[:120], "document": arrived.document.pk, "new": arrived.created})
    token = secrets.token_urlsafe(8)
    request.session[KEPT] = {"token": token, "files": results}
    return redirect(reverse("admin:referrals_incomingdocument_uploaded", kwargs={"token": token}))


def uploaded_view(model_admin, request: HttpRequest, *, token: str) -> HttpResponse:
    """What became of each file of the upload; follows them while one is not settled."""
    files = _states(request, token)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Uploaded documents",
        "opts": model_admin.opts,
        "files": files,
        "is_settled": all(file["settled"] for file in files),
        "states": reverse("admin:referrals_incomingdocument_states", kwargs={"token": token}),
        "may_add": request.user.has_perm(PERMISSION),
    }
    return TemplateResponse(request, "admin/referrals/incomingdocument/uploaded.html", context)


def states_view(model_admin, request: HttpRequest, *, token: str) -> JsonResponse:
    """``{"settled", "files": [{"words", "tone", "href", "settled"}]}`` in the order of the upload."""
    files = _states(request, token)
    shown = [{key: file[key] for key in ("words", "tone", "href", "settled")} for file in files]
    response = JsonResponse({"settled": all(file["settled"] for file in files), "files": shown})
    response["Cache-Control"] = "private, no-store"
    return response


def _states(request: HttpRequest, token: str) -> list[dict[str, Any]]:
    kept = request.session.get(KEPT) or {}
    if kept.get("token") != token:
        raise Http404("This upload is not known any more. Its documents are in the list.")
    pks = [file["document"] for file in kept["files"] if "document" in file]
    documents = IncomingDocument.objects.defer("reading").in_bulk(pks)
    standing = MatchDecision.objects.filter(document__in=pks, undone_at__isnull=True).select_related("referral")
    decisions = {row.document_id: row for row in standing}
    return [_state(file, documents.get(file.get("document")), decisions) for file in kept["files"]]


def _state(file: dict[str, Any], document: IncomingDocument | None, decisions) -> dict[str, Any]:
    if document is None:
        return {"name": file["name"], "words": file.get("refused", "Not here any more."), "tone": "red", "href": "",
                "settled": True, "again": False}  # fmt: skip
    decision = decisions.get(document.pk)
    said = document.get_state_display()
    if decision is not None and decision.referral is not None:
        said = f"Matched to {decision.referral.number}"
    return {
        "name": file["name"],
        "words": said,
        "tone": words.TONE[document.state],
        "href": wording.page_of(decision.referral) if decision and decision.referral else address(document),
        "settled": document.state not in (State.WAITING, State.READING),
        "again": not file["new"],
    }
