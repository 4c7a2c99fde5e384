"""Split a PDF or TIFF that holds several patients' documents: tick the pages at which another one begins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from referrals.actions import reviewing
from referrals.actions.incoming import AlreadyDecided
from referrals.admin import wording
from referrals.admin.incoming.decide import document_or_404, refuse_unpermitted
from referrals.admin.incoming.page import address, review_page, shown_document
from referrals.errors import InvalidInput
from referrals.intake.cutting import CUTTABLE
from referrals.intake.sandbox import Sandbox
from referrals.lifecycle.actor import Actor
from referrals.models import IncomingDocument

SECONDS = 25.0


def split_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    refuse_unpermitted(request)
    document = document_or_404(pk)
    pages = (document.reading or {}).get("pages", 0)
    if document.state != IncomingDocument.State.REVIEW or document.content_type not in CUTTABLE or pages < 2:
        return review_page(model_admin, request, document, problem="It cannot be split now.", status=409)
    if request.method != "POST":
        return _page(model_admin, request, document, [], "")
    starts = sorted({int(value) for value in request.POST.getlist("starts") if value.isdigit()} - {0, 1})
    ranges = ranges_from(starts, pages)
    if len(ranges) < 2:
        return _page(model_admin, request, document, starts, "Tick at least one page at which another document begins.")
    with Sandbox(seconds=SECONDS) as sandbox, document.file.open("rb") as opened:
        cut = sandbox.cut(opened.read(), ranges)
    if not cut.parts:
        return _page(model_admin, request, document, starts, cut.error)
    labels = [f"page {first}" if first == last else f"pages {first}-{last}" for first, last in ranges]
    try:
        reviewing.split(
            document=document, parts=cut.parts, labels=labels, actor=Actor.staff(request.user), now=wording.now()
        )
    except AlreadyDecided as error:
        return review_page(model_admin, request, document_or_404(pk), problem=str(error), status=409)
    except InvalidInput as error:
        return _page(model_admin, request, document, starts, error.plain)
    messages.success(request, f"Split into {len(ranges)}: each part is read for itself now.")
    return redirect(address(document))


def ranges_from(starts: list[int], pages: int) -> list[tuple[int, int]]:
    """(first, last) of each part when new ones begin at ``starts``; nothing beyond the last page counts."""
    firsts = [1, *(start for start in starts if start <= pages)]
    return [(first, last - 1) for first, last in zip(firsts, [*firsts[1:], pages + 1], strict=True)]


def _page(model_admin, request: HttpRequest, document: IncomingDocument, starts: list[int], problem: str):
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Split {document.filename}",
        "opts": model_admin.opts,
        "document": document,
        "starts": starts,
        "problem": problem,
        "back": address(document),
        **shown_document(request, document),
    }
    return TemplateResponse(request, "admin/referrals/incomingdocument/split.html", context, status=200)
