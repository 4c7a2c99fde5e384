"""Write the reading log, and read it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from referrals.models import MatchDecision, OfficeToken, Patient, RecordRead

logger = logging.getLogger("refloop.reads")
FAILED = "refloop-reads-failed"
FAILURE_SHOWN = timedelta(hours=1)
VISIT = timedelta(minutes=15)  # what is shown beside a page somebody has open belongs to that opening


@dataclass(frozen=True)
class Reader:
    """A person of ours, or an office by its token; and the network address the request came from."""

    user: AbstractBaseUser | None = None
    token: OfficeToken | None = None
    address: str | None = None

    @property
    def name(self) -> str:
        if self.user is not None:
            return self.user.get_full_name() or self.user.get_username()
        return f"{self.token.office.name} (token {self.token.name})"


@dataclass(frozen=True)
class Shown:
    """What was shown. ``beside``: a part of a page that is open already (a dialog, a picture of a page), noted only
    when its reader did not open the record a moment ago."""

    way: str
    what: str
    patient_id: int | None = None
    referral_id: int | None = None
    incoming_id: int | None = None
    about: str = ""
    rows: int | None = None
    beside: bool = False


def note(*, reader: Reader, shown: Shown, now: datetime) -> None:
    """One insert. When it fails, the reader still gets the page, and the failure is logged and said on every page of the
    workspace for an hour: care must not wait for the log, and a gap in it must not go unnoticed."""
    try:
        if shown.beside and _open_already(reader, shown, now):
            return
        RecordRead.objects.create(
            at=now,
            way=shown.way,
            what=shown.what,
            user=reader.user,
            office=reader.token.office if reader.token else None,
            token=reader.token,
            reader=reader.name[:160],
            patient_id=shown.patient_id,
            referral_id=shown.referral_id,
            incoming_id=shown.incoming_id,
            about=shown.about.replace("\x00", "")[:300],
            rows=shown.rows,
            address=reader.address,
        )
    except DatabaseError:
        logger.exception("a reading of a record was not logged", extra={"what": shown.what})
        cache.set(FAILED, now, FAILURE_SHOWN.total_seconds())


def address_of(request: HttpRequest) -> str | None:
    """The network address a request came from; the one the proxy saw, where settings say there is a proxy."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.REST_FRAMEWORK["NUM_PROXIES"]:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).split(",")[-1].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def last_failure() -> datetime | None:
    """When a reading could not be logged, if that was within FAILURE_SHOWN."""
    return cache.get(FAILED)


def _open_already(reader: Reader, shown: Shown, now: datetime) -> bool:
    rows = RecordRead.objects.filter(user=reader.user, at__gte=now - VISIT)
    if shown.incoming_id:
        return rows.filter(incoming=shown.incoming_id).exists()
    return rows.filter(referral=shown.referral_id).exists()


def reads_of(patient: Patient | int, reads: QuerySet[RecordRead] | None = None) -> QuerySet[RecordRead]:
    """Who read the record of ``patient``, also documents that were matched to it only afterwards."""
    reads = RecordRead.objects.all() if reads is None else reads
    documents = MatchDecision.objects.filter(referral__patient=patient, undone_at=None).values("document")
    return reads.filter(Q(patient=patient) | Q(patient=None, incoming__in=documents))
