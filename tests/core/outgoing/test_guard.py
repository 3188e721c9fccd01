import ipaddress

import pytest

from mediaexchange.core.outgoing.errors import NameNotFoundError, RefusedAddressError, RefusedUrlError
from mediaexchange.core.outgoing.guard import AddressGuard, is_public

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"]
NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 — nothing binds to it
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_inner_address_is_refused_however_it_is_dressed(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_inner_address_gets_past_the_guard_as_a_literal(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(RefusedAddressError):
        AddressGuard().target(f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "017700000001", "127.1", "0xa9.0xfe.0xa9.0xfe", "0", "①②⑦.0.0.1"]
)
def test_an_inner_address_written_as_a_number_is_refused(host: str) -> None:
    with pytest.raises(RefusedAddressError):
        AddressGuard().target(f"http://{host}/")


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8000, 8443, 0])
def test_only_the_ports_of_the_web_are_possible(port: int) -> None:
    with pytest.raises(RefusedUrlError):
        AddressGuard().target(f"http://example.com:{port}/")


def test_one_inner_address_among_public_ones_refuses_the_host() -> None:
    guard = AddressGuard()
    target = guard.target("https://example.com/")
    with pytest.raises(RefusedAddressError):
        guard.addresses(target, ["8.8.8.8", "10.0.0.1"])


def test_public_addresses_are_given_out_once_and_in_order() -> None:
    guard = AddressGuard()
    target = guard.target("https://example.com/")
    assert [str(address) for address in guard.addresses(target, ["2606:4700::1111", "8.8.8.8", "8.8.8.8"])] == [
        "2606:4700::1111",
        "8.8.8.8",
    ]


def test_a_name_without_addresses_is_not_found() -> None:
    guard = AddressGuard()
    with pytest.raises(NameNotFoundError):
        guard.addresses(guard.target("https://example.com/"), [])


def test_the_allow_list_opens_exactly_its_pair() -> None:
    guard = AddressGuard(["127.0.0.1:8001", "[::1]:8002"])
    assert guard.target("http://127.0.0.1:8001/").pair == "127.0.0.1:8001"
    assert guard.target("http://[::1]:8002/").pair == "[::1]:8002"
    for url in ("http://127.0.0.1:8002/", "http://127.0.0.2:8001/", "http://localhost:8001/", "http://[::1]:8001/"):
        with pytest.raises(RefusedUrlError):
            guard.target(url)
    with pytest.raises(RefusedAddressError):
        guard.target("http://127.0.0.1/")


def test_the_allow_list_opens_loopback_and_nothing_else() -> None:
    guard = AddressGuard(["database.example:5432", "10.0.0.5:5432", "public.example:9000"])
    with pytest.raises(RefusedAddressError):
        guard.addresses(guard.target("http://database.example:5432/"), ["10.0.0.5"])
    with pytest.raises(RefusedAddressError):
        guard.target("http://10.0.0.5:5432/")
    with pytest.raises(RefusedUrlError):
        guard.addresses(guard.target("http://public.example:9000/"), ["8.8.8.8"])
    assert guard.addresses(guard.target("http://database.example:5432/"), ["127.0.0.1"])
