"""Sizes of files in words of the reader's language."""

import pytest
from django.utils.translation import override

from mediaexchange.core.sizes import size_in_words


@pytest.mark.parametrize(
    ("size", "language", "said"),
    [
        (None, "en", "—"),
        (0, "en", "0 B"),
        (999, "en", "999 B"),
        (4_200, "en", "4.2 kB"),
        (999_960, "en", "1.0 MB"),  # never “1000.0 kB”
        (1_400_000_000, "en", "1.4 GB"),
        (1_400_000_000, "sr", "1,4 GB"),
        (1_400_000_000, "sr-latn", "1,4 GB"),
        (1_400_000_000, "ru", "1,4 ГБ"),
        (1_400_000_000, "kk", "1,4 ГБ"),
        (2_500_000_000_000_000, "en", "2,500.0 TB"),
    ],
)
def test_a_size_is_written_as_the_language_writes_it(size: int | None, language: str, said: str) -> None:
    with override(language):
        assert size_in_words(size) == said
