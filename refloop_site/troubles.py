"""Lists of what needs somebody, with how many are on each: for the sidebar and the page "Clockwork"."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import reverse

from refloop_site.pulse import Pulse


@dataclass(frozen=True)
class Trouble:
    """A list of things that need somebody: its permission, address, and what to do about what is on it."""

    key: str
    label: str
    icon: str
    says: str
    permission: str
    view: str
    query: str = ""

    @property
    def address(self) -> str:
        return self._path + self.query

    def is_open(self, request: HttpRequest) -> bool:
        return request.path == self._path and dict(parse_qsl(self.query[1:])).items() <= request.GET.dict().items()

    @property
    def _path(self) -> str:
        return reverse(f"admin:{self.view}_changelist")


TROUBLES = (
    Trouble(
        "given_up",
        "Given up",
        "unsubscribe",
        "Messages that could not be delivered. Mend the address, then send them again.",
        "notifications.view_delivery",
        "notifications_delivery",
        "?status__exact=dead",
    ),
    Trouble(
        "nobody_to_tell",
        "Reached nobody",
        "phone_missed",
        "No address takes these messages. Add one, or telephone and tick them off.",
        "notifications.view_message",
        "notifications_message",
        "?nobody_to_tell__exact=1&settled_at__isempty=1",
    ),
    Trouble(
        "failing",
        "Failing addresses",
        "link_off",
        "What was sent there lately did not arrive. Correct the address, test it, clear the flag.",
        "notifications.view_endpoint",
        "notifications_endpoint",
        "?flagged_at__isempty=0",
    ),
    Trouble(
        "set_aside",
        "Set aside by the sweep",
        "report",
        "Referrals the sweep could not handle; it tries again ever more rarely. Mend the cause, then try now.",
        "referrals.view_sweepfailure",
        "referrals_sweepfailure",
    ),
)


def counts(reading: Pulse) -> dict[str, int]:
    """How many each list of TROUBLES holds."""
    return {
        "given_up": reading.outbox.dead,
        "nobody_to_tell": reading.outbox.nobody_to_tell,
        "failing": reading.outbox.flagged_endpoints,
        "set_aside": reading.clock.set_aside,
    }
