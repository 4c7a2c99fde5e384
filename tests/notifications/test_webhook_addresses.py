"""No webhook reaches anything but the public internet, at configuration or when sending."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import endpoints
from notifications.channels import registry, web_address
from notifications.channels.ip_rules import refusal
from notifications.channels.protocol import Result
from notifications.channels.web_address import AddressRefused, allowed_ips, parse
from notifications.errors import InvalidEndpoint
from tests.notifications.making import NOW, endpoint, recipient
from tests.notifications.receiver import Receiver
from tests.notifications.test_email import parcel

REFUSED = [
    "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1",
    "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::127.0.0.1", "::7f00:1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
    "64:ff9b:1:ffff::10.0.0.1", "2001::1", "2001:0:53aa:64c::1", "2001:db8::1", "2001:10::1", "2001:20::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1", "100::1", "5f00::1", "4000::1", "", "localhost", "1.2.3", "0x7f.1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1111",
          "2a00:1450:4001::1", "::ffff:8.8.8.8"]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_refused(address):
    assert refusal(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert refusal(address) == ""


@given(st.ip_addresses())
def test_never_looser_than_the_standard_library(address):
    if not refusal(str(address)):
        inner = getattr(address, "ipv4_mapped", None) or address
        assert inner.is_global and not inner.is_multicast and not inner.is_reserved


def test_what_may_be_allowed_and_what_never():
    ours = [ipaddress.ip_network("10.20.0.0/16")]
    assert refusal("10.20.3.4", allowed=ours) == ""
    assert refusal("10.21.3.4", allowed=ours)
    assert refusal("127.0.0.1", allow_private=True) == refusal("fd00::1", allow_private=True) == ""
    for never in ("169.254.169.254", "224.0.0.1", "0.0.0.0", "64:ff9b::a00:1", "fe80::1", "::ffff:169.254.169.254"):
        assert refusal(never, allow_private=True, allowed=[ipaddress.ip_network("0.0.0.0/0")])


def answer_with(monkeypatch, *answers: list[str]) -> list[str]:
    """The name resolves to each of ``answers`` in turn, the last for ever; the names asked for are returned."""
    asked, left = [], list(answers)

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        if not found:
            raise socket.gaierror("unknown")
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, 1, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(web_address.socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "ftp://x.example/", "http://x.example/", "https://", "https:///hook", "https://u:p@x.example/",
        "https://u@x.example/", "https://x.example/#a", "https://x.example:22/", "https://x.example:80/",
        "https://x.example:99999/", "https://x.example:a/", "https://x.exa mple/", "https://x.example/\r\nX: 1",
        "https://x.example\\@127.0.0.1/", "file:///etc/passwd", "//x.example/", "https://[::1/", "https://x.example/é",
        "https://" + "a" * 64 + ".example/",
    ],
)  # fmt: skip
def test_shapes_that_are_refused(url):
    with pytest.raises(AddressRefused):
        parse(url)


def test_parts():
    target = parse("https://Hook.Example:8443/a/b?c=d")
    assert (target.host, target.port, target.path, target.host_header) == (
        "hook.example", 8443, "/a/b?c=d", "hook.example:8443",
    )  # fmt: skip
    assert parse("https://bücher.example").host == "xn--bcher-kva.example"
    assert parse("https://[2606:4700::1111]/").host_header == "[2606:4700::1111]"


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_spellings_of_this_machine(host):
    with pytest.raises(AddressRefused):
        allowed_ips(parse(f"https://{host}/"))


@pytest.mark.django_db
def test_refused_at_configuration(monkeypatch):
    office = recipient()
    answer_with(monkeypatch, ["10.0.0.8"])
    with pytest.raises(InvalidEndpoint, match="private"):
        endpoints.add(recipient=office, channel="webhook", address="https://hook.example/", now=NOW)
    answer_with(monkeypatch, ["8.8.8.8", "10.0.0.8"])
    with pytest.raises(InvalidEndpoint, match="private"):
        endpoints.add(recipient=office, channel="webhook", address="https://hook.example/", now=NOW)
    answer_with(monkeypatch, [])
    with pytest.raises(InvalidEndpoint, match="not known"):
        endpoints.add(recipient=office, channel="webhook", address="https://hook.example/", now=NOW)
    answer_with(monkeypatch, ["8.8.8.8"])
    added = endpoints.add(recipient=office, channel="webhook", address="https://hook.example/", now=NOW)
    with pytest.raises(InvalidEndpoint, match="there already"):
        endpoints.add(recipient=office, channel="webhook", address="https://hook.example/", now=NOW)
    answer_with(monkeypatch, ["10.0.0.8"])
    with pytest.raises(InvalidEndpoint, match="private"):
        endpoints.change(endpoint=added.endpoint, address="https://other.example/", now=NOW)


def test_a_name_that_turns_private_later_is_refused_for_good(monkeypatch):
    with Receiver() as receiver:
        answer_with(monkeypatch, ["127.0.0.1"])
        address = f"https://hook.example:{receiver.port}/"
        outcome = registry.channel("webhook").send(parcel(address=address), now=NOW)
        assert outcome.result == Result.REFUSED and "loopback" in outcome.detail
        assert not receiver.requests


def test_a_name_that_changes_between_check_and_connection_gains_nothing(monkeypatch):
    """DNS rebinding: the first answer is public, every later one this machine."""
    asked = answer_with(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    connected = []

    def connect(address, *args, **kwargs):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with Receiver() as receiver:
        address = f"https://hook.example:{receiver.port}/"
        outcome = registry.channel("webhook").send(parcel(address=address), now=NOW)
        assert not receiver.requests
    assert asked == ["hook.example"], "the name is resolved once"
    assert connected == ["8.8.8.8"], "and the connection goes to what was checked"
    assert outcome.result == Result.RETRY


@pytest.mark.django_db
def test_inbox_has_no_address():
    with pytest.raises(InvalidEndpoint):
        endpoint(channel="inbox", address="x")
