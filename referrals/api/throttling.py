"""How often: per token, per address for attempts without a good one, and per office for what makes us call out. Counted in the cache (CACHE_URL)."""

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle


class _Rate(SimpleRateThrottle):
    def get_rate(self) -> str:
        # Read when asked, so that a changed setting counts at once.
        return api_settings.DEFAULT_THROTTLE_RATES[self.scope]

    @property
    def allowance(self) -> tuple[int, int]:
        """(requests, seconds)."""
        return self.parse_rate(self.get_rate())


class TokenThrottle(_Rate):
    """REFLOOP_API_RATE requests per token; pages without a token (docs, schema) are not counted."""

    scope = "token"

    def get_cache_key(self, request: Request, view) -> str | None:
        return f"api-rate:{request.auth.prefix}" if request.auth is not None else None


class EndpointThrottle(_Rate):
    """REFLOOP_API_ENDPOINT_RATE changes and tests of an office's endpoints: each makes us look up a name or send."""

    scope = "endpoints"

    def get_cache_key(self, request: Request, view) -> str | None:
        reads = request.method in ("GET", "HEAD")
        return None if reads or request.auth is None else f"api-endpoints:{request.auth.office_id}"


class RefusedTokenThrottle(_Rate):
    """REFLOOP_API_REFUSED_RATE refused attempts per address: a guesser is slowed, an office with a good token never."""

    scope = "refused"

    def get_cache_key(self, request: Request, view) -> str:
        return f"api-refused:{self.get_ident(request)}"
