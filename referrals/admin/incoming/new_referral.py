"""A new referral from a letter: the capture form beside the document, filled in with what was read."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from referrals.actions import reviewing
from referrals.actions.incoming import AlreadyDecided
from referrals.admin import wording
from referrals.admin.incoming.decide import document_or_404, onward, refuse_unpermitted
from referrals.admin.incoming.page import address, review_page, shown_document
from referrals.admin.referral.act import put_on_form
from referrals.admin.referral.capture import tell
from referrals.admin.referral.capture_form import PATHS, CaptureForm
from referrals.errors import IdempotencyConflict, InvalidInput, NotPermitted
from referrals.intake.letters.asking import diagnoses_in, question_in
from referrals.intake.reading import Found, Party, Patient, Reading
from referrals.lifecycle.actor import Actor
from referrals.models import Arrival, IncomingDocument, Provider, Referral
from referrals.reconcile.identity.person import digits, of_reading
from referrals.reconcile.parties import answered
from referrals.reconcile.people import likely


def capture_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """GET shows the form, POST captures and puts the letter on the referral, both or neither."""
    refuse_unpermitted(request)
    if not request.user.has_perm("referrals.capture_referral"):
        raise PermissionDenied
    document = document_or_404(pk)
    if document.state != IncomingDocument.State.REVIEW:
        return review_page(model_admin, request, document, problem="It is not in review any more.", status=409)
    if request.method != "POST":
        return _page(model_admin, request, document, CaptureForm(initial=first_values(reviewing.reading_of(document))))
    form = CaptureForm(request.POST)
    if form.is_valid():
        by_fax = document.arrivals.filter(source=Arrival.Source.FOLDER).exists()
        try:
            made = reviewing.capture_from(
                document=document,
                ask=replace(form.ask(), source=Referral.Source.FAX if by_fax else Referral.Source.ADMIN),
                idempotency_key=form.cleaned_data["key"],
                actor=Actor.staff(request.user),
                now=wording.now(),
            )
        except InvalidInput as error:
            put_on_form(form, error, PATHS)
        except (AlreadyDecided, IdempotencyConflict) as error:
            form.add_error(None, str(error))
            return _page(model_admin, request, document, form, status=409)
        except NotPermitted:
            raise PermissionDenied from None
        else:
            tell(request, made.captured)
            return onward(made.decision)
    return _page(model_admin, request, document, form)


def first_values(reading: Reading | None) -> dict[str, Any]:
    """What the form proposes: who is on record beyond doubt is chosen, else the patient is typed in as read."""
    if reading is None:
        return {}
    codes = ", ".join(diagnoses_in(reading.text))
    values: dict[str, Any] = {"clinical_question": question_in(reading.text), "diagnoses": codes}
    if reading.patient is not None:
        known = likely(of_reading(reading.patient))
        hard = [one.patient for one in known if one.comparison.hard]
        values |= {"existing_patient": hard[0]} if len(hard) == 1 else _typed(reading.patient)
    referrer = _author(reading) or _provider(reading.referrers)
    if referrer is not None:
        office = referrer.offices.filter(active=True).first()
        values |= {"referring_provider": referrer.pk, "referring_office": office.pk if office else None}
    specialist = _provider(reading.recipients)
    if specialist is not None:
        office, specialties = specialist.offices.filter(active=True).first(), list(specialist.specialties.all()[:2])
        values |= {"receiving_provider": specialist.pk, "receiving_office": office.pk if office else None}
        if len(specialties) == 1:
            values["specialty"] = specialties[0].pk
    return values


def _typed(patient: Patient) -> dict[str, Any]:
    name = patient.names[0].value if patient.names else None
    address_ = patient.addresses[0].value if patient.addresses else None
    phones = sorted(digits(patient.phones))
    return {
        "family_name": name.family if name else "",
        "given_name": name.given[0] if name and name.given else "",
        "birth_date": patient.birth_date.value.day if patient.birth_date else None,
        "sex": patient.sex.value if patient.sex else "unknown",
        "phone": phones[0] if phones else "",
        "street": address_.lines[0] if address_ and address_.lines else "",
        "city": address_.city if address_ else "",
        "state": address_.state if address_ else "",
        "zip_code": address_.zip if address_ else "",
        "record_number": patient.identifiers[0].value.value if patient.identifiers else "",
    }


def _author(reading: Reading) -> Provider | None:
    """Who wrote the letter, when the directory has exactly one of that NPI or name."""
    authors = answered(reading, []).authors
    return Provider.objects.filter(pk__in=authors, active=True).first() if len(authors) == 1 else None


def _provider(parties: tuple[Found[Party], ...]) -> Provider | None:
    """The one of the directory whose NPI stands in the document."""
    npis = [found.value.npi for found in parties if found.value.npi]
    found = list(Provider.objects.filter(npi__in=npis, active=True)[:2]) if npis else []
    return found[0] if len(found) == 1 else None


def _page(model_admin, request: HttpRequest, document: IncomingDocument, form: CaptureForm, status: int = 200):
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "New referral from this document",
        "opts": model_admin.opts,
        "document": document,
        "form": form,
        "media": form.media,
        "back": address(document),
        **shown_document(request, document),
    }
    return TemplateResponse(request, "admin/referrals/incomingdocument/capture.html", context, status=status)
