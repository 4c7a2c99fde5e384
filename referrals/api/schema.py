"""The OpenAPI schema: each view declares its operations, this module tells drf-spectacular."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from referrals.api.outputs.problems import ProblemSerializer
from referrals.api.problem_types import PROBLEMS

PROBLEM_JSON = "application/problem+json"
# In the order of the loop.
TAGS = (
    ("Capture", "Create a referral once, find and read referrals."),
    ("Route", "Choose the specialist and the owner. Only for offices of the group that runs RefLoop."),
    ("Answer", "The receiving office accepts, declines, or asks for information; either side holds and resumes."),
    ("Schedule", "Contact attempts and appointments."),
    ("Visit", "The patient was seen, or did not come."),
    ("Note", "Documents; the consult note and what becomes of it."),
    ("Close", "Reconcile, acknowledge, and the other endings."),
    ("Escalate", "Let a referral wait, or press for it now. Only for offices of the group that runs RefLoop."),
    ("Follow", "The event feed: everything that happened, once, in order."),
    ("Be told", "Webhooks and e-mail addresses: where your office is told, and what was sent there."),
    ("Report", "Figures of your office's referrals."),
    ("Directory", "The codes and NPIs the rest of the API speaks in."),
)
_NUMBER = OpenApiParameter(
    "number",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    description="Referral number such as RL-7K3M-9QXF. Case, spaces, hyphens, O for 0 and I or L for 1 are forgiven.",
)
_MEANING = {
    400: "The body or a parameter cannot be accepted: `invalid` (see `errors`) or `malformed`.",
    401: "No token, or one that is not accepted.",
    403: "You see it, but your role or token may not do this.",
    404: "It does not exist, or not for your office.",
    409: "Not possible now: `illegal-move`, `stale-version`, `idempotency-conflict` or `conflict`.",
    413: "The body is too large.",
    415: "Send the content type of this endpoint.",
    429: "Too many requests; wait the seconds in Retry-After.",
}


@dataclass(frozen=True)
class Operation:
    """What the schema says of one method of a view.

    ``takes`` is the body's serializer class, or one for each media type; ``gives`` maps a status (or (status, media type)) to a serializer and
    ``notes`` a status to its description; ``refuses`` lists problem statuses besides 401 and 429."""

    id: str
    tag: str
    summary: str
    description: str = ""
    takes: Any = None
    gives: dict[Any, Any] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    refuses: tuple[int, ...] = ()
    parameters: tuple[OpenApiParameter, ...] = ()


def takes_several(parameter: OpenApiParameter) -> bool:
    """Whether a query parameter is a list, written with commas or given again."""
    return isinstance(parameter.type, dict) and parameter.type["type"] == "array"


class ApiSchema(AutoSchema):
    """Reads ``view.operations[method]``."""

    @property
    def operation(self) -> Operation:
        return self.view.operations[self.method]

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:
        return self.operation.description

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_override_parameters(self) -> list[OpenApiParameter]:
        named = [_NUMBER] if "{number}" in self.path else []
        return [*named, *self.operation.parameters, *_RESPONSE_HEADERS]

    def get_request_serializer(self):
        return self.operation.takes

    def get_response_serializers(self) -> dict:
        operation = self.operation
        responses: dict = {}
        for key, serializer in operation.gives.items():
            status = key[0] if isinstance(key, tuple) else key
            words = operation.notes.get(status, _MEANING.get(status, ""))
            responses[key] = OpenApiResponse(serializer, description=words)
        body = (400, 413, 415) if operation.takes else ()
        for status in sorted({401, 429, *body, *operation.refuses}):
            responses[status, PROBLEM_JSON] = OpenApiResponse(ProblemSerializer, description=_MEANING[status])
        return responses


_RESPONSE_HEADERS = (
    OpenApiParameter(
        "WWW-Authenticate", str, OpenApiParameter.HEADER, response=[401], description="Always a Bearer challenge."
    ),
    OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, response=[429], description="Seconds to wait."),
)


@cache
def _manual() -> str:
    return (Path(__file__).parent / "manual.md").read_text(encoding="utf-8")


def add_manual(result: dict, generator, request, public) -> dict:
    """Post-processing hook: the manual as description, the tags in the order of the loop."""
    problems = "\n".join(f"| `{p.code}` | {p.status} | {p.title} | {p.meaning} |" for p in PROBLEMS.values())
    result["info"]["description"] = _manual().replace("{{problems}}", problems)
    result["tags"] = [{"name": name, "description": text} for name, text in TAGS]
    return result
