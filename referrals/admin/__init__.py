"""The workspace: one file per aggregate. Importing this package registers every model's admin."""

from referrals.admin import closure, directory, ending, patient, policy, reads, records, staff, token
from referrals.admin.incoming import registration as incoming
from referrals.admin.referral import registration

__all__ = [
    "closure",
    "directory",
    "ending",
    "incoming",
    "patient",
    "policy",
    "reads",
    "records",
    "registration",
    "staff",
    "token",
]
