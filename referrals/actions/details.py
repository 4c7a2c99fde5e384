"""Correct what a referral says: priority, question, insurance, authorization, dates."""

from datetime import datetime
from typing import Any

from referrals.capture.validate import DETAIL_FIELDS, clean_details
from referrals.errors import InvalidInput
from referrals.lifecycle.actor import Actor
from referrals.lifecycle.states import Action
from referrals.lifecycle.transition import changing
from referrals.models import Referral


def update_details(
    *,
    referral: Referral,
    actor: Actor,
    now: datetime,
    changes: dict[str, Any],
    expected_version: int | None = None,
) -> Referral:
    """Change some of DETAIL_FIELDS; the event keeps old and new values. No difference: nothing is written."""
    if unknown := set(changes) - set(DETAIL_FIELDS):
        raise InvalidInput([(name, "This cannot be edited here.") for name in sorted(unknown)])
    cleaned = clean_details(changes, now=now)
    if all(getattr(referral, name) == value for name, value in cleaned.items()):
        return referral
    with changing(referral, Action.UPDATE_DETAILS, actor=actor, now=now, expected_version=expected_version) as change:
        change.data = {"changes": []}
        for name, value in cleaned.items():
            before = getattr(change.referral, name)
            if before != value:
                setattr(change.referral, name, value)
                change.data["changes"].append({"field": name, "from": _plain(before), "to": _plain(value)})
    return change.referral


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, list)) else str(value)
