"""Checksums as feeds and callers write them: an algorithm and a value, in one of several spellings."""

import base64
import binascii
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError

_BYTES = {"md5": 16, "sha1": 20, "sha256": 32}
_NAMED = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,9})[:=](.+)\Z")
_HEX = re.compile(r"[0-9a-fA-F]+\Z")


@dataclass(frozen=True, slots=True)
class Declared:
    """``value`` is lower-case hexadecimal."""

    algorithm: str
    value: str


def parse_checksum(text: str) -> Declared | None:
    """ "sha256:…", "SHA-1=…" or a bare value whose length tells; hexadecimal or base64. None if nothing is declared.

    Raises DomainError for an algorithm or a value that cannot be compared.
    """
    text = text.strip()
    if not text:
        return None
    named = _NAMED.match(text)
    algorithm = named[1].lower().replace("-", "") if named else _by_length(text)
    raw = _raw(named[2].strip(" :") if named else text, _BYTES.get(algorithm, 0))
    if raw is None:
        raise DomainError("checksum-unknown", _("Give a checksum as “sha256:…”, “sha1:…” or “md5:…”."))
    return Declared(algorithm, raw.hex())


def _by_length(text: str) -> str:
    return next((name for name, size in _BYTES.items() if _HEX.match(text) and len(text) == 2 * size), "")


def _raw(value: str, size: int) -> bytes | None:
    try:
        raw = (
            bytes.fromhex(value)
            if _HEX.match(value) and len(value) == 2 * size
            else base64.b64decode(value, validate=True)
        )
    except (ValueError, binascii.Error):
        return None
    return raw if size and len(raw) == size else None
