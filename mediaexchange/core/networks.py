"""Networks (CIDR, RFC 4632 and RFC 4291) from which a credential may be used; a single address is the smallest one."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_BETWEEN = re.compile(r"[\s,;]+")


class NetworkField(models.Field):
    """One network in its canonical text, such as ``203.0.113.0/24`` or ``2001:db8::/32``; PostgreSQL's ``cidr``."""

    def db_type(self, connection: Any) -> str:
        return "cidr"

    def to_python(self, value: Any) -> Any:
        return value if value is None else network(str(value))


def network(text: str) -> str:
    """The network in its canonical text. Raises ValidationError for anything else, and for bits behind its length."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        message = _("“%(text)s” is neither an address nor a network such as 203.0.113.0/24.")
        raise ValidationError(message, "bad-network", {"text": text[:50]}) from None


def networks_in(text: str) -> list[str]:
    """Those written one a line or separated by commas, each once. Raises ValidationError, naming each that is none."""
    found: dict[str, None] = {}
    errors = []
    for part in filter(None, _BETWEEN.split(text)):
        try:
            found[network(part)] = None
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return list(found)


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether a visitor's address lies in one of them; what is no address lies in none."""
    try:
        visitor = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(visitor, ipaddress.IPv6Address) and visitor.ipv4_mapped:
        visitor = visitor.ipv4_mapped
    return any(visitor in ipaddress.ip_network(each) for each in networks)
