"""Standard Webhooks, the receiving side: was this body signed with one of these secrets, and recently?"""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
MAX_ID = 255
_PREFIX = "whsec_"
_VERSION = "v1"
_MAX_SIGNATURES = 10  # of a header; a sender in rotation has two
_ID = re.compile(r"[\x21-\x7e]+")
_NO_KEY = bytes(32)  # signs nothing anybody could know; keeps the time of an answer the same without a secret


def is_signed(
    body: bytes, *, message_id: str, timestamp: str, signatures: str, secrets: Iterable[str], now: datetime
) -> bool:
    """Whether any signature of the header fits any secret. Every pair is compared, in constant time."""
    may_be = may_be_signed(message_id=message_id, timestamp=timestamp, signatures=signatures, now=now)
    signed = b".".join((message_id.encode("utf-8", "replace"), timestamp.encode("utf-8", "replace"), body))
    given = _given(signatures)
    keys = [key for secret in secrets if (key := _key(secret))]
    fits = False
    for key in keys or [_NO_KEY]:
        expected = b64encode(hmac.digest(key, signed, "sha256"))
        for signature in given[:_MAX_SIGNATURES]:
            fits |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return bool(keys) and fits and may_be


def may_be_signed(*, message_id: str, timestamp: str, signatures: str, now: datetime) -> bool:
    """Whether the headers are such as a body could be signed by: known before a byte of it is read."""
    is_fresh = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    is_fresh = is_fresh and abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()
    is_named = len(message_id) <= MAX_ID and _ID.fullmatch(message_id) is not None
    return is_fresh and is_named and any(_given(signatures))


def _given(signatures: str) -> list[str]:
    return [part[len(_VERSION) + 1 :] for part in signatures.split() if part.startswith(f"{_VERSION},")]


def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""
