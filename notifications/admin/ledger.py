"""What our admins share: nothing is deleted by hand, ledgers are read only, lists are never counted to the end."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import capfirst
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts to MOST_COUNTED and no further: nobody turns to page 200, and counting millions takes seconds."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:MOST_COUNTED].count()


class PlainList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.title = capfirst(self.opts.verbose_name_plural)  # what the list holds, not what to do with it
        # The theme's header compares the two and would print a second count.
        self.full_result_count = self.result_count


class Kept(ModelAdmin):
    """Rows are switched off, never deleted."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50
    list_filter_submit = True
    empty_says = ""  # what will be on the list, for when nothing is

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlainList

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Ledger(Kept):
    """Written by services, read here."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
