"""Productions in the one search box: in every language and spelling, for those who see them alone."""

import pytest

from mediaexchange.core.search.rebuilding import check
from mediaexchange.core.search.registry import type_named
from productions.models import Production, Theme
from productions.services.production import save_production, share_production
from productions.services.review import add_note, submit_revision
from tests.archive.factories import make_instantiation, make_item
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key
from tests.productions.factories import make_production_module, stage_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(rts, ptrc, producer):
    """An idea of RTS that nobody else sees yet."""
    assert stage_of("idea").is_initial
    production = Production(
        slug="steppe", made_by=rts, module=make_production_module(rts, ptrc), kind="documentary",
        name_sr="Ослободиоци из степе", name_kk="Даладан келген азат етушілер", name_en="Liberators from the Steppe",
        logline_ru="По следам бойцов Казахстана", objectives_sr="Сећања породице Жуманов из Ђурђевца",
    )  # fmt: skip
    return save_production(production, actor=producer, themes=Theme.objects.filter(slug="shared-history"))


def found(caller, question):
    response = caller.get("search/", q=question)
    assert response.status_code == 200, response.content
    return {row["uid"] for row in response.json()["results"] if row["type"] == "production"}


@pytest.mark.parametrize(
    "question", ["Ослободиоци", "oslobodioci", "азат етушілер", "бойцов", "Liberators", "Djurdjevca"]
)
def test_a_production_is_found_in_every_language_and_spelling(belgrade, film, question):
    assert found(belgrade, question) == {str(film.uid)}


def test_it_is_found_by_its_theme_by_its_kind_and_by_no_one_who_does_not_see_it(belgrade, astana, film, producer):
    assert found(belgrade, "заједничка историја") == {str(film.uid)}
    assert found(astana, "ослободиоци") == set()
    counted = belgrade.get("search/", q="степе", kind="documentary").json()
    assert [row["uid"] for row in counted["results"]] == [str(film.uid)]
    share_production(film, actor=producer)
    assert found(astana, "ослободиоци") == set()  # no partner yet
    stranger = Caller(make_key(make_broadcaster("rtv")))
    assert found(stranger, "ослободиоци") == set()
    assert all(progress.wrong == 0 for progress in check(type_named("production")))


def test_what_was_renamed_is_found_by_its_new_title_alone(belgrade, film, producer):
    film.name_en = "Names on bronze"
    save_production(film, actor=producer, changed={"name_en"})
    assert found(belgrade, "bronze") == {str(film.uid)}
    assert found(belgrade, "liberators") == set()


def test_it_is_found_by_what_partners_wrote_of_its_revisions(belgrade, film, rts, producer):
    tape = make_instantiation(make_item(rts))
    script = submit_revision(film, actor=producer, kind="script", broadcaster=rts, instantiation=tape)
    add_note(script, actor=producer, broadcaster=rts, text="Где је писмо из Ћуприје?")
    assert found(belgrade, "Cuprija") == {str(film.uid)}
    assert all(progress.wrong == 0 for progress in check(type_named("production")))
