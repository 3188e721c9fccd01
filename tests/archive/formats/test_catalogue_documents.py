"""Documents out: valid by their schemas, whatever an item holds; nothing in them that their reader may not see."""

import string

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree

from archive.catalogue import values_of, with_parts
from archive.constants import CreditRole, DateType, DescriptionType, TitleType
from archive.formats import ebucore, pbcore
from archive.formats.registry import DOCUMENTS
from archive.formats.writing import Shown
from archive.models import Item
from archive.parsing.registry import format_of, parse
from archive.services.import_comparing import changes_of
from archive.services.import_house import House, Named
from archive.services.import_resolving import Resolver
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.normalise import normalise_text
from newsexchange.demo import load_demo
from tests.archive.catalogue import EBUCORE_XSD, PBCORE_XSD, actions, loaded, make_full_item, read, schema_of
from tests.archive.factories import make_instantiation, make_item

pytestmark = pytest.mark.django_db
SCHEMAS = {"pbcore": PBCORE_XSD, "ebucore": EBUCORE_XSD}


def words(language: str, most: int = 60) -> st.SearchStrategy[str]:
    """Texts as they are stored: normalised, without white space around."""
    letters = {
        "sr": "абвгдђежзијклљмнњопрстћуфхцчџш", "kk": "аәбвгғқңөұүһі", "ru": "абвгдеёыэюя", "en": string.ascii_letters,
        "und": "abcабв",
    }[language]  # fmt: skip
    alphabet = letters + " |=\\\"'&<>;,-+@–„“\n"
    return (
        st.text(alphabet, min_size=1, max_size=most)
        .map(lambda text: normalise_text(text, language).strip())
        .filter(bool)
    )


one_line = lambda language: words(language).map(lambda text: " ".join(text.split())).filter(bool)  # noqa: E731
line = one_line("en")
dates = st.sampled_from(["1961-09", "1961~", "1944-10/1944-11", "196X", "XXXX", "1961-09-12", "1961?", "1950/1960"])


@st.composite
def filled(draw: st.DrawFn) -> dict[str, list[tuple]]:
    """What hangs on an item, at random."""
    tags = st.sampled_from(["sr", "kk", "ru", "en", "de", "hu"])
    titles = st.tuples(st.sampled_from(TitleType.values), tags, line)
    descriptions = st.tuples(st.sampled_from(DescriptionType.values), st.just("en"), words("en"))
    further_dates = st.tuples(st.sampled_from(DateType.values), dates)
    credits = st.tuples(st.sampled_from(CreditRole.values), line, line | st.just(""))
    parts = {
        "titles": titles, "descriptions": descriptions, "dates": further_dates, "identifiers": st.tuples(line, line),
        "credits": credits,
    }  # fmt: skip
    return {name: draw(st.lists(rows, max_size=3, unique=True)) for name, rows in parts.items()}


def made(house, columns, rows):
    item = make_item(house, **columns)
    for kind, tag, text in rows["titles"]:
        item.titles.get_or_create(kind=kind, language=tag, text=" ".join(normalise_text(text, tag).split()))
    for kind, tag, text in rows["descriptions"]:
        item.descriptions.create(kind=kind, language=tag, text=text)
    for kind, dated in rows["dates"]:
        item.dates.create(kind=kind, dated=dated)
    for source, value in rows["identifiers"]:
        item.identifiers.create(source=source, value=value)
    for position, (role, name, note) in enumerate(rows["credits"]):
        item.credits.create(role=role, name=name, note=note, position=position)
    return item


def nobody(house) -> House:
    return House(house, Named(), Named(), Named(), Named(), frozenset({house.slug}))


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title_sr=one_line("sr"),
    title_kk=one_line("kk"),
    description_ru=words("ru"),
    description_en=words("en"),
    dated=dates,
    note=words("und"),
    subjects=st.lists(line, max_size=3, unique=True),
    rows=filled(),
)
def test_whatever_an_item_holds_comes_back_as_it_was(
    rts, title_sr, title_kk, description_ru, description_en, dated, note, subjects, rows
):
    columns = {
        "title_sr": title_sr, "title_kk": title_kk, "description_ru": description_ru, "description_en": description_en,
        "dated": dated, "rights_note": note, "subjects": subjects,
    }  # fmt: skip
    item = made(rts, columns, rows)
    shown = loaded(item)
    for name, document in DOCUMENTS.items():
        if name in ("dc", "qdc"):
            continue
        payload = document.render(shown)
        assert format_of(payload) == name
        (record,) = parse(payload, name, frozenset({rts.slug})).records
        is_table = name in ("csv", "xlsx")
        current = values_of(shown[0].item)
        resolver = Resolver(record, nobody(rts), current, wholes=set(), is_table=is_table)
        changes, problems = changes_of(current, resolver.resolve(), replaces=is_table)
        assert (changes, problems, resolver.refusal) == ({}, [], None), name
        if name in SCHEMAS and SCHEMAS[name].exists():
            _validate(name, payload)


