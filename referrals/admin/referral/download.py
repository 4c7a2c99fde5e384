"""Hand out the bytes of a document: to those who may see it, as a file to keep, never as a page to run."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from referrals.models import DocumentVersion


def download_view(model_admin, request: HttpRequest, *, pk: int, version: int) -> HttpResponse:
    return _download(request, pk, version)


@require_safe
def _download(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    if not request.user.has_perm("referrals.view_document"):
        raise PermissionDenied
    found = DocumentVersion.objects.filter(pk=version, document__referral=pk).first()
    if found is None:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404("The file is not in storage any more.") from None
    response = FileResponse(content, as_attachment=True, filename=found.filename, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    # An uploaded page or image must never run as ours, even when a browser shows it all the same.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
