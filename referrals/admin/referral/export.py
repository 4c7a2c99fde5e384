"""The worklist as a file: exactly the referrals that are filtered, in their order, as CSV or Excel."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from referrals.admin import wording
from referrals.admin.downloads import FORMS, table_file, too_long
from referrals.admin.referral.worklist import Worklist
from referrals.models import Referral
from referrals.practice.calendar import practice_calendar

PERMISSION = "referrals.export_referral"
CHUNK = 500

COLUMNS: dict[str, Callable[[Referral, datetime], Any]] = {
    "Number": lambda r, now: r.number,
    "Patient": lambda r, now: str(r.patient),
    "Birth date": lambda r, now: r.patient.birth_date,
    "Phone": lambda r, now: r.patient.phone,
    "Specialty": lambda r, now: r.specialty.name,
    "Priority": lambda r, now: r.get_priority_display(),
    "Direction": lambda r, now: r.get_direction_display(),
    "From office": lambda r, now: r.referring_office.name,
    "From provider": lambda r, now: r.referring_provider,
    "To office": lambda r, now: r.receiving_office and r.receiving_office.name,
    "To provider": lambda r, now: r.receiving_provider,
    "Insurance": lambda r, now: r.payer,
    "Status": lambda r, now: r.get_status_display(),
    "In stage since": lambda r, now: wording.local(r.stage_since),
    "Next deadline": lambda r, now: wording.local(r.next_escalation_at),
    "Overdue since": lambda r, now: wording.local(r.overdue_since),
    "Next step": wording.step_for,
    "Owner": lambda r, now: r.owner.name,
    "Captured": lambda r, now: wording.local(r.captured_at),
    "Last change": lambda r, now: wording.local(r.changed_at),
    "Ended": lambda r, now: wording.local(r.ended_at),
    "Ending reason": lambda r, now: r.ending_reason,
}


def export_view(model_admin, request: HttpRequest, *, form: str) -> HttpResponse:
    """GET with the worklist's own query. Needs the permission to export and to see patients."""
    if form not in FORMS:
        raise Http404
    if not request.user.has_perm(PERMISSION) or not request.user.has_perm("referrals.view_patient"):
        raise PermissionDenied
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    now = wording.now()
    try:
        cl: Worklist = model_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        raise Http404 from None
    rows = cl.get_queryset(request)
    back = f"{reverse('admin:referrals_referral_changelist')}?{cl.plain_query}"
    if refused := too_long(request, rows, form=form, back=back, of="referrals"):
        return refused
    name = f"referrals-{cl.queue.key}-{practice_calendar().local_date(now).isoformat()}"
    return table_file(list(COLUMNS), _cells(rows, now), name=name, form=form, title="Referrals")


def _cells(rows, now: datetime) -> Iterator[list[Any]]:
    for referral in rows.iterator(chunk_size=CHUNK):
        yield [column(referral, now) for column in COLUMNS.values()]
