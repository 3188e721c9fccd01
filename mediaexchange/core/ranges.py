"""Range requests (RFC 9110 section 14): one range of bytes, or the whole."""

import re

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*\Z", re.ASCII | re.IGNORECASE)


class UnsatisfiableRangeError(Exception):
    """The range begins behind the end: 416."""


def range_of(header: str, if_range: str, etag: str, size: int) -> tuple[int, int] | None:
    """First byte and length of what is asked for; None stands for the whole.

    Several ranges, other units and nonsense are answered with the whole, as the standard allows; so is a range of
    another state of the file (``If-Range``, compared strongly; we give no dates to compare).
    """
    match = _ONE_RANGE.match(header.strip())
    if match is None or (if_range and if_range.strip() != etag):
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        length = min(int(last), size)
        if not length:
            raise UnsatisfiableRangeError
        return size - length, length
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise UnsatisfiableRangeError
    return start, end - start + 1
