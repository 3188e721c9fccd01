from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Channel, Institution, Membership, Memorandum, Module, Party, Person, Place
from mediaexchange.core.models import ApiKey, User
from tests.broadcasters.admin_pages import add_of, list_of, make_one_of_each, page_of, rts, signed_in
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db

SHARED = (Place, Person, Institution, Broadcaster, Channel)
OWN = (Memorandum, Party, Module, User, Membership, ApiKey)
MODELS = (*SHARED, *OWN)
LANGUAGES = ("en", "kk", "ru", "sr", "sr-latn")


@pytest.fixture
def administrator() -> User:
    return make_user(rts(), role=Role.ADMINISTRATOR)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_administrator_opens_every_list_and_page(model: type[Model], administrator: User) -> None:
    client, rows = signed_in(administrator), make_one_of_each(rts())
    row = next(row for row in rows if type(row) is model)
    for language in LANGUAGES:
        client.cookies["django_language"] = language
        for address in (list_of(model), page_of(row), page_of(row, "history")):
            response = client.get(address)
            assert response.status_code == 200, (address, language)
            assert response.headers["Content-Language"].lower().startswith(language[:2])


@pytest.mark.parametrize(
    "model",
    [Place, Person, Institution, Channel, Memorandum, Module, User, Membership],
    ids=lambda model: model.__name__,
)
def test_an_administrator_opens_every_page_for_adding(model: type[Model], administrator: User) -> None:
    assert signed_in(administrator).get(add_of(model)).status_code == 200


def test_only_the_platform_admits_a_broadcaster(administrator: User) -> None:
    assert signed_in(administrator).get(add_of(Broadcaster)).status_code == 403
    assert signed_in(make_user(is_superuser=True)).get(add_of(Broadcaster)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_superuser_without_membership_opens_every_list_and_page(model: type[Model]) -> None:
    client = signed_in(make_user(is_superuser=True))
    row = next(row for row in make_one_of_each(rts()) if type(row) is model)
    assert str(row.pk) in client.get(list_of(model)).content.decode()
    assert client.get(page_of(row)).status_code == 200


@pytest.mark.parametrize("model", OWN, ids=lambda model: model.__name__)
def test_a_foreign_row_is_answered_like_one_that_never_was(model: type[Model]) -> None:
    row: Any = next(row for row in make_one_of_each(rts()) if type(row) is model)
    client = signed_in(make_user(make_broadcaster("ptrc"), role=Role.ADMINISTRATOR))
    foreign, missing = page_of(row), page_of(row).replace(f"/{row.pk}/", "/987654/")
    for suffix in ("", "history"):
        first = client.get(foreign.replace("change/", f"{suffix}/") if suffix else foreign)
        second = client.get(missing.replace("change/", f"{suffix}/") if suffix else missing)
        assert (first.status_code, second.status_code) == (404, 404)
    assert page_of(row) not in client.get(list_of(model)).content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_somebody_without_membership_sees_nothing(model: type[Model]) -> None:
    row = next(row for row in make_one_of_each(rts()) if type(row) is model)
    client = signed_in(make_user())
    assert client.get(list_of(model)).status_code == 403
    assert client.get(page_of(row)).status_code in {403, 404}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_with_three_rows_asks_as_many_questions_as_one_with_one(model: type[Model], administrator: User) -> None:
    client = signed_in(administrator)
    make_one_of_each(rts(), "1")
    client.get(list_of(model))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(list_of(model))
    make_one_of_each(rts(), "2")
    make_key_free = make_broadcaster("rtv", home_city=Place.objects.first())
    Membership.objects.create(user=administrator, broadcaster=make_key_free, role=Role.ADMINISTRATOR)
    make_one_of_each(make_key_free, "3")
    with CaptureQueriesContext(connection) as three:
        client.get(list_of(model))
    assert len(three) == len(one), "\n".join(query["sql"] for query in three)


@pytest.mark.parametrize("model", [*SHARED, Memorandum, Module, Party], ids=lambda model: model.__name__)
def test_a_viewer_reads_and_cannot_edit(model: type[Model]) -> None:
    row: Any = next(row for row in make_one_of_each(rts()) if type(row) is model)
    client = signed_in(make_user(rts(), role=Role.VIEWER))
    page = client.get(page_of(row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(page_of(row), {"name_en": "Changed"}).status_code == 403
    assert client.get(add_of(model)).status_code == 403


@pytest.mark.parametrize("model", [User, Membership, ApiKey], ids=lambda model: model.__name__)
def test_a_viewer_gives_nobody_access(model: type[Model]) -> None:
    client = signed_in(make_user(rts(), role=Role.VIEWER))
    assert client.get(add_of(model)).status_code == 403


def test_the_administrator_of_one_broadcaster_cannot_change_another() -> None:
    rows = make_one_of_each(rts())
    client = signed_in(make_user(make_broadcaster("ptrc"), role=Role.ADMINISTRATOR))
    for row in rows:
        if isinstance(row, (Broadcaster, Channel)):
            assert client.get(page_of(row)).status_code == 200
            assert client.post(page_of(row), {"website": "https://example.org"}).status_code == 403


def test_serbian_is_found_in_both_scripts_and_any_language_finds_the_record(administrator: User) -> None:
    client = signed_in(administrator)
    Place.objects.create(slug="bg", kind="city", country_code="RS", name_sr="Београд", name_kk="Белград")
    for typed in ("Београд", "Beograd", "Белград"):
        assert page_of(Place.objects.get(slug="bg")) in client.get(list_of(Place), {"q": typed}).content.decode()


def test_every_stored_language_has_a_tab_and_the_readers_own_comes_first(administrator: User) -> None:
    client = signed_in(administrator)
    client.cookies["django_language"] = "kk"
    page = client.get(page_of(rts())).content.decode()
    places = [page.index(f"activeFieldsetTab = '{name}'") for name in ("қазақша", "српски", "русский", "english")]
    assert places[0] == min(places)
    assert 'name="name_sr"' in page
    assert 'name="name"' not in page
    assert "[sr]" not in page


def test_pages_load_nothing_from_elsewhere(administrator: User) -> None:
    page = signed_in(administrator).get(page_of(rts())).content.decode()
    assert 'src="http' not in page
    assert "googleapis" not in page
    assert "jquery-ui" not in page


def test_the_sidebar_lists_what_the_reader_may_open(administrator: User) -> None:
    page = signed_in(administrator).get(list_of(Place)).content.decode()
    assert list_of(Memorandum) in page
    assert "/admin/core/auditentry/" not in page
    superuser = signed_in(make_user(is_superuser=True)).get(list_of(Place)).content.decode()
    assert "/admin/core/auditentry/" in superuser
    assert "/admin/django_celery_beat/periodictask/" in superuser


@pytest.mark.parametrize("sources", [[], {}, 5, ["x", {"title": "Report"}]])
def test_sources_of_any_shape_do_not_break_a_persons_page(administrator: User, sources: Any) -> None:
    person = Person.objects.create(slug="ana", name_en="Ana", sources=sources)
    assert signed_in(administrator).get(page_of(person)).status_code == 200
