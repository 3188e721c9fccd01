import pytest
from django.urls import reverse

from broadcasters.constants import Role
from mediaexchange.core.rights.words import territory_choices
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db


def test_an_empty_list_offers_only_what_its_reader_can_do(client):
    client.force_login(make_user(make_broadcaster("rts"), Role.ADMINISTRATOR), backend="broadcasters.auth.RoleBackend")
    notices = reverse("admin:newsexchange_recallnotice_changelist")
    page = client.get(notices).content.decode()
    assert "There is nothing here yet." in page
    assert "Create a new item" not in page
    assert "Reset filters" not in page
    items, add = (reverse(f"admin:archive_item_{name}") for name in ("changelist", "add"))
    assert f'href="{add}' in client.get(items).content.decode()
    page = client.get(items, {"q": "zeppelin"}).content.decode()
    assert "Nothing here fits what you look for." in page
    assert "Reset filters" in page


def test_no_two_territories_of_a_choice_have_one_name():
    names = [name for _code, name in territory_choices()]
    assert len(names) == len(set(names))
    assert {"United Kingdom (GB)", "United Kingdom (UK)"} <= set(names)
