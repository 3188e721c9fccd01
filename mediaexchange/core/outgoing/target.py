"""One reading of a URL for the check, the connection and the request alike: no two parsers can disagree."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import idna

from mediaexchange.core.outgoing.errors import RefusedUrlError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_CHARACTERS = 4096
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_BRACKETED = re.compile(r"\[[^\[\]]*\](:[0-9]*)?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_KEPT_IN_REQUEST = "%/:?#[]@!$&'()*+,;=-._~|"


@dataclass(frozen=True, slots=True)
class Target:
    """Where one hop goes. ``host`` is a lower-case ASCII name or the plain form of ``literal``, without brackets."""

    scheme: str
    host: str
    port: int
    path: str  # with the query, percent-encoded; never the fragment
    literal: Address | None = None

    @property
    def pair(self) -> str:
        """The form in which settings allow a destination: "127.0.0.1:8001", "[::1]:8001"."""
        return f"{self._bracketed}:{self.port}"

    @property
    def authority(self) -> str:
        """The Host header, RFC 9110 section 7.2."""
        return self._bracketed if self.port == DEFAULT_PORTS[self.scheme] else self.pair

    @property
    def origin(self) -> tuple[str, str, int]:
        """Two targets with one origin may see the same credentials, RFC 6454."""
        return (self.scheme, self.host, self.port)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def follow(self, location: str) -> "Target":
        """The target of a Location header: relative or not, and bytes read as Latin-1. Raises RefusedUrlError."""
        encoded = quote(location.encode("latin-1"), safe="".join(map(chr, range(0x7F))))
        try:
            url = urljoin(self.url, encoded.strip())
        except ValueError:
            raise RefusedUrlError("The Location cannot be read.") from None
        return parse_target(url)


def parse_target(url: str) -> Target:
    """Read an absolute http or https URL strictly. Raises RefusedUrlError; asks no name server."""
    url = url.strip(" ")
    if len(url) > MAX_URL_CHARACTERS:
        raise RefusedUrlError(f"The URL is longer than {MAX_URL_CHARACTERS} characters.")
    if _CONTROL.search(url):
        raise RefusedUrlError("The URL contains control characters or backslashes.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RefusedUrlError("The URL cannot be read.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise RefusedUrlError(f"Only http and https are possible, not “{parts.scheme[:20]}”.")
    if "@" in parts.netloc:
        raise RefusedUrlError("The URL carries a user name or a password.")
    host, literal = _parse_host(parts.hostname or "", is_bracketed=bool(_BRACKETED.fullmatch(parts.netloc)))
    path = quote(parts.path or "/", safe=_KEPT_IN_REQUEST)
    if parts.query:
        path += "?" + quote(parts.query, safe=_KEPT_IN_REQUEST)
    return Target(parts.scheme, host, DEFAULT_PORTS[parts.scheme] if port is None else port, path, literal)


def _parse_host(host: str, *, is_bracketed: bool) -> tuple[str, Address | None]:
    if is_bracketed:
        try:
            address: Address = ipaddress.IPv6Address(host)
        except ValueError:
            raise RefusedUrlError("The host is not an IPv6 address.") from None
        if "%" in host:
            raise RefusedUrlError("The host names a network interface.")
        return str(address), address
    name = _to_ascii(host).removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        address = _parse_ipv4(labels)
        return str(address), address
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise RefusedUrlError("The host is not a domain name.")
    return name, None


def _to_ascii(host: str) -> str:
    """UTS 46: full-width letters and dots become what they look like, other scripts become punycode."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(idna.uts46_remap(host, std3_rules=True), std3_rules=True).decode("ascii").lower()
    except UnicodeError:
        raise RefusedUrlError("The host is not an internationalised domain name.") from None


def _parse_ipv4(labels: list[str]) -> ipaddress.IPv4Address:
    """Read 2130706433, 0x7f.1 and 0177.0.0.1 as the C library would (WHATWG URL, IPv4 parser)."""
    try:
        numbers = [_parse_number(label) for label in labels]
        if len(numbers) > 4 or any(number > 255 for number in numbers[:-1]):
            raise ValueError
        value = sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1]))
        if numbers[-1] >= 256 ** (5 - len(numbers)):
            raise ValueError
        return ipaddress.IPv4Address(value + numbers[-1])
    except ValueError:
        raise RefusedUrlError("The host ends in a number but is not an IPv4 address.") from None


def _parse_number(label: str) -> int:
    if not _NUMBER.fullmatch(label):
        raise ValueError
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") and label != "0" else 10)
