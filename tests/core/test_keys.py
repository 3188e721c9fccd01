"""Keys and secret addresses where several are at it, and what the audit trail knows of their end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import ApiKey
from tests.factories import make_broadcaster, make_key

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_several_who_issue_keys_at_the_same_moment_one_takes_the_last_place(rts):
    make_key(rts)
    ready = Barrier(4)

    def issue(_number: int) -> bool:
        ready.wait(20)
        try:
            return bool(make_key(make_broadcaster("rts")))
        except ConflictError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(issue, range(4))) == [False, False, False, True]
    assert ApiKey.objects.alive().count() == 2
