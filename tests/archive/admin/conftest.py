"""People of two archives and a page to open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from broadcasters.constants import Role
from broadcasters.models import Broadcaster
from mediaexchange.core.models import User
from tests.archive.factories import make_archive_module
from tests.factories import make_broadcaster, make_user


@pytest.fixture
def rts() -> Broadcaster:
    return make_broadcaster("rts")


@pytest.fixture
def ptrc() -> Broadcaster:
    return make_broadcaster("ptrc")


@pytest.fixture
def module(rts: Broadcaster, ptrc: Broadcaster) -> Any:
    return make_archive_module(rts, ptrc)


@pytest.fixture
def archivist(rts: Broadcaster) -> User:
    return make_user(rts, role=Role.ARCHIVIST)


@pytest.fixture
def partner(ptrc: Broadcaster) -> User:
    return make_user(ptrc, role=Role.ARCHIVIST)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="broadcasters.auth.RoleBackend")
        return client

    return enter


def list_of(noun: str) -> str:
    return reverse(f"admin:archive_{noun}_changelist")


def page_of(row: Any, page: str = "change") -> str:
    return reverse(f"admin:archive_{row._meta.model_name}_{page}", args=[row.pk])
