"""Take the retraction of a note back: asked why, then it counts again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from referrals.actions import retracting
from referrals.actions.incoming import PERMISSION
from referrals.admin import wording
from referrals.admin.incoming.forms import UndoForm
from referrals.errors import NotPermitted, ReferralError
from referrals.lifecycle.actor import Actor
from referrals.models import Document


def unretract_view(model_admin, request: HttpRequest, *, pk: int, document: int) -> HttpResponse:
    """GET asks why, POST lets the note count again. What came in as its retraction stays where it is."""
    if not request.user.has_perm(PERMISSION) or not request.user.has_perm("referrals.work_referral"):
        raise PermissionDenied
    retracted = Document.objects.select_related("referral__patient").filter(status=Document.Status.RETRACTED)
    found = get_object_or_404(retracted, pk=document, referral=pk)
    form, status = UndoForm(request.POST if request.method == "POST" else None), 200
    form.fields["reason"].help_text = "Such as: another document was meant."
    if request.method == "POST" and form.is_valid():
        try:
            retracting.restore_note(
                document=found, actor=Actor.staff(request.user), now=wording.now(), reason=form.cleaned_data["reason"]
            )
        except NotPermitted:
            raise PermissionDenied from None
        except ReferralError as error:
            status = 409
            form.add_error(None, error.plain)
        else:
            messages.success(request, "The note counts again.")
            return redirect(wording.page_of(found.referral))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Take the retraction back",
        "opts": model_admin.opts,
        "original": found.referral,
        "referral": found.referral,
        "retracted": found,
        "form": form,
        "back": wording.page_of(found.referral),
    }
    return TemplateResponse(request, "admin/referrals/referral/unretract.html", context, status=status)
