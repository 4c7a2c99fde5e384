"""Who calls: an office, by ``Authorization: Bearer rlk_…``."""

from dataclasses import dataclass

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from referrals import tokens
from referrals.api.throttling import RefusedTokenThrottle
from referrals.models import Office, OfficeToken

CHALLENGE = 'Bearer realm="RefLoop"'
_SEND_ONE = "Send the token of your office in the header 'Authorization: Bearer rlk_…'."


@dataclass(frozen=True)
class Caller:
    """What ``request.user`` is: no person, only an office."""

    office: Office
    is_authenticated: bool = True
    is_active: bool = True
    pk: None = None


class OfficeTokenAuthentication(BaseAuthentication):
    """``request.auth`` is the OfficeToken with its office. Refused attempts are counted per address."""

    def authenticate(self, request: Request) -> tuple[Caller, OfficeToken]:
        """Raises AuthenticationFailed (401), or Throttled (429) after too many refused attempts of one address."""
        scheme, _, text = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise self._refused(request, "not-authenticated", f"No token was sent. {_SEND_ONE}")
        token = tokens.authenticate(text.strip(), now=timezone.now())
        if token is None:
            raise self._refused(
                request,
                "invalid-token",
                f"This token is unknown, expired or revoked, or its office is inactive. {_SEND_ONE}",
            )
        return Caller(token.office), token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE

    def _refused(self, request: Request, code: str, detail: str) -> AuthenticationFailed | Throttled:
        throttle = RefusedTokenThrottle()
        if not throttle.allow_request(request, None):
            return Throttled(throttle.wait())
        return AuthenticationFailed(detail, code=code)


class IsOffice(BasePermission):
    """Only offices; which referrals they see is decided by the queries (selectors.visible_to)."""

    def has_permission(self, request: Request, view) -> bool:
        return isinstance(request.auth, OfficeToken)


class OfficeTokenScheme(OpenApiAuthenticationExtension):
    """How the schema names the token."""

    target_class = OfficeTokenAuthentication
    name = "officeToken"

    def get_security_definition(self, auto_schema) -> dict:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "rlk_<prefix>_<secret>",
            "description": "The token of your office. Staff of the group make it in RefLoop under Office tokens.",
        }
