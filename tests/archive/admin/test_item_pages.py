"""The item's list and page: who sees and changes what, how it is found, what is marked in it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.facets import TITLES
from archive.models import Item, Segment, Series, TimedText, UnderlyingRight
from broadcasters.constants import Role
from tests.archive.admin.conftest import list_of, page_of
from tests.archive.factories import (
    make_collection,
    make_instantiation,
    make_item,
    make_media_file,
    make_segment,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "kk", "ru", "sr", "sr-latn")


def form_of(client, item):
    """What the item's page would send if nothing were changed."""
    response = client.get(page_of(item))
    form = response.context["adminform"].form
    data = {}
    forms = [form, *(each for formset in response.context["inline_admin_formsets"] for each in formset.formset.forms)]
    managed = [formset.formset.management_form for formset in response.context["inline_admin_formsets"]]
    for each in (*forms, *managed):
        for bound in each:
            value = bound.value()
            if isinstance(value, (list, tuple)):
                data[bound.html_name] = [str(one) for one in value]
            elif hasattr(bound.field.widget, "widgets"):
                for name, part in zip(("_0", "_1"), bound.field.widget.decompress(value), strict=False):
                    data[bound.html_name + name] = "" if part is None else str(part)
            else:
                data[bound.html_name] = "" if value is None else str(value)
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_archivist_opens_list_page_and_history_in_every_language(archivist, rts, signed_in, language):
    item = make_item(rts, expected_children=2)
    make_instantiation(item)
    make_segment(item)
    client = signed_in(archivist)
    client.cookies["django_language"] = language
    for address in (list_of("item"), page_of(item), page_of(item, "history"), reverse("admin:archive_item_add")):
        assert client.get(address).status_code == 200, address


def test_a_partner_reads_the_record_and_changes_nothing(partner, rts, module, signed_in):
    item = make_item(rts, source_note="from the cellar")
    client = signed_in(partner)
    page = client.get(page_of(item))
    assert page.status_code == 200
    text = page.content.decode()
    assert 'name="_save"' not in text
    assert "from the cellar" not in text
    assert client.post(page_of(item), {"title_en": "Ours"}).status_code == 403
    assert client.get(page_of(item, "history")).status_code == 403
    assert page_of(item, "history") not in text


def test_a_partner_is_shown_no_shelf_file_contract_or_hidden_whole(partner, archivist, rts, module, signed_in):
    whole = make_item(rts, access="house", identifier="WHOLE-CANARY", title_en="Whole canary")
    item = make_item(
        rts, parent=whole, collection=make_collection(rts, name_en="Collection canary"),
        series=Series.objects.create(broadcaster=rts, slug="series-canary", name_en="Series canary"),
    )  # fmt: skip
    make_instantiation(item, location="Shelf canary", note="Note canary")
    make_instantiation(item, file=make_media_file(rts, name="file-canary.png"))
    UnderlyingRight.objects.create(item=item, kind="music", reference="Contract canary")
    secrets = (
        "WHOLE-CANARY", "Whole canary", "Collection canary", "Series canary", "Shelf canary", "Note canary",
        "file-canary.png", "Contract canary",
    )  # fmt: skip
    assert _shown(secrets, signed_in(archivist).get(page_of(item))) == {*secrets} - {"WHOLE-CANARY"}
    client = signed_in(partner)
    assert _shown(secrets, client.get(page_of(item))) == set()
    Item.objects.filter(pk=whole.pk).update(access="partners")
    assert _shown(secrets, client.get(page_of(item))) == {"Whole canary"}


def _shown(words, response):
    text = response.content.decode()
    return {word for word in words if word in text}


def test_a_foreign_item_is_answered_like_one_that_never_was(partner, rts, signed_in):
    item = make_item(rts, access="house")
    client = signed_in(partner)
    for name in ("change", "history", "links", "segments"):
        foreign = reverse(f"admin:archive_item_{name}", args=[item.pk])
        missing = reverse(f"admin:archive_item_{name}", args=[987654])
        ask = client.post if name == "segments" else client.get
        assert (ask(foreign).status_code, ask(missing).status_code) == (404, 404), name
    assert page_of(item) not in client.get(list_of("item")).content.decode()


def test_a_list_of_three_asks_as_many_questions_as_one_of_one(archivist, rts, signed_in):
    client = signed_in(archivist)

    def fill():
        item = make_item(rts, collection=make_collection(rts))
        make_instantiation(item, file=make_media_file(rts, name=f"{item.pk}.png"))
        make_segment(item)

    fill()
    client.get(list_of("item"))
    with CaptureQueriesContext(connection) as one:
        client.get(list_of("item"))
    fill()
    fill()
    with CaptureQueriesContext(connection) as three:
        client.get(list_of("item"))
    assert len(three) == len(one)


