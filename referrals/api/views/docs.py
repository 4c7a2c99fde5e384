"""The API's own pages: schema, interactive docs, kinds of problem. Readable without a token."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from referrals.api.problem_types import PROBLEMS


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI schema, made once per process: it depends on the code alone."""
    return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(APIView):
    """OpenAPI 3 as JSON."""

    authentication_classes: list = []
    permission_classes: list = []
    schema = None  # it does not describe itself

    def get(self, request: Request) -> Response:
        return Response(schema(), headers={"Cache-Control": "no-cache"})


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files; its script is a second request, so no script is inline."""

    url_name = "api-schema"
    throttle_classes: list = []


@require_safe
def problem_types(request: HttpRequest) -> HttpResponse:
    """What ``type`` of a problem links to."""
    rows = format_html_join(
        "",
        '<section id="{}"><h2>{} <small>{} <code>{}</code></small></h2><p>{}</p></section>',
        ((p.code, p.title, p.status, p.code, p.meaning) for p in PROBLEMS.values()),
    )
    page = format_html(
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<title>Problems of the RefLoop API</title><main><h1>Problems of the RefLoop API</h1><p><a href="/api/docs/">'
        "All of the API</a></p>{}</main></html>",
        rows,
    )
    return HttpResponse(page)
