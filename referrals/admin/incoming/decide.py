"""Decide on a document: every change is a POST, and what is refused is shown beside what was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from referrals import selectors
from referrals.actions import incoming, reviewing
from referrals.actions.incoming import AlreadyDecided
from referrals.admin import wording
from referrals.admin.incoming.forms import AsideForm, AttachForm, UndoForm
from referrals.admin.incoming.listing import AFTER
from referrals.admin.incoming.page import PERMISSION, address, next_in_review, review_page, told
from referrals.admin.referral.act import put_on_form
from referrals.errors import IllegalMove, InvalidInput, NotFound, NotPermitted, ReferralError
from referrals.lifecycle.actor import Actor
from referrals.models import IncomingDocument, MatchDecision, Referral
from referrals.reconcile.doubts import doubts


def refuse_unpermitted(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def document_or_404(pk: int) -> IncomingDocument:
    return get_object_or_404(IncomingDocument, pk=pk)


def onward(decision: MatchDecision) -> HttpResponse:
    """To the next document in review, or to the list when nothing waits; either offers to take the decision back."""
    following = next_in_review(decision.document)
    there = address(following) if following else reverse("admin:referrals_incomingdocument_changelist")
    return redirect(f"{there}?{AFTER}={decision.pk}")


def attach_view(model_admin, request: HttpRequest, *, pk: int, referral: int) -> HttpResponse:
    """Attach the document to a referral somebody chose.

    1. The form as sent: what is missing or contradicts is asked for on the same page.
    2. The service looks again under a lock; a refusal, also that somebody was faster, keeps what was typed."""
    refuse_unpermitted(request)
    document = document_or_404(pk)
    rows = selectors.with_parties(Referral.objects.all()).prefetch_related(
        "patient__other_names", "patient__identifiers"
    )
    chosen = get_object_or_404(rows, pk=referral)
    form = _attach_form(request.POST, document, chosen)

    def act() -> MatchDecision:
        return reviewing.attach_by_hand(
            document=document, referral=chosen, taken_for=form.taken_for(), confirmed=form.confirmed_key,
            actor=Actor.staff(request.user), now=wording.now(),
        )  # fmt: skip

    if not form.is_valid():
        return review_page(model_admin, request, document, sent={"bound": form, "on": chosen.pk})
    try:
        return onward(_permitted(act))
    except InvalidInput as error:
        if any(path == "confirmed" for path, _ in error.fields):
            form = _asked_anew(request, document, chosen)
        put_on_form(form, error, {})
    except (AlreadyDecided, IllegalMove) as error:
        document = document_or_404(pk)
        sent = {"bound": form, "on": chosen.pk}
        return review_page(model_admin, request, document, sent=sent, problem=_kept(error), status=409)
    return review_page(model_admin, request, document, sent={"bound": form, "on": chosen.pk})


def _attach_form(data, document: IncomingDocument, chosen: Referral) -> AttachForm:
    reading = reviewing.reading_of(document)
    return AttachForm(data, reading=reading, doubts=doubts(reading, chosen.patient), referral_pk=chosen.pk)


def _asked_anew(request: HttpRequest, document: IncomingDocument, chosen: Referral) -> AttachForm:
    """The form with the doubts there are by now: a tick under others does not count."""
    data = request.POST.copy()
    data.pop("confirmed", None)
    data["doubts"] = doubts(reviewing.reading_of(document), chosen.patient).key
    form = _attach_form(data, document, chosen)
    form.is_valid()
    return form


def aside_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """Set the document aside with a reason."""
    refuse_unpermitted(request)
    document = document_or_404(pk)
    form = AsideForm(request.POST)
    if not form.is_valid():
        return review_page(model_admin, request, document, sent={"aside": form})
    try:
        decision = _permitted(
            lambda: incoming.set_aside(
                document=document, reason=form.why, actor=Actor.staff(request.user), now=wording.now()
            )
        )
    except AlreadyDecided as error:
        return review_page(model_admin, request, document_or_404(pk), problem=str(error), status=409)
    return onward(decision)


def again_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """Have the document read again."""
    refuse_unpermitted(request)
    document = document_or_404(pk)
    try:
        _permitted(lambda: reviewing.read_again(document=document, actor=Actor.staff(request.user), now=wording.now()))
    except (AlreadyDecided, InvalidInput) as error:
        return review_page(model_admin, request, document_or_404(pk), problem=_plain(error), status=409)
    messages.success(request, f"{document.filename} is read again; it comes back here if it is still not certain.")
    return redirect(address(document))


def undo_view(model_admin, request: HttpRequest, *, decision: int) -> HttpResponse:
    """GET asks why, POST takes the decision back and opens the document."""
    refuse_unpermitted(request)
    found = get_object_or_404(MatchDecision.objects.select_related("referral", "document"), pk=decision)
    document = found.document
    form = UndoForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _permitted(
                lambda: incoming.undo(
                    decision=found,
                    reason=form.cleaned_data["reason"],
                    actor=Actor.staff(request.user),
                    now=wording.now(),
                )
            )
            messages.success(request, f"Taken back: {document.filename} is in review again.")
            return redirect(_back(request, document))
        except ReferralError as error:
            status = 409
            form.add_error(None, _plain(error))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Take a decision back",
        "opts": model_admin.opts,
        "document": document,
        "decision": told(found),
        "form": form,
        "back": _back(request, document),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return TemplateResponse(request, "admin/referrals/incomingdocument/undo.html", context, status=status)


def _back(request: HttpRequest, document: IncomingDocument) -> str:
    """Where the person came from, when that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return address(document)


def _permitted(act: Callable[[], MatchDecision]) -> MatchDecision:
    """Run a service; what it does not permit or find is the page's 403 or 404."""
    try:
        return act()
    except NotPermitted:
        raise PermissionDenied from None
    except NotFound:
        raise Http404 from None


def _plain(error: ReferralError) -> str:
    return error.plain if isinstance(error, InvalidInput) else str(error)


def _kept(error: ReferralError) -> str:
    return f"{error} What you entered is still here."
