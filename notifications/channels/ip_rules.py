"""Which IP addresses a webhook may be sent to. Pure.

Only addresses of the public internet: anything else could reach a database, a metadata service or a printer in our own
network. IPv6 addresses that carry an IPv4 address inside are refused as a whole, because what they reach depends on
gateways nobody here knows; only ``::ffff:a.b.c.d``, which is the IPv4 address itself, is judged by that address.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_NEVER: tuple[tuple[str, Network], ...] = tuple(
    (reason, ip_network(network))
    for reason, network in (
        ("unspecified", "0.0.0.0/8"),
        ("link-local", "169.254.0.0/16"),
        ("an IETF protocol address", "192.0.0.0/24"),
        ("a documentation address", "192.0.2.0/24"),
        ("a 6to4 relay", "192.88.99.0/24"),
        ("a benchmarking address", "198.18.0.0/15"),
        ("a documentation address", "198.51.100.0/24"),
        ("a documentation address", "203.0.113.0/24"),
        ("multicast", "224.0.0.0/4"),
        ("reserved", "240.0.0.0/4"),
        ("unspecified", "::/128"),
        ("NAT64", "64:ff9b::/96"),
        ("local NAT64", "64:ff9b:1::/48"),
        ("Teredo", "2001::/32"),
        ("an IETF protocol address", "2001::/23"),
        ("a documentation address", "2001:db8::/32"),
        ("a documentation address", "3fff::/20"),
        ("6to4", "2002::/16"),
        ("link-local", "fe80::/10"),
        ("site-local", "fec0::/10"),
        ("multicast", "ff00::/8"),
    )
)
_PRIVATE: tuple[tuple[str, Network], ...] = tuple(
    (reason, ip_network(network))
    for reason, network in (
        ("loopback", "127.0.0.0/8"),
        ("private", "10.0.0.0/8"),
        ("private", "172.16.0.0/12"),
        ("private", "192.168.0.0/16"),
        ("shared by a carrier (CGNAT)", "100.64.0.0/10"),
        ("loopback", "::1/128"),
        ("private", "fc00::/7"),
    )
)
_GLOBAL_V6 = ip_network("2000::/3")  # the only part of IPv6 handed out for the public internet


def refusal(address: str, *, allow_private: bool = False, allowed: Sequence[Network] = ()) -> str:
    """Why ``address`` is refused, or an empty string.

    ``allow_private`` lets loopback and private networks through, ``allowed`` single networks of one's own; neither
    lets link-local (cloud metadata), multicast or tunnel addresses through."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if reason := _reason(ip, _NEVER):
        return reason
    if reason := _reason(ip, _PRIVATE):
        return "" if allow_private or any(_within(ip, network) for network in allowed) else reason
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_V6:
        return "not on the public internet"
    return "" if ip.is_global else "not on the public internet"


def _reason(ip: IPv4Address | IPv6Address, table: tuple[tuple[str, Network], ...]) -> str:
    return next((reason for reason, network in table if _within(ip, network)), "")


def _within(ip: IPv4Address | IPv6Address, network: Network) -> bool:
    return ip.version == network.version and ip in network
