"""What a fetch brings back, and how the headers that matter are read."""

import datetime
import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """One complete answer, whatever its status.

    ``body`` is decompressed; empty for 304, and only a beginning for 4xx and 5xx, which nobody outside may see.
    ``headers`` have lower-case names, the first of several wins, and cookies are left out.
    ``permanent_redirect_to`` is set when a success was reached through 301 and 308 alone; it is a claim, to be believed
    only after it has been repeated for long enough.
    """

    status: int
    url_final: str
    headers: Mapping[str, str]
    body: bytes
    elapsed_ms: int
    permanent_redirect_to: str | None = None
    retry_after: datetime.timedelta | None = None

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def is_success(self) -> bool:
        """A whole document, or the word that the one we have is still right."""
        return 200 <= self.status < 300 or self.not_modified

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def etag(self) -> str:
        """As sent, weak prefix and quotes included, to be sent back unchanged."""
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        """As sent, to be sent back unchanged even when it is no date."""
        return self.headers.get("last-modified", "")


def readable_headers(items: list[tuple[str, str]]) -> dict[str, str]:
    """Names in lower case, first value each; values with control characters could not be sent back and are dropped."""
    headers: dict[str, str] = {}
    for name, value in items:
        if name.lower() != "set-cookie" and not _UNPRINTABLE.search(value):
            headers.setdefault(name.lower(), value)
    return headers


def parse_retry_after(value: str, *, now: datetime.datetime) -> datetime.timedelta | None:
    """Seconds or an HTTP date (RFC 9110 section 10.2.3); a date in the past is zero, nonsense is None."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return datetime.timedelta(seconds=int(value))
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # numbers that are no date, or too large to be looked at
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=datetime.UTC)
    return max(until - now, datetime.timedelta(0))
