"""One calendar for each request, so that a page of fifty deadlines reads the closures once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from referrals.practice.calendar import one_calendar


def one_calendar_per_request(get_response: Callable[[HttpRequest], HttpResponse]):
    def answer(request: HttpRequest) -> HttpResponse:
        with one_calendar():
            return get_response(request)

    return answer
