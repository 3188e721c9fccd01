"""Roles, accounts and keys: nobody reaches beyond the broadcasters they administer."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership
from mediaexchange.core.keys import find_key
from mediaexchange.core.models import ApiKey, User
from tests.broadcasters.admin_pages import add_of, list_of, page_of, rts, signed_in
from tests.factories import make_broadcaster, make_key, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make_user(rts(), role=Role.ADMINISTRATOR, username="milica")


def ptrc() -> Broadcaster:
    return make_broadcaster("ptrc")


def account(**changed: Any) -> dict[str, Any]:
    """What the form of a changed account sends."""
    values = {"username": "jovan", "language": "en", "time_zone": "UTC", "is_active": "on", "is_staff": "on"}
    return values | {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0} | changed


def new_account(**changed: Any) -> dict[str, Any]:
    values = {"usable_password": "true", "password1": "a-long-enough-one", "password2": "a-long-enough-one"}
    return account(role=Role.EDITOR, **values) | changed


def test_an_administrator_gives_a_role_at_their_own_broadcaster(administrator: User) -> None:
    colleague = make_user(rts(), role=Role.VIEWER)
    values = {"user": colleague.pk, "broadcaster": rts().pk, "role": Role.EDITOR}
    assert signed_in(administrator).post(add_of(Membership), values).status_code == 302
    assert Membership.objects.filter(user=colleague, role=Role.EDITOR).exists()


@pytest.mark.parametrize("to_oneself", [True, False])
def test_nobody_gives_a_role_at_a_broadcaster_they_do_not_administer(administrator: User, to_oneself: bool) -> None:
    Membership.objects.create(user=administrator, broadcaster=ptrc(), role=Role.VIEWER)
    user = administrator if to_oneself else make_user(rts())
    values = {"user": user.pk, "broadcaster": ptrc().pk, "role": Role.ADMINISTRATOR}
    assert signed_in(administrator).post(add_of(Membership), values).status_code == 200
    assert not Membership.objects.filter(broadcaster=ptrc(), role=Role.ADMINISTRATOR).exists()


def test_a_foreign_membership_is_neither_changed_nor_taken_away(administrator: User) -> None:
    own = Membership.objects.create(user=administrator, broadcaster=ptrc(), role=Role.VIEWER)
    client = signed_in(administrator)
    assert client.post(page_of(own), {"role": Role.ADMINISTRATOR}).status_code == 403
    assert client.post(page_of(own, "delete"), {"post": "yes"}).status_code == 403
    client.post(list_of(Membership), {"action": "delete_selected", "_selected_action": own.pk, "post": "yes"})
    own.refresh_from_db()
    assert own.role == Role.VIEWER


def test_a_membership_keeps_its_person_and_broadcaster(administrator: User) -> None:
    colleague = make_user(rts(), role=Role.VIEWER)
    row = Membership.objects.get(user=colleague)
    values = {"user": administrator.pk, "broadcaster": ptrc().pk, "role": Role.PRODUCER}
    signed_in(administrator).post(page_of(row), values)
    row.refresh_from_db()
    assert (row.user, row.broadcaster, row.role) == (colleague, rts(), Role.PRODUCER)


def test_an_administrator_takes_a_role_away_at_their_own_broadcaster(administrator: User) -> None:
    row = Membership.objects.get(user=make_user(rts(), role=Role.EDITOR))
    assert signed_in(administrator).post(page_of(row, "delete"), {"post": "yes"}).status_code == 302
    assert not Membership.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("field", ["is_superuser", "is_service"])
def test_staff_can_promote_neither_themselves_nor_others(administrator: User, field: str) -> None:
    client = signed_in(administrator)
    for user in (administrator, make_user(rts(), role=Role.VIEWER)):
        assert f'name="{field}"' not in client.get(page_of(user)).content.decode()
        response = client.post(page_of(user), account(username=user.username, last_name="Ilić", **{field: "on"}))
        assert response.status_code == 302
        user.refresh_from_db()
        assert user.last_name == "Ilić"
        assert not getattr(user, field)


@pytest.mark.parametrize("field", ["groups", "user_permissions"])
def test_djangos_own_groups_and_permissions_are_offered_to_nobody(field: str) -> None:
    superuser = make_user(is_superuser=True)
    assert f'name="{field}"' not in signed_in(superuser).get(page_of(superuser)).content.decode()


def test_a_superuser_may_make_another(administrator: User) -> None:
    client = signed_in(make_user(is_superuser=True))
    assert client.post(page_of(administrator), account(username="milica", is_superuser="on")).status_code == 302
    administrator.refresh_from_db()
    assert administrator.is_superuser


def test_a_new_account_starts_with_a_role_at_the_makers_broadcaster(administrator: User) -> None:
    client = signed_in(administrator)
    response = client.post(add_of(User), new_account(broadcaster=rts().pk))
    assert response.status_code == 302
    user = User.objects.get(username="jovan")
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert list(user.memberships.values_list("broadcaster__slug", "role")) == [("rts", Role.EDITOR)]
    assert client.get(page_of(user)).status_code == 200


def test_a_new_account_cannot_start_at_a_foreign_broadcaster(administrator: User) -> None:
    response = signed_in(administrator).post(add_of(User), new_account(broadcaster=ptrc().pk))
    assert response.status_code == 200
    assert not User.objects.filter(username="jovan").exists()


def test_who_also_works_elsewhere_cannot_be_taken_over_by_a_new_password(administrator: User) -> None:
    both = make_user(rts(), role=Role.VIEWER)
    Membership.objects.create(user=both, broadcaster=ptrc(), role=Role.ADMINISTRATOR)
    client = signed_in(administrator)
    assert client.get(page_of(both)).status_code == 200
    assert client.post(page_of(both), account(username=both.username)).status_code == 403
    address = reverse("admin:auth_user_password_change", args=[both.pk])
    assert client.get(address).status_code == 403


def test_a_superusers_password_is_out_of_an_administrators_reach(administrator: User) -> None:
    superuser = make_user(rts(), role=Role.VIEWER, is_superuser=True)
    address = reverse("admin:auth_user_password_change", args=[superuser.pk])
    assert signed_in(administrator).get(address).status_code == 403


def test_a_colleagues_password_can_be_set(administrator: User) -> None:
    colleague = make_user(rts(), role=Role.VIEWER)
    address = reverse("admin:auth_user_password_change", args=[colleague.pk])
    values = {"usable_password": "true", "password1": "another-long-one", "password2": "another-long-one"}
    values["set-password"] = "1"
    assert signed_in(administrator).post(address, values).status_code == 302
    colleague.refresh_from_db()
    assert colleague.check_password("another-long-one")


def test_only_people_who_share_a_broadcaster_are_suggested(administrator: User) -> None:
    make_user(rts(), username="near")
    make_user(ptrc(), username="far")
    query = {"app_label": "broadcasters", "model_name": "membership", "field_name": "user", "term": ""}
    found = signed_in(administrator).get(reverse("admin:autocomplete"), query).json()["results"]
    assert {row["text"] for row in found} == {"milica", "near"}


def issue(client: Any, broadcaster: Broadcaster, **answers: str) -> Any:
    address = reverse("admin:broadcasters_broadcaster_issue_key", args=[broadcaster.pk])
    return client.post(address, {"name": "Site", "scopes": ["stories:read"], **answers})


def test_the_text_of_a_key_is_shown_once(administrator: User) -> None:
    client = signed_in(administrator)
    response = issue(client, rts())
    key = ApiKey.objects.get()
    page = response.content.decode()
    text = page.split('id="key-text"')[1].split(">", 1)[1].split("<")[0]
    assert find_key(text) == key
    assert f"client_id is {text[:15]} " in page
    assert "no-store" in response.headers["Cache-Control"]
    for address in (list_of(ApiKey), page_of(key), page_of(key, "history"), page_of(rts())):
        again = client.get(address)
        assert again.status_code == 200
        assert text not in again.content.decode()
        assert key.digest not in again.content.decode()


def test_a_key_is_issued_by_that_broadcasters_administrators_and_the_platform_alone(administrator: User) -> None:
    assert issue(signed_in(administrator), ptrc()).status_code == 403
    assert issue(signed_in(make_user(rts(), role=Role.EXCHANGE_DESK)), rts()).status_code == 403
    assert not ApiKey.objects.exists()
    assert issue(signed_in(make_user(is_superuser=True)), ptrc()).status_code == 200
    assert ApiKey.objects.get().user.memberships.get().broadcaster == ptrc()


def test_a_third_key_is_refused_with_the_reason(administrator: User) -> None:
    make_key(rts())
    make_key(rts())
    client = signed_in(administrator)
    response = issue(client, rts())
    assert response.status_code == 302
    assert "Two keys are alive" in client.get(page_of(rts())).content.decode()
    assert ApiKey.objects.count() == 2


def test_a_key_ends_with_the_last_day_it_was_given_and_none_is_issued_for_one_that_has_passed(
    administrator: User,
) -> None:
    client = signed_in(administrator)
    today = timezone.localdate(timezone=ZoneInfo(administrator.time_zone))
    assert issue(client, rts(), expires_at=str(today - timedelta(days=1))).status_code == 302
    assert "expired already" in client.get(page_of(rts())).content.decode()
    assert not ApiKey.objects.exists()
    assert issue(client, rts(), expires_at=str(today)).status_code == 200
    ends_at = ApiKey.objects.get().expires_at
    assert ends_at is not None
    assert ends_at.astimezone(ZoneInfo(administrator.time_zone)).replace(tzinfo=None) == datetime.combine(
        today + timedelta(days=1), time()
    )


def test_a_key_is_issued_for_addresses_and_limited_to_others_later(administrator: User) -> None:
    client = signed_in(administrator)
    wrong = issue(client, rts(), networks="203.0.113.0/24\nlocalhost").content.decode()
    assert "“localhost” is neither an address nor a network" in wrong
    assert not ApiKey.objects.exists()
    assert "Only from 203.0.113.0/24." in issue(client, rts(), networks="203.0.113.0/24").content.decode()
    key = ApiKey.objects.get()
    address = reverse("admin:core_apikey_limit", args=[key.pk])
    assert "203.0.113.0/24</textarea>" in client.get(address).content.decode()
    assert client.post(address, {"networks": "198.51.100.7, 2001:db8::/32"}).status_code == 302
    key.refresh_from_db()
    assert key.networks == ["198.51.100.7/32", "2001:db8::/32"]
    assert "198.51.100.7/32, 2001:db8::/32" in client.get(page_of(key)).content.decode()
    assert client.post(address, {"networks": ""}).status_code == 302
    assert "any address" in client.get(page_of(key)).content.decode()


def test_a_foreign_key_cannot_be_limited(administrator: User) -> None:
    make_key(ptrc())
    key = ApiKey.objects.get()
    address = reverse("admin:core_apikey_limit", args=[key.pk])
    assert signed_in(administrator).post(address, {"networks": "198.51.100.7"}).status_code == 403
    key.refresh_from_db()
    assert key.networks == []


def test_a_revoked_key_opens_nothing_and_cannot_be_revoked_twice(administrator: User) -> None:
    text = make_key(rts())
    key = ApiKey.objects.get()
    client, address = signed_in(administrator), reverse("admin:core_apikey_revoke", args=[key.pk])
    assert client.get(address).status_code == 200
    assert find_key(text)
    assert client.post(address).status_code == 302
    assert find_key(text) is None
    assert "milica</span>" in client.get(page_of(key, "history")).content.decode()
    assert client.post(address).status_code == 403


def test_a_foreign_key_cannot_be_revoked(administrator: User) -> None:
    text = make_key(ptrc())
    address = reverse("admin:core_apikey_revoke", args=[ApiKey.objects.get().pk])
    assert signed_in(administrator).post(address).status_code == 403
    assert find_key(text)


def test_a_colleagues_roles_in_other_houses_are_not_shown(administrator: User) -> None:
    colleague = make_user(rts(), role=Role.VIEWER)
    Membership.objects.create(user=colleague, broadcaster=ptrc(), role=Role.PRODUCER)
    page = signed_in(administrator).get(list_of(User)).content.decode()
    assert "RTS: viewer" in page
    assert "PTRC" not in page
