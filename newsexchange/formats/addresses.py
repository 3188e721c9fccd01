"""Addresses and names as the schemas want them: URIs, not whatever a feed wrote into their place."""

import re
from urllib.parse import quote

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f-\U0010ffff]+")
_SAFE = "%/:=&?~#+!$,;'@()*[]"  # what may stand in an address as it is


def uri_or_nothing(value: str) -> str:
    """The value if it is a URI (RFC 3986) as it stands."""
    return value if _URI.fullmatch(value) else ""


def address(href: str) -> str:
    """The address with what a URI may not hold percent-encoded; our own terms have it as it came."""
    return uri_or_nothing(quote(href, safe=_SAFE))
