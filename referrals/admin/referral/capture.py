"""Add a referral by hand: the form, and what is said afterwards."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join

from referrals.admin import wording
from referrals.admin.referral.act import put_on_form
from referrals.admin.referral.capture_form import PATHS, CaptureForm, new_key
from referrals.capture.create import Captured, capture
from referrals.errors import IdempotencyConflict, InvalidInput, NotPermitted
from referrals.lifecycle.actor import Actor
from referrals.models import Referral


def capture_view(model_admin, request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST captures. A repeated POST of the same form finds the referral it made."""
    if request.method in ("GET", "HEAD"):
        first = {"existing_patient": request.GET["patient"]} if request.GET.get("patient", "").isdigit() else {}
        return _page(model_admin, request, CaptureForm(initial=first))
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form = CaptureForm(request.POST)
    if form.is_valid():
        try:
            captured = capture(
                ask=form.ask(),
                actor=Actor.staff(request.user),
                now=wording.now(),
                idempotency_key=form.cleaned_data["key"],
            )
        except InvalidInput as error:
            put_on_form(form, error, PATHS)
        except IdempotencyConflict as error:
            form = _with_fresh_key(request)
            form.add_error(None, f"{error} Send again only if this is another referral.")
        except NotPermitted:
            raise PermissionDenied from None
        else:
            tell(request, captured)
            return redirect(wording.page_of(captured.referral))
    return _page(model_admin, request, form)


def _with_fresh_key(request: HttpRequest) -> CaptureForm:
    data = request.POST.copy()
    data["key"] = new_key()
    form = CaptureForm(data)
    form.is_valid()
    return form


def tell(request: HttpRequest, captured: Captured) -> None:
    """Say what was captured, and what to look at."""
    referral = captured.referral
    if not captured.created:
        messages.info(request, f"{referral.number} was captured from this form already; here it is.")
        return
    messages.success(request, f"{referral.number} captured. {_where(referral)}")
    if captured.duplicates:
        links = format_html_join(", ", "{}", ((wording.referral_link(other),) for other in captured.duplicates))
        messages.warning(request, format_html("This may be a duplicate of {}. If it is, void one of them.", links))
    for warning in captured.warnings:
        messages.warning(request, warning)


def _where(referral: Referral) -> str:
    decision = referral.routing_decisions.first()
    if referral.receiving_office_id is None:
        return f"{decision.no_match_because if decision else 'No specialist found.'} Choose one by hand."
    why = " · ".join(decision.reasons) if decision else ""
    provider = f"{referral.receiving_provider}, " if referral.receiving_provider else ""
    return f"Sent to {provider}{referral.receiving_office}: {why}. {referral.owner} owns it."


def _page(model_admin, request: HttpRequest, form: CaptureForm) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Add referral",
        "form": form,
        "media": form.media,
    }
    return TemplateResponse(request, "admin/referrals/referral/capture.html", context)
