"""From a coordinator's page: hand the whole list over to a colleague, and say what of somebody's absence is uncovered."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from referrals.admin.actions.step import dress, text
from referrals.admin.wording import now
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import STAFF_PERMISSION
from referrals.lifecycle.states import Action
from referrals.models import Coordinator
from referrals.routing.assign import open_per_owner
from referrals.routing.handing_over import HandedOver, hand_over, open_of

SHOWN = 10


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(label="To whom", queryset=Coordinator.objects.none(), empty_label="Choose")
    comment = text("Why", required=False, help_text="Stands in each referral's timeline, inside the group.")

    def __init__(self, *args, owner: Coordinator, **kwargs):
        super().__init__(*args, **kwargs)
        others = Coordinator.objects.filter(active=True).exclude(pk=owner.pk)
        loads = open_per_owner(others.values_list("pk", flat=True))
        self.fields["to"].queryset = others
        self.fields["to"].label_from_instance = lambda person: f"{person.name} ({loads.get(person.pk, 0)} open now)"
        dress(self)


def may_hand_over(request: HttpRequest) -> bool:
    return request.user.has_perm(STAFF_PERMISSION[Action.ASSIGN])


def hand_over_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """GET asks, POST does."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not (may_hand_over(request) and model_admin.has_view_permission(request)):
        raise PermissionDenied
    owner = Coordinator.objects.filter(pk=pk).first()
    if owner is None:
        raise Http404
    form = HandOverForm(request.POST or None, owner=owner)
    if request.method == "POST" and form.is_valid():
        try:
            to, comment = form.cleaned_data["to"], form.cleaned_data["comment"]
            done = hand_over(owner=owner, to=to, actor=Actor.staff(request.user), now=now(), comment=comment)
        except InvalidInput as error:
            for path, message in error.fields:
                form.add_error(path if path in form.fields else None, message)
        else:
            _tell(request, owner, to, done)
            return redirect("admin:referrals_coordinator_change", owner.pk)
    rows = open_of(owner).select_related("patient", "specialty")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Hand over {owner.name}'s list",
        "opts": model_admin.opts,
        "owner": owner,
        "form": form,
        "count": rows.count(),
        "rows": rows[:SHOWN],
    }
    return TemplateResponse(request, "admin/referrals/coordinator/hand_over.html", context)


def _tell(request: HttpRequest, owner: Coordinator, to: Coordinator, done: HandedOver) -> None:
    if done.done:
        one = done.done == 1
        messages.success(
            request,
            f"{done.done} referral{'' if one else 's'} of {owner.name} {'is' if one else 'are'} on {to.name}'s list now.",
        )
    if done.left:
        messages.warning(request, f"{done.left} are left on {owner.name}'s list. Hand over once more.")
    for words in done.refused[:SHOWN]:
        messages.error(request, f"Not handed over: {words}")
    if not (done.done or done.left or done.refused):
        messages.info(request, f"{owner.name} owns no open referral: there was nothing to hand over.")


def uncovered_words(name: str, days: Iterable[date]) -> str:
    """What a manager has to know of the days on which nobody stands in, and what to do."""
    days = sorted(days)
    first, last = days[0], days[-1]
    when = f"on {first:%a %b} {first.day}"
    if last != first:
        when = f"on {len(days)} business days, {first:%a %b} {first.day} to {last:%a %b} {last.day}"
    return (
        f"Nobody stands in for {name} {when}: no cover is named, or the cover is away as well. The managers get the nudges "
        "then, and new referrals go to others. Name a cover who is here, or hand the list over."
    )
