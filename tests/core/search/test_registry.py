"""A new type is one small class: what the recipe in CONTRIBUTING says, on channels."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pytest

from broadcasters.models import Channel
from mediaexchange.core.languages.localize import resolve_field
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import SearchEntry, User
from mediaexchange.core.search.indexing import refresh_record
from mediaexchange.core.search.rebuilding import check, rebuild
from mediaexchange.core.search.registry import (
    Document,
    SearchType,
    Shown,
    Text,
    Wanted,
    register,
    type_named,
    types_for,
    unregister,
)
from mediaexchange.core.search.results import search
from tests.factories import make_broadcaster, make_channel, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def channels():
    @register
    class ChannelSearch(SearchType):
        key = "channel"
        model = Channel
        icon = "tv"
        resource = "broadcasters"
        route = "api:channel-detail"
        route_field = "slug"

        def objects(self, ids: Collection[int]) -> Sequence[Any]:
            return list(Channel.objects.filter(pk__in=ids))

        def describe(self, record: Channel) -> Iterable[Document]:
            names = ((language, getattr(record, f"name_{language}") or "") for language in STORED)
            yield Document(record.pk, "", tuple(Text("A", name, language) for language, name in names if name))

        def shown(self, wanted: Sequence[Wanted], reader: User, language: str) -> dict[int, Shown]:
            rows = Channel.objects.visible_to(reader).filter(pk__in=[each.object_id for each in wanted])
            named = ((row, resolve_field(row, "name", language)) for row in rows)
            return {row.pk: Shown(str(row.uid), row.slug, name.text, (), name.language) for row, name in named}

    yield type_named("channel")
    unregister("channel")


def test_a_registered_type_is_indexed_found_shown_and_checked(channels):
    channel = make_channel(make_broadcaster("rts"), slug="first", name_en="Radio Danube", name_sr="Радио Дунав")
    assert list(check(channels))[-1].wrong == 1
    refresh_record(channel)
    assert list(check(channels))[-1].wrong == 0
    SearchEntry.objects.all().delete()
    list(rebuild(channels))
    reader = make_user(make_broadcaster("ptrc"))
    (found,) = search("dunav", reader, types_for(reader), language="sr-latn").results
    assert (found.type, found.url, found.marked_title) == (
        "channel", "/api/v1/channels/first/", "Radio <mark>Dunav</mark>",
    )  # fmt: skip
    assert search("dunav", make_user(), types_for(reader), language="sr-latn").results == ()


def test_without_its_type_an_entry_is_nothing(channels):
    refresh_record(make_channel(make_broadcaster("rts"), name_en="Radio Danube"))
    reader = make_user(make_broadcaster("ptrc"))
    others = [each for each in types_for(reader) if each.key != "channel"]
    assert search("danube", reader, others, language="en").count == 0


def test_entries_that_a_type_left_behind_are_nothing(channels):
    refresh_record(make_channel(make_broadcaster("rts"), name_en="Radio Danube"))
    reader = make_user(make_broadcaster("ptrc"))
    unregister("channel")
    try:
        assert search("danube", reader, types_for(reader), language="en").count == 0
    finally:
        register(type(channels))
