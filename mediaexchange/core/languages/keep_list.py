"""The words and phrases that stay Latin when Serbian becomes Cyrillic, as the newsrooms keep them in the database."""

import time

from mediaexchange.core.languages import normalise

SECONDS = 10.0  # a change is noticed by every process within this time, without a restart

_read_at = float("-inf")
_words: frozenset[str] = frozenset()


def install() -> None:
    """From now on texts are normalised by the list in the database; before, and without Django, by the usual words."""
    normalise.keep_from(current)


def current() -> frozenset[str]:
    """The list as it was at most ``SECONDS`` ago: one short query each time it is read anew."""
    global _read_at, _words
    now = time.monotonic()
    if now - _read_at >= SECONDS:
        from mediaexchange.core.models import KeepWord

        _words = frozenset(KeepWord.objects.in_use().values_list("text", flat=True))
        _read_at = now
    return _words


def forget() -> None:
    """Read the list again at the next word, in this process."""
    global _read_at
    _read_at = float("-inf")
