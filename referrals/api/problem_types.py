"""The kinds of problem the API answers with: one table for the responses, the schema and /api/docs/problems."""

from dataclasses import dataclass

DOCS = "/api/docs/problems"


@dataclass(frozen=True)
class ProblemType:
    """``code`` is stable and also the fragment of ``type``; ``meaning`` says what the caller should do."""

    code: str
    status: int
    title: str
    meaning: str

    @property
    def uri(self) -> str:
        return f"{DOCS}#{self.code}"


_ALL = (
    ProblemType(
        "invalid", 400, "Some values cannot be accepted", "Mend every field named in `errors`, then send it again."
    ),
    ProblemType(
        "malformed",
        400,
        "The request cannot be read",
        "The body is not the JSON or form it claims to be; see `detail`.",
    ),
    ProblemType("not-authenticated", 401, "No token", "Send `Authorization: Bearer rlk_…`."),
    ProblemType(
        "invalid-token",
        401,
        "The token is not accepted",
        "It is unknown, expired or revoked. Ask the group's staff for another one; retrying does not help.",
    ),
    ProblemType(
        "not-permitted", 403, "Not yours to do", "You see the referral, but your role on it may not do this action."
    ),
    ProblemType(
        "not-found",
        404,
        "Not found",
        "It does not exist, or your office is not a party to it; the two are never told apart.",
    ),
    ProblemType("method-not-allowed", 405, "Method not allowed", "`Allow` names the methods this address knows."),
    ProblemType(
        "illegal-move",
        409,
        "Not possible now",
        "The referral stands elsewhere by now. `status_now` says where, `allowed_actions` what you can do instead.",
    ),
    ProblemType(
        "stale-version",
        409,
        "Changed meanwhile",
        "Somebody changed the referral after `expected_version`. Read it again (`current_version`) and decide anew.",
    ),
    ProblemType(
        "idempotency-conflict",
        409,
        "Key used before for other content",
        "The Idempotency-Key or external_id stands for another create. Repeat the first content, or use a new key.",
    ),
    ProblemType(
        "conflict", 409, "Not possible as it stands", "`detail` says what stands in the way and what to do first."
    ),
    ProblemType("too-large", 413, "Too large", "The body is larger than the limit in `detail`."),
    ProblemType(
        "unsupported-media-type", 415, "Content type not taken", "Send application/json; uploads multipart/form-data."
    ),
    ProblemType("throttled", 429, "Too many requests", "Wait the seconds in `Retry-After`, then go on."),
    ProblemType(
        "internal-error",
        500,
        "Something went wrong here",
        "Nothing was changed by this request. Tell the group's staff the `error_id`; it finds the cause in the log.",
    ),
)
PROBLEMS: dict[str, ProblemType] = {problem.code: problem for problem in _ALL}
