"""Desks at work: Ana in Belgrade (RTS), Aigerim in Astana (PTRC), Vera who only looks on in Belgrade."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from broadcasters.constants import Role
from tests.factories import make_broadcaster, make_user


@pytest.fixture(autouse=True)
def _admin_alone(settings):
    settings.ROOT_URLCONF = "tests.newsexchange.admin.urls"


@pytest.fixture
def desks(db):
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    people = SimpleNamespace(rts=rts, ptrc=ptrc)
    for name, broadcaster, role in (
        ("ana", rts, Role.EXCHANGE_DESK),
        ("aigerim", ptrc, Role.EXCHANGE_DESK),
        ("vera", rts, Role.VIEWER),
        ("nobody", None, Role.VIEWER),
    ):
        user = make_user(broadcaster, role)
        client = Client()
        client.force_login(user, backend="broadcasters.auth.RoleBackend")
        setattr(people, f"{name}_user", user)
        setattr(people, name, client)
    return people


def listed(name: str, query: str = "") -> str:
    return reverse(f"admin:newsexchange_{name}_changelist") + query


def page(record, view: str = "change") -> str:
    return reverse(f"admin:newsexchange_{record._meta.model_name}_{view}", args=[record.pk])


def deed(record, name: str) -> str:
    return reverse(f"admin:newsexchange_{record._meta.model_name}_deed", args=[record.pk, name])
