"""Hand out a document: as pictures we drew, or as a file to keep. Nothing of it runs or is rendered in the browser."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from referrals.intake.cutting import MOST_PAGES
from referrals.intake.pictures import NoPicture, picture
from referrals.models import IncomingDocument


def page_view(model_admin, request: HttpRequest, *, pk: int, number: int) -> HttpResponse:
    """One page as PNG; 404 with the reason when it cannot be drawn."""
    document = get_object_or_404(IncomingDocument.objects.defer("reading"), pk=pk)
    if not 1 <= number <= MOST_PAGES:
        raise Http404
    try:
        response = HttpResponse(picture(document, number), content_type="image/png")
    except NoPicture as error:
        response = HttpResponse(str(error), status=404, content_type="text/plain; charset=utf-8")
    return _private(response)


def download_view(model_admin, request: HttpRequest, *, pk: int) -> HttpResponse:
    """The bytes as they came, always as an attachment."""
    document = get_object_or_404(IncomingDocument.objects.defer("reading"), pk=pk)
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        raise Http404("The file is not in storage any more.") from None
    return _private(
        FileResponse(content, as_attachment=True, filename=document.filename, content_type=document.content_type)
    )


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
