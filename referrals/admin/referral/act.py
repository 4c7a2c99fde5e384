"""One address for every action: GET shows its form and changes nothing, POST does it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from referrals import selectors
from referrals.admin import wording
from referrals.admin.actions.registry import STEPS
from referrals.admin.actions.step import Caution, Step, StepForm, standing_notes
from referrals.admin.incoming.tabs import may_be_of
from referrals.admin.referral.showing import shown
from referrals.admin.referral.timeline import told
from referrals.admin.referral.undo import about, undo_tag
from referrals.errors import IllegalMove, InvalidInput, NotFound, NotPermitted, StaleVersion
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.permissions import may
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import refuse_if_illegal
from referrals.models import Referral

# Actions that decide on the note: it stands beside their form.
BESIDE_THE_NOTE = (Action.RECONCILE, Action.ACKNOWLEDGE, Action.RETRACT_NOTE, Action.DETACH_NOTE)


def act_view(model_admin, request: HttpRequest, *, pk: int, action: str) -> HttpResponse:
    """The form of one action on one referral.

    1. 404 for an unknown action, 403 for somebody who may not do it.
    2. GET: the form, filled in with what the address proposes, or back to the referral with the reason when it is not
       possible now.
    3. POST: the service. What it refuses is shown beside what was typed, which is kept."""
    if action not in STEPS:
        raise Http404
    step, action = STEPS[action], Action(action)
    referral = get_object_or_404(selectors.with_parties(Referral.objects.all()), pk=pk)
    actor = Actor.staff(request.user)
    if not may(actor, action, referral):
        raise PermissionDenied
    if request.method == "POST":
        return _perform(model_admin, request, step, action, referral, actor)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        refuse_if_illegal(referral, action, actor, now=wording.now())
    except IllegalMove as error:
        messages.warning(request, _illegal(error))
        return redirect(wording.page_of(referral))
    return _page(model_admin, request, step, action, referral, _fresh(step, request, referral))


def _fresh(step: Step, request: HttpRequest, referral: Referral) -> StepForm:
    """The form as it is opened; the address may propose values, such as the outcome, and say whom to look for."""
    proposed = {
        name: request.GET[name] for name in (*step.form.base_fields, *step.form.proposes) if name in request.GET
    }
    proposed.pop("expected_version", None)
    also = {"find": request.GET["find"]} if "find" in request.GET and step.searches else {}
    return step.form(referral=referral, now=wording.now(), initial=proposed, **also)


def _perform(model_admin, request, step: Step, action: Action, referral: Referral, actor: Actor) -> HttpResponse:
    now = wording.now()
    form = step.form(request.POST, request.FILES, referral=referral, now=now)
    status = 200
    if form.is_valid():
        data = dict(form.cleaned_data)
        common = {"referral": referral, "actor": actor, "now": now, "expected_version": data.pop("expected_version")}
        try:
            told_of = step.perform(common, data)
            say = messages.warning if isinstance(told_of, Caution) else messages.success
            say(request, about(told_of, referral), extra_tags=undo_tag(referral, actor, now))
            return redirect(wording.page_of(referral))
        except InvalidInput as error:
            put_on_form(form, error, step.form.paths)
        except StaleVersion as error:
            status = 409
            referral.refresh_from_db()
            form = _again(step, form, request, referral, now)
            form.add_error(None, _what_changed(referral, error.expected))
        except IllegalMove as error:
            status = 409
            form.add_error(None, _illegal(error))
        except NotPermitted:
            raise PermissionDenied from None
        except NotFound:
            raise Http404 from None
    return _page(model_admin, request, step, action, referral, form, status)


def put_on_form(form: forms.Form, error: InvalidInput, paths: dict[str, str]) -> None:
    """Show each problem at the field it is about (``diagnoses.0`` at ``diagnoses``), or above the form."""
    for path, message in error.fields:
        name = paths.get(path, path.split(".")[0])
        form.add_error(name if name in form.fields and not form.fields[name].widget.is_hidden else None, message)


def _again(step: Step, form: StepForm, request: HttpRequest, referral: Referral, now) -> StepForm:
    """The same form on the newer referral: what the person typed stays, what they left alone follows the newer one."""
    newer = step.form(referral=referral, now=now)
    data: dict[str, Any] = form.data.copy()
    data["expected_version"] = str(referral.version)
    for name in step.form.keeps_originals:
        if name not in form.changed_data:
            current = newer[name].value()
            data[name] = data[f"initial-{name}"] = "" if current is None else str(current)
    repeated = step.form(data, request.FILES, referral=referral, now=now)
    repeated.is_valid()
    return repeated


def _what_changed(referral: Referral, seen: int) -> str:
    """Who did what, and when, since the person opened the form."""
    later = referral.events.filter(version__gt=seen).order_by("version")[:5]
    done = "; ".join(f"{event.actor_label}: {told(event)} ({wording.moment(event.at)})" for event in later)
    return f"Somebody was faster. Meanwhile: {done}. Your entries are still here: check them and send again."


def _illegal(error: IllegalMove) -> str:
    possible = ", ".join(Action(action).label.lower() for action in error.allowed)
    return f"{error.because} Possible now: {possible or 'nothing'}."


def _looks_for_a_note(request: HttpRequest, action: Action) -> bool:
    return action == Action.ATTACH_NOTE and request.user.has_perm("referrals.view_incomingdocument")


def _page(model_admin, request, step: Step, action: Action, referral: Referral, form, status: int = 200):
    note = referral.note or standing_notes(referral).last() if action in BESIDE_THE_NOTE else None
    context = {
        **model_admin.admin_site.each_context(request),
        **shown(request, note),
        "title": action.label,
        "opts": model_admin.opts,
        "original": referral,
        "referral": referral,
        "specialist": wording.specialist_of(referral),
        "action": action,
        "step": step,
        "form": form,
        "button": step.button or action.label,
        "has_files": form.is_multipart(),
        "media": form.media,
        "back": wording.page_of(referral),
        "page_title": f"{action.label} · {referral.number}",
        "came_in": may_be_of(referral) if _looks_for_a_note(request, action) else [],
    }
    return TemplateResponse(request, step.template, context, status=status)
