"""A document of a referral on the screen, beside the form that decides on it: pages we draw, or the text that was read."""

from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from referrals.intake.cutting import MOST_PAGES
from referrals.intake.pictures import NoPicture, has_pages, picture
from referrals.intake.sandbox import Sandbox
from referrals.models import Document, DocumentVersion, IncomingDocument

TEXT_SHOWN = 60_000  # characters; the download has the rest
SECONDS = 12.0  # to read it once more when it did not come through the review queue: somebody waits
KEPT = 3600  # seconds
PERMISSION = "referrals.view_document"


def shown(request: HttpRequest, document: Document | None) -> dict[str, Any]:
    """What the viewer's template needs of the newest version; empty without a document or the right to see it."""
    if document is None or not request.user.has_perm(PERMISSION):
        return {}
    version = document.versions.exclude(status=Document.Status.DETACHED).last()
    if version is None:
        return {}
    number, text = _as_read(version)
    pages = max(1, number) if has_pages(version) else 0
    wanted = request.GET.get("page", "1")
    page = min(max(1, int(wanted) if wanted.isdigit() else 1), max(pages, 1))
    drawn = [{"number": n, "src": _address(version, "page", number=n)} for n in range(1, min(pages, MOST_PAGES) + 1)]
    return {
        "shows": True,
        "document": version,
        "pages": drawn,
        "page": page,
        "picture": drawn[page - 1]["src"] if drawn else "",
        "text": text[:TEXT_SHOWN],
        "text_is_cut": len(text) > TEXT_SHOWN,
        "download": _address(version, "file"),
    }


def page_view(model_admin, request: HttpRequest, *, pk: int, version: int, number: int) -> HttpResponse:
    """One page as PNG; 404 with the reason when it cannot be drawn."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    found = get_object_or_404(DocumentVersion, pk=version, document__referral=pk)
    if not 1 <= number <= MOST_PAGES:
        raise Http404
    try:
        response = HttpResponse(picture(found, number), content_type="image/png")
    except NoPicture as error:
        response = HttpResponse(str(error), status=404, content_type="text/plain; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _address(version: DocumentVersion, name: str, **more: Any) -> str:
    at = {"pk": version.document.referral_id, "version": version.pk} | more
    return reverse(f"admin:referrals_referral_{name}", kwargs=at)


def _as_read(version: DocumentVersion) -> tuple[int, str]:
    """(pages, text): as it was read when it came in, else read now in the sandbox, once in an hour."""
    came = IncomingDocument.objects.filter(sha256=version.sha256).only("reading").first()
    if came is not None and came.reading:
        return came.reading.get("pages", 0), came.reading.get("text", "")
    key = f"shown:{version.sha256}"
    if (kept := cache.get(key)) is None:
        kept = _read(version)
        cache.set(key, kept, KEPT)
    return kept


def _read(version: DocumentVersion) -> tuple[int, str]:
    try:
        with version.file.open("rb") as opened, Sandbox(seconds=SECONDS) as sandbox:
            readings = sandbox.read(opened.read()).readings
    except FileNotFoundError:
        return 0, ""
    return (readings[0].get("pages", 0), readings[0].get("text", "")) if readings else (0, "")
