"""Keys and secret addresses where several are at it, and what the audit trail knows of their end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import ApiKey, AuditEntry
from tests.factories import make_broadcaster, make_key, make_user

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


def test_whoever_revokes_a_calendar_address_or_a_key_is_named_with_the_request(rts):
    person = make_user(rts, Role.ADMINISTRATOR)
    client = Client()
    client.force_login(person, backend="broadcasters.auth.RoleBackend")
    made = client.post("/api/v1/me/calendars/", {"kind": "person"}, content_type="application/json")
    assert client.delete(f"/api/v1/me/calendars/{made.json()['uid']}/").status_code == 204
    make_key(rts)
    assert client.post(reverse("admin:core_apikey_revoke", args=[ApiKey.objects.get().pk])).status_code == 302
    for table in ("core_calendarfeed", "core_apikey"):
        entry = AuditEntry.objects.filter(table_name=table, action="update").latest("pk")
        assert (entry.actor_id, bool(entry.request_id)) == (person.pk, True), table