def test_a_page_of_many_parts_asks_as_many_questions_as_one_of_one(archivist, rts, signed_in):
    item = make_item(rts)
    client = signed_in(archivist)

    def fill(number):
        make_segment(item, in_frame=number * 100, out_frame=number * 100 + 50)
        copy = make_instantiation(item)
        item.texts.create(kind="subtitles", language=("en", "kk", "ru")[number - 1], cues=[[0, 9, "x"]])
        copy.tracks.create(position=0, kind="video", codec="h264", rate_numerator=25, rate_denominator=1)
        make_item(rts, parent=item)

    fill(1)
    client.get(page_of(item))
    with CaptureQueriesContext(connection) as one:
        client.get(page_of(item))
    fill(2)
    fill(3)
    with CaptureQueriesContext(connection) as three:
        client.get(page_of(item))
    assert len(three) <= len(one)


def test_what_is_typed_goes_through_the_service_with_its_lists(archivist, rts, signed_in):
    item = make_item(rts)
    client = signed_in(archivist)
    version = Item.objects.get(pk=item.pk).version
    data = form_of(client, item)
    data |= {
        "title_sr": "Doček u Beogradu", "dated": "1944-10/1944-11",
        "titles-TOTAL_FORMS": "1", "titles-0-kind": "alternative", "titles-0-text": "Reel five",
        "titles-0-language": "en", "titles-0-id": "", "titles-0-item": str(item.pk),
    }  # fmt: skip
    response = client.post(page_of(item), data)
    assert response.status_code == 302, re.findall(r"errorlist.*?</ul>", response.content.decode(), re.S)
    item = Item.objects.get(pk=item.pk)
    assert item.title_sr == "Дочек у Београду"
    assert (item.dated_first.isoformat(), item.dated_last.isoformat()) == ("1944-10-01", "1944-11-30")
    assert [title.text for title in item.titles.all()] == ["Reel five"]
    assert item.version == version + 1


def test_a_date_that_is_none_is_refused_in_the_form(archivist, rts, signed_in):
    item = make_item(rts)
    client = signed_in(archivist)
    response = client.post(page_of(item), form_of(client, item) | {"dated": "last autumn"})
    assert response.status_code == 200
    assert "last autumn" in response.content.decode()
    assert Item.objects.get(pk=item.pk).dated == "1961-09"


def test_a_new_item_is_a_draft_of_the_archivists_house(archivist, rts, signed_in):
    data = {
        "identifier": "NEW-1", "broadcaster": str(rts.pk), "category": "news", "asset_type": "clip", "title_en": "New",
        "access": "house", "rights_statement": "CNE", "dated": "",
    }  # fmt: skip
    response = signed_in(archivist).post(reverse("admin:archive_item_add"), data)
    assert response.status_code == 302, re.findall(r"errorlist.*?</ul>", response.content.decode(), re.S)
    item = Item.objects.get()
    assert (item.status, item.broadcaster, item.created_by) == ("draft", rts, archivist)


def test_publishing_and_withdrawing_ask_first(archivist, partner, rts, module, signed_in):
    item = make_item(rts, status="draft")
    client = signed_in(archivist)
    publish = reverse("admin:archive_item_publish", args=[item.pk])
    withdraw = reverse("admin:archive_item_withdraw", args=[item.pk])
    assert client.get(publish).status_code == 200
    assert Item.objects.get().status == "draft"
    client.post(publish, {})
    assert Item.objects.get().status == "published"
    assert signed_in(partner).get(publish).status_code == 403
    client.post(withdraw, {"reason": "wrong reel"})
    assert Item.objects.get().status == "withdrawn"


def test_a_stretch_is_marked_changed_and_taken_away(archivist, rts, signed_in):
    item = make_item(rts)
    client = signed_in(archivist)
    address = reverse("admin:archive_item_segments", args=[item.pk])
    answer = client.post(
        address, {"deed": "save", "in_frame": "25", "out_frame": "75", "title_kk": "Көпір", "segment": "", "at": "30"}
    )
    assert answer.url == f"{page_of(item)}?at=30#viewer"
    segment = Segment.objects.get()
    assert (segment.in_frame, segment.out_frame, segment.title_kk) == (25, 75, "Көпір")
    client.post(address, {"deed": "save", "in_frame": "30", "out_frame": "75", "segment": str(segment.uid)})
    segment.refresh_from_db()
    assert (segment.in_frame, segment.title_kk) == (30, "Көпір")
    client.post(address, {"deed": "delete", "segment": str(segment.uid)})
    assert not Segment.objects.exists()


