"""Every error of the API as RFC 9457 problem details."""

import logging
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from referrals import errors
from referrals.api.allowed import allowed_actions
from referrals.api.parsing import BodyTooLarge
from referrals.api.problem_types import PROBLEMS
from referrals.identifiers import clean_referral_number
from referrals.selectors import events_visible_to

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger("refloop.api")


def problem(code: str, detail: str, **more: Any) -> dict[str, Any]:
    """A problem body: type, title, status, detail, code and what the kind adds."""
    kind = PROBLEMS[code]
    return {"type": kind.uri, "title": kind.title, "status": kind.status, "detail": detail, "code": code, **more}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """The response to any exception a view raises; an unexpected one is logged under an ``error_id``."""
    headers: dict[str, str] = {}
    if isinstance(error, errors.ReferralError):
        body = _refused(error, context)
    elif isinstance(error, exceptions.APIException):
        body, headers = _framework(error, context)
    elif isinstance(error, Http404):
        body = problem("not-found", "There is nothing at this address for you.")
    elif isinstance(error, PermissionDenied):
        body = problem("not-permitted", "You may not do this.")
    elif isinstance(error, RequestDataTooBig):
        body = problem("too-large", "The form is too large; files go in the file field.")
    elif isinstance(error, (SuspiciousOperation, UnreadablePostError)):
        body = problem("malformed", "The request cannot be read.")
    else:
        body = _unexpected(error)
    _roll_back()
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


@csrf_exempt  # nothing is done here, and a page about cookies would not help a program
def not_found(request: HttpRequest) -> JsonResponse:
    """Any address under /api/ that no view serves."""
    hint = "" if request.path.endswith("/") else " Addresses of the API end in a slash."
    body = problem("not-found", f"There is nothing at this address.{hint} The API is described at /api/docs/.")
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def _refused(error: errors.ReferralError, context: dict[str, Any]) -> dict[str, Any]:
    detail = str(error)
    if isinstance(error, errors.InvalidInput):
        listed = [{"field": path, "message": message} for path, message in error.fields]
        return problem("invalid", _of_fields(listed), errors=listed)
    if isinstance(error, errors.IllegalMove):
        number = clean_referral_number(context["kwargs"]["number"])  # only views of one referral do actions
        return problem(
            "illegal-move", detail, status_now=error.status, allowed_actions=allowed_actions(error.allowed, number)
        )
    if isinstance(error, errors.StaleVersion):
        return problem("stale-version", detail + _unseen_change(error, context), current_version=error.current)
    return problem(error.code, detail)


def _unseen_change(error: errors.StaleVersion, context: dict[str, Any]) -> str:
    """A sentence when the versions between hold nothing the caller may read: else it looks for a change in vain."""
    shown = events_visible_to(context["view"].viewer.office).filter(
        referral__number=clean_referral_number(context["kwargs"]["number"]), version__gt=error.expected
    )
    if error.expected > error.current or shown.exists():
        return ""
    return " What changed is internal to the group and not shown to you."


def _framework(error: exceptions.APIException, context: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    if isinstance(error, exceptions.ValidationError):
        listed = list(flatten(error.detail))
        return problem("invalid", _of_fields(listed), errors=listed), {}
    if isinstance(error, exceptions.Throttled):
        wait = max(1, round(error.wait or 1))
        return problem("throttled", f"Too many requests; go on in {wait} s."), {"Retry-After": str(wait)}
    if isinstance(error, (exceptions.AuthenticationFailed, exceptions.NotAuthenticated)):
        code = error.detail.code if error.detail.code in PROBLEMS else "not-authenticated"
        challenge = 'Bearer realm="RefLoop"' + (', error="invalid_token"' if code == "invalid-token" else "")
        return problem(code, str(error.detail)), {"WWW-Authenticate": challenge}
    if isinstance(error, BodyTooLarge):
        return problem("too-large", str(error.detail)), {}
    if isinstance(error, exceptions.UnsupportedMediaType):
        taken = ", ".join(parser.media_type for parser in context["view"].get_parsers())
        return problem("unsupported-media-type", f"{error.detail} Taken here: {taken}."), {}
    code = {
        exceptions.ParseError: "malformed",
        exceptions.PermissionDenied: "not-permitted",
        exceptions.NotFound: "not-found",
        exceptions.MethodNotAllowed: "method-not-allowed",
    }.get(type(error))
    if code is None:
        return _unexpected(error), {}
    return problem(code, str(error.detail)), {}


def flatten(detail: Any, path: str = "") -> list[dict[str, str]]:
    """[{"field", "message"}] of a serializer's nested errors; ``patient.identifiers.0.value`` is a path."""
    if isinstance(detail, dict):
        found = []
        for key, inner in detail.items():
            deeper = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            found += flatten(inner, deeper)
        return found
    if isinstance(detail, list):
        found = []
        for index, inner in enumerate(detail):
            is_message = not isinstance(inner, (dict, list))
            found += flatten(inner, path if is_message else f"{path}.{index}" if path else str(index))
        return found
    return [{"field": path, "message": str(detail)}]


def _of_fields(listed: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(entry["field"] or "the body" for entry in listed))
    return f"Nothing was changed. Mend: {', '.join(names[:10])}{' …' if len(names) > 10 else ''}."


def _unexpected(error: Exception) -> dict[str, Any]:
    error_id = uuid4().hex
    logger.error("unexpected error in the API", exc_info=error, extra={"error_id": error_id})
    return problem("internal-error", "Something went wrong on our side; it was logged.", error_id=error_id)


def _roll_back() -> None:
    # An exception that became a response must not commit what an enclosing transaction of the request holds.
    connection = transaction.get_connection()
    if connection.settings_dict["ATOMIC_REQUESTS"] and connection.in_atomic_block:
        transaction.set_rollback(True)
