"""What all our admins share: lists that stay cheap, plain titles, nothing deleted, ledgers nobody writes by hand."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from referrals.admin.counting import CappedPaginator


class PlainList(ChangeList):
    """A list whose heading is the name of what it lists."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.title = capfirst(self.opts.verbose_name_plural)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # The theme's header compares the two and would print a second, uncapped count.
        self.full_result_count = self.result_count


class Cheap(ModelAdmin):
    """Lists that never count or load a whole table."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # counting every choice of every filter reads the whole table
    list_per_page = 50
    list_max_show_all = 50
    list_filter_submit = True
    empty_says = ""  # what will be on the list, for when nothing is

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PlainList

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        name = self.opts.verbose_name
        title = capfirst(name) if object_id else f"New {name}"
        return super().changeform_view(request, object_id, form_url, {"title": title, **(extra_context or {})})


class Edited(Cheap):
    """Rows people edit, and delete one at a time where their role says so."""

    warn_unsaved_form = True
    compressed_fields = True
    actions = ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}


class LabelledColumns:
    """For tables of fields: the heading of a column is no label, so each field says its own name to a screen reader."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label or db_field.verbose_name)))
        return field


class Kept(Edited):
    """Rows that are switched off, ended or superseded, but never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(Kept):
    """A ledger: services append to it, nobody edits it."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