@pytest.mark.parametrize("frames", [("75", "25"), ("", "5"), ("-1", "5"), ("1", "x"), ("٣", "9")])
def test_a_stretch_without_length_is_refused_with_a_message(archivist, rts, signed_in, frames):
    item = make_item(rts)
    address = reverse("admin:archive_item_segments", args=[item.pk])
    answer = signed_in(archivist).post(address, {"in_frame": frames[0], "out_frame": frames[1]}, follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not Segment.objects.exists()


def test_nobody_but_the_house_marks_and_no_viewer_of_it_either(partner, rts, module, signed_in):
    item = make_item(rts)
    address = reverse("admin:archive_item_segments", args=[item.pk])
    for user in (partner, make_user(rts, role=Role.VIEWER)):
        signed_in(user).post(address, {"in_frame": "1", "out_frame": "9"})
    assert not Segment.objects.exists()


def test_a_segment_of_another_item_is_not_changed_through_this_one(archivist, rts, signed_in):
    item, other = make_item(rts), make_segment(make_item(rts))
    address = reverse("admin:archive_item_segments", args=[item.pk])
    answer = signed_in(archivist).post(address, {"deed": "delete", "segment": str(other.uid)})
    assert answer.status_code == 404
    assert Segment.objects.filter(pk=other.pk).exists()


def test_subtitles_are_shown_as_webvtt_in_the_readers_script(archivist, partner, rts, module, signed_in):
    item = make_item(rts)
    text = TimedText.objects.create(item=item, kind="subtitles", language="sr", cues=[[0, 1500, "Добар дан"]])
    address = reverse("admin:archive_item_cues", args=[item.pk, text.uid])
    client = signed_in(partner)
    for language, words in (("sr", "Добар дан"), ("sr-latn", "Dobar dan")):
        client.cookies["django_language"] = language
        answer = client.get(address)
        assert answer.headers["Content-Type"].startswith("text/vtt")
        assert words in answer.content.decode()
    Item.objects.filter(pk=item.pk).update(access="house")
    assert client.get(address).status_code == 404


def test_the_list_finds_words_and_narrows_by_facets(archivist, rts, signed_in):
    from archive.search import ITEM
    from mediaexchange.core.search.indexing import refresh

    flags = make_item(rts, title_en="Flags on the bridge", title_sr="Заставе", dated="1961-09")
    other = make_item(rts, title_en="Snow", title_sr="Снег", dated="1944-10/1944-11", category="news")
    TimedText.objects.create(item=other, kind="subtitles", language="en", cues=[])
    refresh(ITEM, [flags.pk, other.pk])
    client = signed_in(archivist)
    for query, found, not_found in (
        ({"q": "zastave"}, flags, other),
        ({"category": "news"}, other, flags),
        ({"decade": "1960"}, flags, other),
        ({"decade": "1940"}, other, flags),
        ({"has_subtitles": "true"}, other, flags),
        ({"has_subtitles": "false"}, flags, other),
        ({"holder": "rts", "category": "news"}, other, flags),
        ({"fixity": "no-file", "decade": "1940"}, other, flags),
    ):
        text = client.get(list_of("item"), query).content.decode()
        assert page_of(found) in text, query
        assert page_of(not_found) not in text, query


def test_facets_count_what_the_list_shows_and_lead_to_less(archivist, rts, signed_in):
    for number in range(2):
        make_item(rts, dated="1961-09", title_en=f"Flags {number}")
    make_item(rts, dated="1944", category="news")
    client = signed_in(archivist)
    facets = dict(client.get(list_of("item"), {"decade": "1960"}).context_data["facets"])
    (category,) = facets[TITLES["category"]]
    assert (category.count, category.is_chosen) == ("2", False)
    (decade,) = facets[TITLES["decade"]]
    assert decade.is_chosen
    assert client.get(list_of("item") + decade.address).context_data["cl"].result_count == 3
    assert client.get(list_of("item") + category.address).context_data["cl"].result_count == 2


@pytest.mark.parametrize(
    ("language", "rate", "loudness"), [("en", "29.970", "-23.4 LUFS"), ("sr", "29,970", "-23,4 LUFS")]
)
def test_technical_figures_have_the_readers_decimal_separator(archivist, rts, signed_in, language, rate, loudness):
    item = make_item(rts)
    make_instantiation(item).tracks.create(
        position=0, kind="video", codec="h264", rate_numerator=30000, rate_denominator=1001, loudness_lufs="-23.4"
    )
    client = signed_in(archivist)
    client.cookies["django_language"] = language
    page = client.get(page_of(item)).content.decode()
    assert f"30000/1001 (≈ {rate})" in page
    assert loudness in page
