"""What every view of the API shares."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from referrals import selectors
from referrals.api.outputs.viewer import Viewer
from referrals.api.schema import Operation, takes_several
from referrals.errors import InvalidInput, NotFound
from referrals.identifiers import clean_referral_number
from referrals.lifecycle.actor import Actor
from referrals.models import RecordRead, Referral
from referrals.reads import log


class OfficeView(APIView):
    """A view for an office. ``operations`` describes each method it has.

    ``reads`` is what a GET shows of patients, for the reading log; empty: nothing. A list is one entry with its filter
    and its number of rows, so a poller writes none while there is nothing new."""

    operations: ClassVar[dict[str, Operation]] = {}
    reads: ClassVar[str] = ""
    _referral: Referral | None = None
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        operation = self.operations.get("GET" if request.method == "HEAD" else request.method)
        if operation is not None:
            self._refuse_unknown_parameters(request, operation)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.reads and request.method == "GET" and response.status_code == 200:
            self._note_reading(request, response)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"  # what is answered is of patients; no proxy or browser keeps it
        return response

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.request.auth.office)

    @property
    def actor(self) -> Actor:
        return self.viewer.actor

    def party_referral(self, number: str) -> Referral:
        """The referral, if the office is a party to it. Raises NotFound, also for a mistyped number."""
        try:
            clean = clean_referral_number(number)
        except ValueError as error:
            raise NotFound(str(error)) from None
        found = self.visible().filter(number=clean).first()
        if found is None:
            raise NotFound("No such referral, or your office is not a party to it.")
        self._referral = found
        return found

    def visible(self) -> QuerySet[Referral]:
        return selectors.with_parties(selectors.visible_to(self.viewer.office)).select_related("encounter")

    def validated(self, serializer_class: type, **context: Any) -> dict[str, Any]:
        """The values of the body. Raises ValidationError, InvalidInput, ParseError."""
        if self.request.data is None:
            raise InvalidInput([("", "Send a JSON object, in braces.")])
        serializer = serializer_class(data=self.request.data, context=context)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answer(self, serializer_class: type, values: Any, *, many: bool = False, **response: Any) -> Response:
        return Response(serializer_class(values, many=many).data, **response)

    def _note_reading(self, request: Request, response: Response) -> None:
        way = RecordRead.Way.API
        if self._referral is not None:
            about = request.path.partition(self._referral.number)[2].strip("/")
            shown = log.Shown(way, self.reads, self._referral.patient_id, self._referral.pk, about=about)
        else:
            rows = len(response.data.get("results") or response.data.get("events") or ())
            if not rows:
                return
            shown = log.Shown(way, self.reads, about=request.query_params.urlencode(safe=" :,"), rows=rows)
        log.note(
            reader=log.Reader(token=request.auth, address=log.address_of(request)), shown=shown, now=timezone.now()
        )

    @staticmethod
    def _refuse_unknown_parameters(request: Request, operation: Operation) -> None:
        known = {p.name: p for p in operation.parameters if p.location == OpenApiParameter.QUERY}
        problems = []
        for name, values in request.query_params.lists():
            if name not in known:
                hint = f"Known here: {', '.join(sorted(known))}." if known else "None are known here."
                problems.append((name.replace("\x00", ""), f"Unknown parameter. {hint}"))
            elif any("\x00" in value for value in values):
                problems.append((name, "Remove the NUL character."))
            elif len(values) > 1 and not takes_several(known[name]):
                problems.append((name, "Given more than once; give it once."))
        if problems:
            raise InvalidInput(problems)
