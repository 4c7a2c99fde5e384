"""Office tokens: issue, rotate with overlap, revoke, authenticate."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction

from referrals.errors import InvalidInput
from referrals.models import Office, OfficeToken
from referrals.models.token import hash_secret, new_secret

ROTATION_OVERLAP = timedelta(days=7)  # the old token works on, so that nothing fails while the new one is installed
_SHAPE = re.compile(r"rlk_([0-9a-f]{12})_([A-Za-z0-9_-]{32})", re.ASCII)


@dataclass(frozen=True)
class IssuedToken:
    """``text`` is the only time the whole token is known."""

    token: OfficeToken
    text: str


def issue(
    *,
    office: Office,
    name: str,
    now: datetime,
    expires_at: datetime | None = None,
    manages_endpoints: bool = False,
) -> IssuedToken:
    """A new token for ``office``. ``manages_endpoints``: it may say where the office is told.

    Raises InvalidInput without a name or with an expiry in the past."""
    if not name.strip():
        raise InvalidInput([("name", "Name what will use the token.")])
    if expires_at is not None and expires_at <= now:
        raise InvalidInput([("expires_at", "Choose a time in the future.")])
    return _create(office, name, now, expires_at, manages_endpoints, replaces=None)


def rotate(*, token: OfficeToken, now: datetime, overlap: timedelta = ROTATION_OVERLAP) -> IssuedToken:
    """A successor with the same name, lifetime and rights; the old one ends after ``overlap``.

    Raises InvalidInput when the old one is dead already or was rotated before."""
    with transaction.atomic():
        old = OfficeToken.objects.select_for_update().get(pk=token.pk)
        if not old.is_live(now):
            raise InvalidInput([("token", "This token is revoked or expired; issue a new one.")])
        if old.replaced_by.filter(revoked_at=None).exists():
            raise InvalidInput([("token", "This token has a successor already; rotate that one.")])
        lifetime = old.expires_at - old.created_at if old.expires_at else None
        expires_at = now + lifetime if lifetime else None
        issued = _create(old.office, old.name, now, expires_at, old.manages_endpoints, replaces=old)
        old.expires_at = min(old.expires_at or now + overlap, now + overlap)
        old.save(update_fields=["expires_at"])
    return issued


def revoke(*, token: OfficeToken, now: datetime) -> None:
    """End the token at once. Revoking twice keeps the first time."""
    OfficeToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def authenticate(text: str, *, now: datetime) -> OfficeToken | None:
    """The live token for ``text`` with its office, or None. One query; the day of use is noted once a day."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    token = OfficeToken.objects.select_related("office").filter(prefix=match[1]).first()
    if token is None or not compare_digest(token.secret_sha256, hash_secret(match[2])):
        return None
    if not token.is_live(now) or not token.office.active:
        return None
    if token.last_used_on != now.date():
        OfficeToken.objects.filter(pk=token.pk).update(last_used_on=now.date())
    return token


def _create(
    office: Office, name: str, now: datetime, expires_at: datetime | None, manages_endpoints: bool, *, replaces
) -> IssuedToken:
    prefix, secret = new_secret()
    token = OfficeToken.objects.create(
        office=office,
        name=name.strip()[:80],
        prefix=prefix,
        secret_sha256=hash_secret(secret),
        created_at=now,
        expires_at=expires_at,
        manages_endpoints=manages_endpoints,
        replaces=replaces,
    )
    return IssuedToken(token, f"rlk_{prefix}_{secret}")
