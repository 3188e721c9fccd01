import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import override

from archive.admin.footage_words import TerritoriesField, TerritoryField
from broadcasters.constants import Role
from mediaexchange.core.languages.localize import alphabetical
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
    assert "United Kingdom" in names


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("sr", ("Авганистан", "Азербејџан", "Јамајка", "Канада", "Уједињено Краљевство", "Џерзи", "Џибути")),
        ("sr-latn", ("Avganistan", "Crna Gora", "Čad", "Češka", "Džibuti")),
        ("kk", ("Ауғанстан", "Әзірбайжан", "Қазақстан", "Латвия")),
    ],
)
def test_territories_stand_in_the_order_of_the_readers_alphabet(language, in_order):
    with override(language):
        names = [name for _code, name in territory_choices()]
    assert [name for name in names if name in in_order] == list(in_order)


def test_an_alias_is_understood_where_a_territory_is_asked_for():
    assert TerritoriesField().clean(["UK", "GB", "KZ"]) == ["GB", "KZ"]
    assert TerritoryField(choices=territory_choices).clean("UK") == "GB"


@pytest.mark.parametrize("language", ["sr", "kk"])
def test_the_first_page_lists_what_there_is_in_the_order_of_the_readers_alphabet(client, rf, language):
    request = rf.get("/")
    request.user = make_user(make_broadcaster("rts"), Role.ADMINISTRATOR)
    with override(language):
        apps = list(admin.site.get_app_list(request))
        names = [[app["name"] for app in apps], *([model["name"] for model in app["models"]] for app in apps)]
        for listed in names:
            assert listed == sorted(listed, key=alphabetical)
        assert any(listed != sorted(listed) for listed in names)
