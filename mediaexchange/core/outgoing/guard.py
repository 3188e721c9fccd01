"""Decides which machines may be reached. Every transport asks it, after name resolution and before connecting."""

import ipaddress
from collections.abc import Iterable

from mediaexchange.core.outgoing.errors import NameNotFoundError, RefusedAddressError, RefusedUrlError
from mediaexchange.core.outgoing.target import Address, Target, parse_target

PORTS = frozenset({80, 443})

# Written out although most are in the IANA registries that ``is_global`` reads: its opinion differs between
# Python's patch releases, and it calls multicast, site-local and transition addresses global.
_REFUSED_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; one cloud keeps its metadata here
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's host agent, in public space
            "169.254.0.0/16",  # link-local, and most clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_UNICAST_IPV6 = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out as global unicast
_REFUSED_IPV6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarking
            "2001:db8::/32",
            "2002::/16",  # 6to4: whoever wrote it chose the IPv4 address inside
            "3fff::/20",
        ),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only network reaches an IPv4 host


def is_public(address: Address) -> bool:
    """Whether it is a global unicast address, with no private one hidden inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _REFUSED_IPV4)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    is_refused = address not in _UNICAST_IPV6 or any(address in network for network in _REFUSED_IPV6)
    return address.is_global and not is_refused


class AddressGuard:
    """``allowed`` holds exact "host:port" pairs; for them, and only for them, loopback is open."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(allowed)

    def target(self, url: str) -> Target:
        """Read and check a URL as far as that goes without a name server. Raises RefusedError."""
        return self.checked(parse_target(url))

    def checked(self, target: Target) -> Target:
        """The same target, if its port, and its address when it is written as one, are acceptable."""
        if target.port not in PORTS and target.pair not in self._allowed:
            raise RefusedUrlError(f"Port {target.port} is not possible, only 80 and 443.")
        if target.literal is not None:
            self._check(target, target.literal)
        return target

    def addresses(self, target: Target, resolved: Iterable[str]) -> list[Address]:
        """What the transport may connect to, as numbers: it must not resolve the name again.

        One refused address refuses the host, since an answer that mixes inside and outside is an attack or a mistake.
        """
        addresses = list(dict.fromkeys(map(ipaddress.ip_address, resolved)))
        if not addresses:
            raise NameNotFoundError(f"{target.host} has no address.")
        for address in addresses:
            self._check(target, address)
        return addresses

    def _check(self, target: Target, address: Address) -> None:
        if target.pair in self._allowed and address.is_loopback:
            return
        if not is_public(address):
            raise RefusedAddressError(f"{target.host} is not a public address.")
        if target.port not in PORTS:
            raise RefusedUrlError(f"Port {target.port} is not possible, only 80 and 443.")
