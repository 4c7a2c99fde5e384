"""The page of one incoming document: the document beside what was read, and what can be decided."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from referrals.actions.reviewing import reading_of
from referrals.actions.separating import parts_of, wholes_of
from referrals.admin import wording
from referrals.admin.counting import count_up_to, in_words
from referrals.admin.incoming import candidates, facts, tabs, words
from referrals.admin.incoming.forms import AsideForm
from referrals.admin.incoming.listing import AFTER
from referrals.intake.cutting import CUTTABLE, MOST_PAGES
from referrals.intake.parsers.protocol import MOST_PARTS
from referrals.intake.pictures import has_pages
from referrals.intake.receive import UNKNOWN
from referrals.intake.sniffing import STRUCTURED
from referrals.models import Document, IncomingDocument, MatchDecision

State = IncomingDocument.State
TEXT_SHOWN = 60_000  # characters; the download has the rest
PERMISSION = "referrals.review_incomingdocument"


def address(document: IncomingDocument, name: str = "change", **more: Any) -> str:
    """The address of one of the document's pages. The theme's own is called by position."""
    if name == "change":
        return reverse("admin:referrals_incomingdocument_change", args=(document.pk,))
    return reverse(f"admin:referrals_incomingdocument_{name}", kwargs={"pk": document.pk} | more)


def review_page(
    model_admin, request: HttpRequest, document: IncomingDocument, *, sent: dict[str, Any] | None = None,
    problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """``sent`` are forms as they came and were refused (``bound`` for the referral ``on``; ``aside``), ``problem`` what
    is said above the page."""
    sent = sent or {}
    now = wording.now()
    may_review = request.user.has_perm(PERMISSION)
    undecided = document.state == State.REVIEW and may_review
    context = {
        **model_admin.admin_site.each_context(request),
        "title": document.filename,
        "opts": model_admin.opts,
        "document": document,
        "original": document,
        "state_badge": words.state_badge(document),
        "problem": problem,
        "origins": _origins(document, now),
        "after": decision_of(request),
        "may_review": may_review,
        **shown_document(request, document),
        **_what_was_read(document),
        **_decided(document),
        **_queue(document),
        **_tools(request, document, undecided),
    }
    if undecided or "on" in sent:
        bound, on, find = sent.get("bound"), sent.get("on", 0), request.GET.get("find", "").strip()[:120]
        context |= {
            "can_decide": True,
            "candidates": candidates.suggested(document, bound=bound, on=on),
            "find": find,
            "found": candidates.found(document, find),
            "aside_form": sent.get("aside") or AsideForm(),
            "aside_open": "aside" in sent,
        }
    return TemplateResponse(request, "admin/referrals/incomingdocument/page.html", context, status=status)


def shown_document(request: HttpRequest, document: IncomingDocument) -> dict[str, Any]:
    """The document itself: the address of a page as a picture, or the text that was read."""
    reading = document.reading or {}
    pages = max(1, reading.get("pages", 0)) if has_pages(document) else 0
    wanted = request.GET.get("page", "1")
    page = min(max(1, int(wanted) if wanted.isdigit() else 1), max(pages, 1))
    text = reading.get("text", "")
    return {
        "pages": [{"number": number, "src": address(document, "page", number=number)} for number in range(1, pages + 1)],
        "page": page,
        "picture": address(document, "page", number=page) if pages else "",
        "text": text[:TEXT_SHOWN],
        "text_is_cut": len(text) > TEXT_SHOWN,
        "download": address(document, "file"),
    }  # fmt: skip


def _what_was_read(document: IncomingDocument) -> dict[str, Any]:
    reading = reading_of(document)
    if reading is None:
        return {"groups": [], "warnings": (), "format": ""}
    return {
        "groups": facts.facts_of(reading),
        "warnings": reading.warnings,
        "format": reading.format,
        "is_of_several": len(reading.patients) > 1,
    }


def _origins(document: IncomingDocument, now: datetime) -> list[dict[str, str]]:
    return [
        {
            "from": arrival.received_from,
            "how": arrival.get_source_display(),
            "ago": words.ago(arrival.at, now),
            "at": wording.day_and_time(arrival.at),
        }
        for arrival in document.arrivals.all()[:5]
    ]


def _decided(document: IncomingDocument) -> dict[str, Any]:
    """What stands, and what was taken back before."""
    rows = list(document.decisions.select_related("referral", "version__document")[:10])
    may_be_whole = document.content_type in STRUCTURED or any(row.kind == MatchDecision.Kind.SPLIT for row in rows)
    return {
        "decision": next((told(row) for row in rows if row.undone_at is None), None),
        "taken_back": [told(row) for row in rows if row.undone_at is not None],
        "parts": list(parts_of(document).only("filename", "patient_name", "state")[:MOST_PARTS])
        if may_be_whole
        else [],
        "part_of": list(wholes_of(document).only("filename")),
    }


def told(decision: MatchDecision) -> dict[str, Any]:
    """A decision for a template."""
    return {
        "row": decision,
        "words": words.decision_words(decision),
        "at": wording.day_and_time(decision.decided_at),
        "href": wording.page_of(decision.referral) if decision.referral else "",
        "closed": bool(decision.referral) and decision.referral.status == "closed",
        "undo": undo_address(decision) if decision.can_be_undone else "",
        "refile": refile_address(decision),
    }


def refile_address(decision: MatchDecision) -> str:
    """Where what was attached is filed as another kind; empty when nothing is there."""
    if decision.version_id is None or decision.undone_at is not None:
        return ""
    document = decision.version.document
    if document.status in (Document.Status.DETACHED, Document.Status.RETRACTED):
        return ""
    return reverse("admin:referrals_referral_refile", kwargs={"pk": document.referral_id, "document": document.pk})


def undo_address(decision: MatchDecision) -> str:
    return reverse("admin:referrals_incomingdocument_undo", kwargs={"decision": decision.pk})


def decision_of(request: HttpRequest) -> dict[str, Any] | None:
    """The decision that led here, so that it can be taken back at once."""
    wanted = request.GET.get(AFTER, "")
    if not wanted.isdigit():
        return None
    row = (
        MatchDecision.objects.select_related("referral", "document", "version__document")
        .filter(pk=wanted, undone_at=None)
        .first()
    )
    return told(row) | {"filename": row.document.filename} if row else None


def _queue(document: IncomingDocument) -> dict[str, Any]:
    waiting = tabs.rows_of(tabs.REVIEW)
    following = next_in_review(document)
    return {
        "waiting": in_words(count_up_to(waiting, tabs.MOST_SHOWN), tabs.MOST_SHOWN),
        "next": address(following) if following else "",
    }


def next_in_review(document: IncomingDocument) -> IncomingDocument | None:
    """The one after this in the queue, or the first; None when nothing else waits."""
    rows: QuerySet[IncomingDocument] = tabs.rows_of(tabs.REVIEW).exclude(pk=document.pk).only("pk")
    rows = rows.order_by(*tabs.order_of(tabs.REVIEW))
    later = Q(received_at__gt=document.received_at) | Q(received_at=document.received_at, pk__gt=document.pk)
    return rows.filter(later).first() or rows.first()


def _tools(request: HttpRequest, document: IncomingDocument, undecided: bool) -> dict[str, str]:
    pages = (document.reading or {}).get("pages", 0)
    can_split = undecided and document.content_type in CUTTABLE and 1 < pages <= MOST_PAGES
    may_capture = undecided and request.user.has_perm("referrals.capture_referral")
    return {
        "again": address(document, "again") if undecided and document.content_type != UNKNOWN else "",
        "split": address(document, "split") if can_split else "",
        "capture": address(document, "capture") if may_capture else "",
        "aside": address(document, "aside") if undecided else "",
    }
