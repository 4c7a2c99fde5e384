"""File a document of a referral as what it is: the document beside the form that asks what that is."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from referrals.actions import refiling
from referrals.actions.incoming import PERMISSION, As
from referrals.admin import wording
from referrals.admin.actions.noting import NOTE_STATUSES
from referrals.admin.actions.step import DateInput, dress
from referrals.admin.referral.act import put_on_form
from referrals.admin.referral.showing import shown
from referrals.errors import InvalidInput, NotPermitted, ReferralError
from referrals.lifecycle.actor import Actor
from referrals.models import Document


class RefileForm(forms.Form):
    """What the document is. Only a note is asked whether it is signed and of which visit."""

    kind = forms.ChoiceField(label="What it is")
    status = forms.ChoiceField(label="Signed?", required=False, help_text="Of a note; of its newest version.")
    service_date = forms.DateField(label="Day of the visit", required=False, widget=DateInput, help_text="Of a note.")

    def __init__(self, *args, document: Document, **kwargs):
        super().__init__(*args, initial={"service_date": document.service_date, "status": document.status}, **kwargs)
        others = [choice for choice in Document.Kind.choices if choice[0] != document.kind]
        self.fields["kind"].choices = [("", "Choose …"), *others]
        is_amended = document.status == Document.Status.AMENDED
        self.fields["status"].choices = NOTE_STATUSES if is_amended else NOTE_STATUSES[:3]
        dress(self)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("kind") in Document.NOTE_KINDS:
            for name, says in (
                ("status", "Say whether it is signed."),
                ("service_date", "Say on which day the visit was."),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, says)
        return data

    def taken_for(self) -> As:
        data = self.cleaned_data
        is_note = data["kind"] in Document.NOTE_KINDS
        status = data["status"] if is_note else Document.Status.FINAL
        return As(kind=data["kind"], status=status, service_date=data["service_date"] if is_note else None)


def refile_view(model_admin, request: HttpRequest, *, pk: int, document: int) -> HttpResponse:
    """GET shows the document and the form, POST files it anew."""
    if not request.user.has_perm(PERMISSION) or not request.user.has_perm("referrals.work_referral"):
        raise PermissionDenied
    standing = Document.objects.select_related("referral__patient").exclude(status=Document.Status.DETACHED)
    found = get_object_or_404(standing, pk=document, referral=pk)
    form = RefileForm(request.POST if request.method == "POST" else None, document=found)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            refiling.refile(
                document=found, taken_for=form.taken_for(), actor=Actor.staff(request.user), now=wording.now()
            )
        except InvalidInput as error:
            put_on_form(form, error, {})
        except NotPermitted:
            raise PermissionDenied from None
        except ReferralError as error:
            status = 409
            form.add_error(None, error.plain)
        else:
            kind = Document.Kind(form.cleaned_data["kind"]).label.lower()
            messages.success(request, f"Filed as {kind}. To take that back, file it as what it was.")
            return redirect(wording.page_of(found.referral))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "File as another kind",
        "opts": model_admin.opts,
        "original": found.referral,
        "referral": found.referral,
        "refiled": found,
        "form": form,
        "media": form.media,
        "back": wording.page_of(found.referral),
        **shown(request, found),
    }
    return TemplateResponse(request, "admin/referrals/referral/refile.html", context, status=status)
