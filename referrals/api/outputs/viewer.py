"""From whose side a referral is shown."""

from dataclasses import dataclass

from referrals.lifecycle.actor import Actor, Role
from referrals.models import Office, Referral

STAFF_OF_THE_GROUP = "Care coordination"  # how a member of staff is named to other offices


@dataclass(frozen=True)
class Viewer:
    """The office that reads, and what it may see of a referral it is a party to."""

    office: Office

    @property
    def actor(self) -> Actor:
        return Actor.of_office(self.office)

    def roles_on(self, referral: Referral) -> frozenset[Role]:
        return self.actor.roles_on(referral)

    @property
    def is_group(self) -> bool:
        """Whether the office belongs to the group that runs RefLoop."""
        return self.office.is_ours

    def sees_record(self, referral: Referral) -> bool:
        return self.actor.sees_record(referral)
