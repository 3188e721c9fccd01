"""Validation: every rule finds what it is about, the status follows changes, and what is missing is listed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from archive.models import Item, PreservationEvent, Series
from archive.services.fixity import keep_fixity
from archive.services.validation import (
    items_with_missing_parts,
    series_with_missing_items,
    validate_due,
    validate_items,
)
from archive.validation import BY_CODE, RULES, told_reason
from tests.archive.catalogue import make_full_item
from tests.archive.factories import make_instantiation, make_item, make_media_file

pytestmark = pytest.mark.django_db


def complete(house, **fields):
    """An item that no rule finds fault with."""
    item = make_item(
        house,
        **{"description_sr": "Опис", "speech_languages": ["sr"], "rights_statement": "InC", "title_sr": "Ролна"}
        | fields,
    )
    make_instantiation(item, location="Shelf 1")
    return item


def looked_at(item):
    validate_items([item.pk])
    item.refresh_from_db()
    return item.validation, [reason["code"] for reason in item.validation_reasons]


def test_an_item_with_all_it_needs_is_complete(rts):
    assert looked_at(complete(rts)) == ("complete", [])


@pytest.mark.parametrize(
    ("fields", "code", "status"),
    [
        ({"description_sr": "", "description_en": ""}, "description-missing", "incomplete"),
        ({"dated": ""}, "date-missing", "incomplete"),
        ({"speech_languages": []}, "language-missing", "incomplete"),
        ({"rights_statement": "CNE"}, "rights-not-evaluated", "incomplete"),
        ({"topics": ["medtop:99999999"]}, "topic-unknown", "wrong"),
        ({"expected_children": 2}, "children-missing", "incomplete"),
    ],
)
def test_each_rule_says_what_is_missing(rts, fields, code, status):
    assert looked_at(complete(rts, **fields)) == (status, [code])


def test_a_title_is_asked_for_in_a_language_that_the_house_works_in(rts):
    rts.working_languages = ["sr-Cyrl"]
    rts.save()
    assert looked_at(complete(rts, title_sr="", title_en="Reel"))[1] == ["title-missing"]
    assert looked_at(complete(rts))[1] == []


def test_nothing_is_broadcast_before_it_was_recorded(rts):
    item = complete(rts)
    item.dates.create(kind="recorded", dated="1962")
    item.dates.create(kind="broadcast", dated="1961-05")
    assert looked_at(item) == ("wrong", ["dates-contradictory"])
    item.dates.filter(kind="recorded").update(dated="1961", dated_first="1961-01-01", dated_last="1961-12-31")
    assert looked_at(item) == ("complete", [])


def test_masters_and_places_of_carriers_are_asked_for(rts):
    item = complete(rts)
    item.instantiations.update(generation="copy", location="")
    assert looked_at(item) == ("incomplete", ["master-missing", "location-missing"])


def test_a_damaged_file_makes_its_item_wrong_until_it_is_whole_again(rts):
    item = complete(rts)
    file = make_media_file(rts)
    make_instantiation(item, file=file)
    assert looked_at(item) == ("complete", [])
    keep_fixity(file, "")
    item.refresh_from_db()
    assert item.validation == "unchecked", "the check makes it due"
    assert looked_at(item) == ("wrong", ["file-damaged"])
    keep_fixity(file, file.sha256)
    assert looked_at(item) == ("complete", [])
    assert PreservationEvent.objects.filter(file=file, kind="fixity check").count() == 2


def test_whatever_changes_an_item_makes_it_due_and_harvesters_hear_nothing_of_the_looking(rts):
    item = complete(rts)
    assert validate_due() is False
    changed_at = Item.objects.get().changed_at
    assert Item.objects.get().validation == "complete"
    item.titles.create(kind="working", text="x", language="en")
    assert Item.objects.get().validation == "unchecked"
    after = Item.objects.get().changed_at
    assert after > changed_at
    validate_due()
    assert Item.objects.get().validation == "complete"
    assert Item.objects.get().changed_at == after
    Item.objects.update(dated="")
    assert Item.objects.get().validation == "unchecked"


def test_a_whole_is_looked_at_again_when_its_part_comes(rts):
    whole = complete(rts, expected_children=1)
    assert looked_at(whole)[1] == ["children-missing"]
    part = complete(rts, parent=whole)
    validate_items([part.pk])
    whole.refresh_from_db()
    assert whole.validation == "complete"
    complete(rts, parent=whole)
    assert looked_at(whole) == ("wrong", ["children-too-many"])


def test_missing_parts_and_episodes_are_listed_the_emptiest_first(rts, ptrc):
    few, none = make_item(rts, expected_children=2), make_item(rts, expected_children=5)
    make_item(rts, parent=few)
    make_item(rts, expected_children=1, identifier="full")
    make_item(rts, parent=Item.objects.get(identifier="full"))
    found = [(item.pk, item.there, item.missing) for item in items_with_missing_parts(Item.objects.all())]
    assert found == [(none.pk, 0, 5), (few.pk, 1, 1)]
    series = Series.objects.create(broadcaster=rts, slug="s", name_en="Serial", expected_items=3)
    make_item(rts, series=series)
    Series.objects.create(broadcaster=ptrc, slug="t", name_en="Talk", expected_items=0)
    assert [(each.slug, each.missing) for each in series_with_missing_items(Series.objects.all())] == [("s", 2)]


def test_any_number_of_items_is_looked_at_in_the_same_number_of_queries(rts, django_assert_max_num_queries):
    for _number in range(4):
        make_full_item(rts)
    with django_assert_max_num_queries(20):
        validate_items(list(Item.objects.values_list("pk", flat=True)))


def test_every_reason_has_words():
    assert len(BY_CODE) == len(RULES)
    assert told_reason({"code": "children-missing", "expected": 3, "there": 1}) == (
        "Parts that are expected are missing. (1 of 3)"
    )
    assert "medtop:99" in told_reason({"code": "topic-unknown", "topics": ["medtop:99"]})
    assert told_reason({"code": "of-tomorrow"}) == "of-tomorrow"


def test_the_command_counts_what_it_finds(rts, ptrc):
    complete(rts), make_item(rts, dated=""), make_item(ptrc)
    out = StringIO()
    call_command("validate_catalogue", broadcaster="rts", stdout=out)
    said = out.getvalue()
    assert "complete: 1" in said
    assert "date-missing: 1" in said
    assert Item.objects.get(broadcaster=ptrc).validation == "unchecked"
    with pytest.raises(CommandError):
        call_command("validate_catalogue", broadcaster="nobody")
