"""Serializer fields that take JSON at its word and name things by NPI, code or number."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from referrals.identifiers import clean_npi
from referrals.models import Coordinator, Document, EndingReason, Office, Provider
from referrals.timestamps import rfc3339

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# With those that turn the direction of writing: they make a name read as another.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BLANK_LETTERS = "\u034f\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by name that show nothing
LARGEST_NUMBER = 2**31 - 1
LARGEST_ID = 2**63 - 1


_COMMON = {"required": "Missing: send this field.", "null": "null is not taken; leave the field out or give a value."}


class Strict(serializers.Serializer):
    """A serializer that refuses fields it does not know, so that a typing error never passes silently."""

    default_error_messages = _COMMON | {"invalid": "Send a JSON object, in braces."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        problems = self._unknown(data) if isinstance(data, dict) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**problems, **error.detail}) from None
        if problems:
            raise serializers.ValidationError(problems)
        return values

    def _unknown(self, data: dict) -> dict[str, list[str]]:
        known = [name for name, field in self.fields.items() if not field.read_only]
        hint = f"Unknown field. Known here: {', '.join(known)}."
        return {name: [hint] for name in data if name not in known}


class Text(serializers.CharField):
    """A JSON string. Optional ones may be empty; one of invisible characters alone is empty."""

    default_error_messages = _COMMON | {
        "invalid": "Send a JSON string, in quotes.",
        "blank": "Empty: give a value.",
        "max_length": "Too long: {max_length} characters at most.",
        "min_length": "Too short: {min_length} characters at least.",
    }

    def __init__(self, **options):
        if not options.get("required", True):
            options.setdefault("allow_blank", True)
        super().__init__(**options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation("" if isinstance(data, str) and not _shows(data) else data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if CONTROL_CHARACTERS.search(data):
            raise serializers.ValidationError("Remove the control characters.")
        return super().to_internal_value(data)


class Line(Text):
    """A string on one line: line breaks and runs of spaces become one space."""

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class WholeNumber(serializers.IntegerField):
    """A JSON integer between 0 and 2**31 - 1, unless told otherwise."""

    default_error_messages = _COMMON | {
        "invalid": "Send a whole JSON number, without quotes.",
        "max_value": "Give {max_value} at most.",
        "min_value": "Give {min_value} at least.",
    }

    def __init__(self, **options):
        super().__init__(**{"min_value": 0, "max_value": LARGEST_NUMBER} | options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """true or false, nothing that resembles them."""

    default_error_messages = _COMMON | {"invalid": "Send true or false, without quotes."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of a few words; a refusal lists them."""

    default_error_messages = _COMMON | {"invalid_choice": "Choose one of: {choices}."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", choices=", ".join(map(str, self.choices)))
        return data


class Several(serializers.ListField):
    """A JSON list."""

    default_error_messages = _COMMON | {
        "not_a_list": "Send a JSON list, in square brackets.",
        "max_length": "Too many: {max_length} at most.",
    }


@extend_schema_field(OpenApiTypes.DATETIME)
class Instant(serializers.Field):
    """RFC 3339 with an offset, answered in UTC. Without an offset nobody can say which hour is meant."""

    default_error_messages = _COMMON | {
        "format": "Write it as 2026-11-24T09:30:00-06:00 (or ending in Z).",
        "offset": "Add the offset from UTC, such as 2026-11-24T09:30:00-06:00.",
        "range": "Give a time between 1990 and 2100.",
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            found = parse_datetime(data) if isinstance(data, str) and data.isascii() else None
        except ValueError:
            found = None
        if found is None:
            self.fail("format")
        if found.tzinfo is None:
            self.fail("offset")
        if not EARLIEST.year < found.year < LATEST.year:  # before any arithmetic can overflow
            self.fail("range")
        return found.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        return rfc3339(value)


class Day(serializers.DateField):
    """YYYY-MM-DD."""

    default_error_messages = _COMMON

    def __init__(self, **options):
        super().__init__(input_formats=["%Y-%m-%d"], **options)
        self.error_messages["invalid"] = "Write it as YYYY-MM-DD."

    def to_internal_value(self, data: Any):
        if not isinstance(data, str) or len(data) != 10 or not data.isascii():
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


class _Row:
    """Mixed into a field whose value names a row; ``to_internal_value`` gives the row."""

    not_found = ""

    def find(self, value: Any) -> Any:
        raise NotImplementedError

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        super().run_validators(value)  # of the text or number; the row itself has nothing to validate
        row = self.find(value)
        if row is None:
            raise serializers.ValidationError(self.not_found)
        return row

    def run_validators(self, value: Any) -> None:
        pass


class _Named(_Row, Text):
    def __init__(self, **options):
        super().__init__(**{"max_length": 80, "allow_blank": False} | options)


class _Numbered(_Row, WholeNumber):
    def __init__(self, **options):
        super().__init__(**{"min_value": 1, "max_value": LARGEST_ID} | options)


class OfficeNpi(_Named):
    """The NPI of an active office."""

    not_found = "No active office has this NPI; see /api/v1/offices/."

    def find(self, text: str) -> Office | None:
        return Office.objects.filter(npi=_npi(text), active=True).first()


class ProviderNpi(_Named):
    """The NPI of an active provider."""

    not_found = "No active provider has this NPI; see /api/v1/providers/."

    def find(self, text: str) -> Provider | None:
        return Provider.objects.filter(npi=_npi(text), active=True).first()


class ReasonCode(_Named):
    """The code of an active ending reason."""

    not_found = "Unknown reason. The codes are at /api/v1/ending-reasons/."

    def find(self, text: str) -> EndingReason | None:
        return EndingReason.objects.filter(code=text, active=True).first()


class DocumentId(_Numbered):
    """A document of the referral in ``context["documents"]`` (what the caller may see)."""

    not_found = "No such document on this referral."

    def find(self, value: int) -> Document | None:
        return self.context["documents"].filter(pk=value).first()


class CoordinatorId(_Numbered):
    """An active coordinator."""

    not_found = "No such active coordinator; see /api/v1/coordinators/."

    def find(self, value: int) -> Coordinator | None:
        return Coordinator.objects.filter(pk=value, active=True).first()


def _shows(text: str) -> bool:
    return any(
        not character.isspace() and character not in _BLANK_LETTERS and unicodedata.category(character) != "Cf"
        for character in text
    )


def _npi(text: str) -> str:
    try:
        return clean_npi(text)
    except ValueError as error:
        raise serializers.ValidationError(str(error)) from None
