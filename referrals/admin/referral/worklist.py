"""The worklist: one row per referral, in queues, never counting or loading the table."""

from typing import Any

from django.contrib.admin import ListFilter
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from referrals import saved_views, searching
from referrals.admin import queues, wording
from referrals.admin.keeping import PlainList
from referrals.admin.queues import Desk
from referrals.models import Coordinator, Referral

QUEUE, WHOSE, MINE = "queue", "whose", "mine"
OURS = (QUEUE, WHOSE, "view")  # parameters of the address that are no lookups


def queue_asked_for(request: HttpRequest) -> str:
    """The queue of the address; all referrals while searching, everything open by default."""
    if request.GET.get("q", "").strip():
        return queues.ALL
    key = request.GET.get(QUEUE, "")
    return key if key in queues.QUEUES else queues.OPEN_QUEUE


def only_mine(request: HttpRequest) -> bool:
    return request.GET.get(WHOSE) == MINE


def desk_of(request: HttpRequest) -> Desk:
    """Whose referrals the reader works on, asked once for each request."""
    if not hasattr(request, "refloop_desk"):
        request.refloop_desk = queues.desk_of(request.user, now=wording.now())
    return request.refloop_desk


class Worklist(PlainList):
    """The referrals of one queue. A search looks at all of them: whoever types a number wants that referral."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any):
        self.now = wording.now()
        self.queue = queues.QUEUES[queue_asked_for(request)]
        self.desk, self.only_mine = desk_of(request), only_mine(request)
        super().__init__(request, *args, **kwargs)
        self.title = "Found in all referrals" if self.query else self.queue.label

    def get_filters_params(self, params=None) -> dict:
        lookups = super().get_filters_params(params)
        for name in OURS:
            lookups.pop(name, None)
        return lookups

    def get_queryset(self, request: HttpRequest, exclude_parameters=None) -> QuerySet[Referral]:
        rows = super().get_queryset(request, exclude_parameters)
        if self.only_mine:
            rows = rows.filter(self.desk.mine)
        if self.queue.key == queues.ALL:
            return rows
        return rows & queues.rows_of(self.queue.key, desk=self.desk, now=self.now)

    def get_results(self, request: HttpRequest) -> None:
        """Which referrals are on the page is asked of the referrals alone. Together with the dozen tables a row shows,
        PostgreSQL would join all of them first (join_collapse_limit) and look for the patient or the latest afterwards."""
        super().get_results(request)
        shown = list(self.result_list.values_list("pk", flat=True))
        self.result_list = self.queryset.filter(pk__in=shown)

    def get_ordering(self, request: HttpRequest, queryset) -> list:
        """What is late longest on top, then what is due first (by the indexes referral_open_late and
        referral_stage_late); what has ended newest first (referral_captured).

        The short queues somebody works down put what sleeps last; sorting every open referral by that would read them
        all."""
        late_first = [F("overdue_since").asc(nulls_last=True), "next_escalation_at", "pk"]
        if self.queue.key in queues.SHORT:
            return [Case(When(snoozed_until__gt=self.now, then=1), default=0), *late_first]
        if self.queue.key == queues.SNOOZED:
            return ["snoozed_until", "pk"]
        return late_first if self.queue.by_urgency else ["-captured_at", "-pk"]

    @property
    def order_words(self) -> str:
        """What is on top, for the head of the column that says how late each is."""
        if self.queue.key == queues.SNOOZED:
            return "first to wake first"
        return "most overdue first" if self.queue.by_urgency else "newest first"

    @property
    def plain_query(self) -> str:
        """What is shown, without the page: what a saved view keeps and an export repeats."""
        return saved_views.plain_query(self.get_query_string())

    def without(self, *names: str) -> str:
        """The address of the same list without some parameters."""
        asked = QueryDict(self.plain_query, mutable=True)
        for name in names:
            asked.pop(name, None)
        return f"?{asked.urlencode()}"

    def pager(self) -> dict[str, Any]:
        """Which rows are shown, and the addresses of the pages around them."""
        start, last = (self.page_num - 1) * self.list_per_page, self.paginator.num_pages
        return {
            "many": last > 1,
            "first": f"{start + 1:,}",
            "last": f"{start + len(self.result_list):,}",
            "before": f"?{self._page(self.page_num - 1)}" if self.page_num > 1 else "",
            "after": f"?{self._page(self.page_num + 1)}" if self.page_num < last else "",
        }

    def _page(self, number: int) -> str:
        asked = QueryDict(self.plain_query, mutable=True)
        asked["p"] = str(number)
        return asked.urlencode()

    def one_owner(self) -> dict[str, str] | None:
        """{name, href of handing the whole list over} when only one coordinator's referrals are shown."""
        asked = _as_list(self.filter_params.get("owner__id__exact", []))
        if len(asked) != 1 or not str(asked[0]).isdecimal():
            return None
        owner = Coordinator.objects.filter(pk=asked[0]).first()
        return owner and {
            "name": owner.name,
            "href": reverse("admin:referrals_coordinator_hand_over", args=(owner.pk,)),
        }

    def chips(self) -> list[dict[str, str]]:
        """The filters in force, each with the address that takes it off."""
        return [
            {"label": str(spec.title).capitalize(), "value": _chosen(spec), "off": self.without(*names)}
            for spec in self.filter_specs
            if (names := [name for name in spec.expected_parameters() if name in self.filter_params])
        ]


def _chosen(spec: ListFilter) -> str:
    """What a filter is set to, in words."""
    values = [str(value) for found in spec.used_parameters.values() for value in _as_list(found)]
    related = getattr(spec, "field", None) and spec.field.related_model
    if related is not None:
        known = related._default_manager.filter(pk__in=[value for value in values if value.isdigit()])
        return ", ".join(map(str, known)) or "nobody"
    labels = {str(value): str(label) for value, label in spec.field.flatchoices}
    return ", ".join(labels.get(value, value) for value in values)


def _as_list(value: Any) -> list:
    return list(value) if isinstance(value, list | tuple) else [value]


def searched(queryset: QuerySet[Referral], text: str) -> QuerySet[Referral]:
    """What the search box finds, through the indexes of searching.search."""
    return searching.search(queryset, text)
