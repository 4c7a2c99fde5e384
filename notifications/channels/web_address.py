"""The address of a webhook: its shape, and the IP addresses its name stands for."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from notifications.channels.ip_rules import refusal

# Below 1024 live services that speak other protocols and might make sense of a request.
LOW_PORTS = {"https": {443}, "http": {80}}


class AddressRefused(ValueError):
    """The address may not be used; ``str(error)`` says why, for people."""


class NameUnknown(ValueError):
    """The name does not resolve just now."""


@dataclass(frozen=True)
class Target:
    """A webhook's address in its parts. ``path`` includes the query; ``host`` is ASCII, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in LOW_PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Target:
    """Take ``url`` apart. Raises AddressRefused for anything but a plain http(s) address; http only when
    REFLOOP_WEBHOOK_ALLOW_PRIVATE is on (development)."""
    if any(ord(c) <= 32 or ord(c) == 127 for c in url) or "\\" in url:
        raise AddressRefused("An address has no spaces, control characters or backslashes.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if not _is_ip(parts.hostname) else parts.hostname
    except (ValueError, UnicodeError):
        raise AddressRefused("This is not a web address.") from None
    schemes = ("https", "http") if settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE else ("https",)
    if parts.scheme not in schemes or not host:
        raise AddressRefused(f"Give an address that begins with {' or '.join(f'{s}://' for s in schemes)}.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("Leave user name and password out of the address; requests are signed instead.")
    if parts.fragment:
        raise AddressRefused("Leave out the part after #.")
    port = port or (443 if parts.scheme == "https" else 80)
    if port < 1024 and port not in LOW_PORTS[parts.scheme]:
        raise AddressRefused(f"Port {port} is not for web addresses; use 443 or one from 1024.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise AddressRefused("Percent-encode the letters of the path that are not ASCII.")
    return Target(parts.scheme, host, port, path)


def allowed_ips(target: Target) -> list[str]:
    """The IP addresses of ``target``, each checked. One that may not be reached refuses the whole name: a name that
    stands for a public and a private address is a trick or a mistake.

    Raises AddressRefused or NameUnknown."""
    found = resolve(target.host, target.port)
    for ip in found:
        reason = refusal(
            ip,
            allow_private=settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE,
            allowed=[ipaddress.ip_network(n) for n in settings.REFLOOP_WEBHOOK_ALLOWED_NETWORKS],
        )
        if reason:
            raise AddressRefused(f"{target.host} stands for an address that is {reason}; it must be public.")
    return found


def resolve(host: str, port: int) -> list[str]:
    """Every IP address of ``host``, in the system's order of preference. Raises NameUnknown."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NameUnknown(f"The name {host} is not known.") from None
    return list(dict.fromkeys(answer[4][0] for answer in answers))


def _is_ip(host: str | None) -> bool:
    try:
        ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return True
