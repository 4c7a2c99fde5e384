"""Reading bodies strictly: bounded size, real UTF-8, no repeated keys, no characters a database refuses."""

import json
from typing import Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser, MultiPartParser

from referrals.errors import InvalidInput

LARGEST_JSON = 1024 * 1024  # bytes; a referral with everything filled in is under 20 KB
DEEPEST = 20  # levels; the deepest body the API takes has four
LONGEST_NUMBER = 1000  # digits; a smaller one that is too large is named by its field
FORM_OVERHEAD = 64 * 1024  # bytes an upload may have besides its file


class BodyTooLarge(APIException):
    """Answered as 413."""

    status_code = 413


class StrictJSONParser(JSONParser):
    """JSON without NaN, repeated keys, lone surrogates, absurd nesting or size. Raises ParseError or BodyTooLarge."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        raw = stream.read(LARGEST_JSON + 1)
        if len(raw) > LARGEST_JSON:
            raise BodyTooLarge(f"A JSON body may have {LARGEST_JSON // 1024**2} MB; files go to documents/ as a form.")
        try:
            text = raw.decode("utf-8-sig")  # some senders begin with a byte order mark
            body = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_int)
            if b"\\u" in raw:
                json.dumps(body, ensure_ascii=False).encode()
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        except UnicodeEncodeError:
            raise ParseError(
                "The body has half of a surrogate pair (\\ud800 to \\udfff); send whole characters."
            ) from None
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {error}") from None
        if _deeper_than(body, DEEPEST):
            raise ParseError("The body is nested too deeply.")
        return body


class BoundedMultiPartParser(MultiPartParser):
    """Multipart forms whose announced length is within what a document may have, and that name no field twice.

    Raises BodyTooLarge or InvalidInput."""

    def parse(self, stream, media_type=None, parser_context=None):
        request, limit = parser_context["request"], parser_context["view"].largest_body
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > limit:
            raise BodyTooLarge(f"The form may have {limit // 1024**2} MB.")
        form = super().parse(stream, media_type, parser_context)
        sent = [name for part in (form.data, form.files) for name, values in part.lists() for _ in values]
        if twice := sorted({name for name in sent if sent.count(name) > 1}):
            raise InvalidInput([(name, "Sent more than once; send one, in a request of its own.") for name in twice])
        return form


class AlwaysJSON(BaseContentNegotiation):
    """Answers are JSON whatever Accept says, so that no client fails for want of a header."""

    def select_parser(self, request, parsers):
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same key twice.")
    return found


def _int(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has {len(digits)} digits.")
    return int(digits)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")


def _deeper_than(value: Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    if levels == 0:
        return True
    inner = value.values() if isinstance(value, dict) else value
    return any(_deeper_than(item, levels - 1) for item in inner)
