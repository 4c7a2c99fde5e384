"""Who does something: a person on staff, an office through its token, or RefLoop itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from referrals.models import Office, Referral


class Role(StrEnum):
    """What an office is to one referral. ``GROUP`` is held on top by offices of the group that runs RefLoop."""

    REFERRING = "referring"
    RECEIVING = "receiving"
    GROUP = "group"


@dataclass(frozen=True)
class Actor:
    """Exactly one of ``user`` and ``office`` is set, or neither for RefLoop itself."""

    label: str
    user: Any = None
    office: Office | None = None

    @classmethod
    def staff(cls, user) -> "Actor":
        return cls(label=user.get_full_name() or user.get_username(), user=user)

    @classmethod
    def of_office(cls, office: Office) -> "Actor":
        return cls(label=office.name, office=office)

    @classmethod
    def system(cls, label: str = "RefLoop") -> "Actor":
        return cls(label=label)

    @property
    def kind(self) -> str:
        return "staff" if self.user is not None else "office" if self.office is not None else "system"

    @property
    def scope(self) -> str:
        """Namespace of this actor's idempotency keys."""
        if self.user is not None:
            return f"user:{self.user.pk}"
        return f"office:{self.office.pk}" if self.office is not None else "system"

    def roles_on(self, referral: Referral) -> frozenset[Role]:
        """The roles of the actor's office on this referral; empty when it is not a party."""
        if self.office is None:
            return frozenset()
        roles = set()
        if referral.referring_office_id == self.office.pk:
            roles.add(Role.REFERRING)
        if referral.receiving_office_id == self.office.pk:
            roles.add(Role.RECEIVING)
        if roles and self.office.is_ours:
            roles.add(Role.GROUP)
        return frozenset(roles)

    def sees_record(self, referral: Referral) -> bool:
        """Whether the patient's record is shown; an outside referrer gets back what it sent, so linking leaks nothing."""
        roles = self.roles_on(referral)
        return self.office is None or Role.GROUP in roles or Role.RECEIVING in roles
