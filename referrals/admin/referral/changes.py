"""Whether a referral changed since a page of it was shown: asked by that page while somebody looks at it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from referrals.models import Referral, ReferralEvent


def changes_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """GET ``?seen=<version>``: {"version", "by"}; ``by`` names who changed it since, empty when nobody did.

    It says nothing of the patient nor of what was done, so it is no reading of the record and is not noted as one."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    version = Referral.objects.filter(pk=pk).values_list("version", flat=True).first()
    if version is None:
        raise Http404
    seen = request.GET.get("seen", "")
    known = int(seen) if seen.isdecimal() and len(seen) < 10 else version
    return JsonResponse({"version": version, "by": _by(pk, known) if known < version else ""})


def _by(pk: int, seen: int) -> str:
    later = ReferralEvent.objects.filter(referral=pk, version__gt=seen).order_by("version")
    return " and ".join(dict.fromkeys(later.values_list("actor_label", flat=True)[:5]))