_loaded: dict[str, etree.XMLSchema] = {}


def _validate(name: str, payload: bytes) -> None:
    schema = _loaded.setdefault(name, schema_of(SCHEMAS[name]))
    assert schema.validate(etree.fromstring(payload)), schema.error_log


@pytest.mark.shared_samples
@pytest.mark.parametrize("name", list(SCHEMAS))
def test_documents_validate_with_much_and_with_nothing_in_them(name, rts):
    if not SCHEMAS[name].exists():
        pytest.skip(f"no schema at {SCHEMAS[name]}")
    whole = make_full_item(rts)
    bare = Item.objects.create(broadcaster=rts, identifier="BARE", category="news", title_kk="Ә")
    make_instantiation(bare, kind="digital", generation="copy", format="", start_timecode="25:00:00:00", duration_ms=0)
    part = make_item(rts, parent=whole, asset_type="photograph", expected_children=0)
    render = DOCUMENTS[name].render
    for several in ([whole], [bare], [part], [whole, bare, part]):
        for is_own in (True, False):
            shown = [Shown(each.item, is_own=is_own, shows_parent=is_own) for each in loaded(*several)]
            _validate(name, render(shown))


@pytest.mark.shared_samples
@pytest.mark.skipif(not PBCORE_XSD.exists(), reason=f"no schema at {PBCORE_XSD}")
def test_every_item_of_the_demonstration_validates_and_imports_again_unchanged(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    list(load_demo(""))
    for house in Broadcaster.objects.filter(items__isnull=False).distinct():
        shown = loaded(*house.items.all())
        for name in SCHEMAS:
            _validate(name, DOCUMENTS[name].render(shown[:1]))
            whole = DOCUMENTS[name].render(shown)
            _validate(name, whole)
            assert set(actions(read(whole, house))) == {"unchanged"}


def test_what_only_the_house_knows_is_in_no_document_for_others(rts):
    item = make_full_item(rts, source_note="Secret source", parent=make_item(rts, identifier="SECRET-WHOLE"))
    item.collection.name_en, item.collection.slug = "Secret shelf", "secret-shelf"
    item.collection.save()
    sha256 = item.instantiations.exclude(file=None).get().file.sha256
    shown = [Shown(loaded(item)[0].item, is_own=False, shows_parent=False)]
    own = loaded(item)
    for name, document in DOCUMENTS.items():
        foreign, ours = document.render(shown), document.render(own)
        if name == "xlsx":
            continue  # compressed; its cells are those of CSV
        for secret in ("Secret source", "Secret shelf", "secret-shelf", "SECRET-WHOLE", "Shelf 4", sha256):
            assert secret.encode() not in foreign, (name, secret)
        if name == "ebucore":
            assert sha256.encode() in ours


def test_a_cell_is_no_formula_for_a_spreadsheet(rts):
    payload = DOCUMENTS["csv"].render(
        loaded(make_item(rts, title_en="=HYPERLINK(1)", identifier="-1", credit_line="'=quoted"))
    )
    text = payload.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",'-1," in text
    (record,) = parse(payload, "csv").records
    assert (record.said["title_en"], record.said["identifier"], record.said["credit_line"]) == (
        "=HYPERLINK(1)", "-1", "'=quoted",
    )  # fmt: skip


def test_titles_carry_their_languages(rts):
    (shown,) = loaded(make_full_item(rts))
    titles = pbcore.element_of(shown).findall("{*}pbcoreTitle")
    assert {node.get("annotation") for node in titles} == {"sr-Cyrl", "kk", "ru", "en", "de", "sr"}
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    titles = ebucore.element_of(shown).iterfind(".//{*}coreMetadata/{*}title/{*}title")
    assert [node.get(lang) for node in titles] == ["sr-Cyrl", "kk", "ru", "en"]


def test_any_number_of_items_is_loaded_in_the_same_number_of_queries(rts):
    counts = []
    for number in (1, 3):
        for _each in range(number):
            make_full_item(rts)
        with CaptureQueriesContext(connection) as queries:
            for item in with_parts(Item.objects.all()):
                values_of(item)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_text_too_long_for_a_cell_is_refused_not_cut(rts):
    item = make_item(rts, description_en=("long " * 8_000).strip())
    with pytest.raises(DomainError, match=item.identifier):
        DOCUMENTS["xlsx"].render(loaded(item))
    assert actions(read(DOCUMENTS["csv"].render(loaded(item)), rts)) == ["unchanged"]
