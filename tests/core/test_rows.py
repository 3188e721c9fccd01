import pytest

from mediaexchange.core.models import OutboxEvent
from mediaexchange.core.rows import insert_rows, new_row, update_rows
from newsexchange.models import Edition, Story, StoryVersion
from tests.factories import make_broadcaster, make_story

RANDOM = {"uid", "_state"}


@pytest.mark.parametrize("model", [Story, Edition, StoryVersion, OutboxEvent])
def test_a_row_made_without_its_constructor_is_the_same_row(db, model):
    made, usual = new_row(model), model()
    assert {name: value for name, value in made.__dict__.items() if name not in RANDOM} == {
        name: value for name, value in usual.__dict__.items() if name not in RANDOM
    }
    assert made._state.adding
    assert made._state is not new_row(model)._state


def test_rows_share_no_list_and_no_identity(db):
    one, other = new_row(Story, headline_sr="Снег"), new_row(Story)
    one.keywords.append("снег")
    one.source_said["own"] = {}
    assert (other.keywords, other.source_said, other.headline_sr) == ([], {}, None)
    assert one.uid != other.uid


def test_rows_are_inserted_in_order_with_what_the_database_adds_and_bytes_as_the_json_they_are(db):
    story = make_story()
    versions = [
        new_row(StoryVersion, story_id=story.pk, version=number, snapshot=b'{"headline_sr":"\xd0\xa1"}', note="100 %s")
        for number in (7, 8)
    ]
    insert_rows(versions)
    stored = StoryVersion.objects.filter(version__gte=7).order_by("pk")
    assert [(row.pk, row.version, row.snapshot, row.note) for row in stored] == [
        (version.pk, version.version, {"headline_sr": "С"}, "100 %s") for version in versions
    ]
    assert all(row.published_at for row in stored)


def test_only_the_named_columns_are_written(db):
    story = make_story(make_broadcaster("rts"))
    story.slugline, story.credit = "written", "not written"
    update_rows([story], ["slugline"])
    story.refresh_from_db()
    assert (story.slugline, story.credit) == ("written", "")
