"""Rules are known by their codes; what people read is translated."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mediaexchange.core.errors import DomainError


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(DomainError) as error:
        yield
    assert error.value.code == code
