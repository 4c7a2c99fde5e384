"""What the admins of policies and closed days share: a change says what was and what is, and moves open deadlines."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from referrals.admin.keeping import Edited
from referrals.admin.wording import day_and_time, now
from referrals.lifecycle import reviews
from referrals.models import DeadlineReview

CHANGES_SHOWN = 10
LONGEST_MESSAGE = 2_000


class Rules(Edited):
    """Rows that decide deadlines. A subclass says what a row means in words, and which stages it concerns."""

    list_before_template = "admin/referrals/review_progress.html"
    list_after_template = "admin/referrals/recent_changes.html"

    def in_words(self, obj: Any) -> str:
        """The row with all it decides, read from the database."""
        raise NotImplementedError

    def stages_of(self, obj: Any) -> set[str]:
        """The stages whose deadlines the row decides; empty: all."""
        return set()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = type(obj).objects.get(pk=obj.pk) if change else None
        form.was = self.in_words(before) if before else ""
        form.stages = self.stages_of(before) | self.stages_of(obj) if before else self.stages_of(obj)
        super().save_model(request, obj, form, change)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> str:
        now_is = self.in_words(form.instance)
        if add:
            return f"Added: {now_is}"[:LONGEST_MESSAGE]
        return (f"Was: {form.was} Now: {now_is}" if form.was != now_is else "Saved without a change")[:LONGEST_MESSAGE]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if self.in_words(form.instance) != form.was:
            self.review(
                request, form.stages, f"{self.opts.verbose_name} {'changed' if change else 'added'}: {form.instance}"
            )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        because, stages = f"{self.opts.verbose_name} deleted: {obj}", self.stages_of(obj)
        super().delete_model(request, obj)
        self.review(request, stages, because)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return LogEntry.objects.log_actions(
            user_id=request.user.pk,
            queryset=queryset,
            action_flag=DELETION,
            change_message=f"Deleted: {self.in_words(queryset[0])}"[:LONGEST_MESSAGE],
            single_object=True,
        )

    def review(self, request: HttpRequest, stages: set[str], because: str) -> None:
        """In the transaction of the change: compute the deadlines of the open referrals anew, and say so."""
        because = because[0].upper() + because[1:]
        review = reviews.ask(stages=sorted(stages), because=because, now=now(), user=request.user)
        messages.info(request, told(review))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        context = {"reviews": list(reviews.unfinished().order_by("pk")[:5]), "changes": self._recent_changes()}
        return super().changelist_view(request, context | (extra_context or {}))

    def _recent_changes(self) -> list[dict[str, Any]]:
        rows = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(self.model))
        return [
            {
                "at": day_and_time(row.action_time),
                "who": row.user.get_full_name() or row.user.get_username(),
                "what": row.object_repr,
                "words": row.get_change_message(),
            }
            for row in rows.select_related("user").order_by("-pk")[:CHANGES_SHOWN]
        ]


def told(review: DeadlineReview) -> str:
    """What a review did, or that it is on its way."""
    if review.finished_at is None:
        return (
            f"The deadlines of {review.expected:,} open referrals are being computed anew in the background. "
            "The list shows how far it is."
        )
    if review.moved == 0:
        return "No next alert changes; later steps follow this change."
    alerts = (
        "1 open referral gets its next alert"
        if review.moved == 1
        else f"{review.moved:,} open referrals get their next alerts"
    )
    return f"{alerts} at another time now; later steps follow this change as well."
