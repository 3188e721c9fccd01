"""What sentences share, whatever language they are in."""

import re

_SECOND_STOP = re.compile(r"(?<=[^.][.…])\.(?!\.)")


def one_stop(text: str) -> str:
    """The sentence without a second full stop: in Serbian and Russian a date brings the one that ends it."""
    return _SECOND_STOP.sub("", text)
