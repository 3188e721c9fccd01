from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mediaexchange.core.languages.serbian import to_latin
from newsexchange.models import NearDuplicate, Story
from newsexchange.parsing.base import Entry, ParsedDocument
from newsexchange.services.duplicates import link_near_duplicates
from newsexchange.services.ingest import ingest_entries
from newsexchange.similarity import distance, folded, signature_of
from tests.factories import make_feed, make_story, offer

TEXT = (
    "Народна библиотека у Београду отворила је данас нову читаоницу за студенте и истраживаче, саопштено је из те "
    "установе. Читаоница има двеста места, ради сваког дана до поноћи и опремљена је рачунарима. Министарство културе "
    "обезбедило је новац за обнову зграде, а радови су трајали две године. Прве вечери дошло је више од триста "
    "читалаца, рекла је управница и позвала грађане да се учлане бесплатно до краја месеца."
    " Биће отворена и летња башта."
)
OTHER = (
    "Фудбалери градског тима победили су синоћ на гостовању после велике борбе и преокрета у другом полувремену. "
    "Стрелац одлучујућег гола био је млади нападач који је ушао са клупе, а тренер је похвалио целу екипу за залагање. "
    "Следећу утакмицу играју за недељу дана пред својим навијачима, када стиже првак државе са три победе заредом."
)


def test_folding_ignores_script_marks_and_case():
    assert folded("Танјуг") == folded("TANJUG") == "tanjug"
    assert folded("Ђоковић") == folded("Đoković") == folded("Djokovic")


def test_a_signature_survives_script_and_small_edits_and_tells_texts_apart():
    edited = TEXT.replace("триста", "четиристо")
    assert signature_of(TEXT) == signature_of(to_latin(TEXT))
    assert distance(signature_of(TEXT), signature_of(edited)) <= 6
    assert distance(signature_of(TEXT), signature_of(OTHER)) > 15
    assert signature_of("Само неколико речи") == 0


def bring(feed, *entries):
    document = ParsedDocument(
        "rss", tuple(Entry(guid=guid, headline="Вест", body=f"<p>{text}</p>") for guid, text in entries)
    )
    ingest_entries(feed, document)


@pytest.mark.django_db
def test_near_duplicates_across_feeds_are_linked_and_versions_within_one_are_not(rts, ptrc):
    bring(make_feed(rts), ("a", TEXT), ("b", TEXT + " Улаз је слободан."), ("c", OTHER))
    bring(make_feed(ptrc), ("x", to_latin(TEXT)))
    assert link_near_duplicates() == 4
    assert link_near_duplicates() == 0
    first, later = Story.objects.get(source_guid="a"), Story.objects.get(source_guid="x")
    pairs = set(NearDuplicate.objects.values_list("story__source_guid", "other__source_guid"))
    assert ("x", "a") in pairs
    assert pairs <= {("x", "a"), ("x", "b")}
    assert NearDuplicate.objects.get(story=later, other=first).distance == 0


@pytest.mark.django_db
def test_a_text_that_changes_is_compared_again(rts, ptrc):
    one, other = make_feed(rts), make_feed(ptrc)
    bring(one, ("a", TEXT))
    bring(other, ("x", TEXT))
    link_near_duplicates()
    assert NearDuplicate.objects.count() == 1
    bring(other, ("x", OTHER))
    assert link_near_duplicates() == 1
    assert NearDuplicate.objects.count() == 0


@pytest.mark.django_db
def test_what_is_more_than_a_week_apart_is_not_linked(rts, ptrc):
    bring(make_feed(rts), ("a", TEXT))
    Story.objects.update(published_at=timezone.now() - timedelta(days=8))
    bring(make_feed(ptrc), ("x", TEXT))
    link_near_duplicates()
    assert NearDuplicate.objects.count() == 0


@pytest.mark.django_db
def test_neighbours_are_found_by_an_index(rts):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM newsexchange_story AS other WHERE ((other.signature >> 16) & 65535) = 77"
            " AND other.signature IS NOT NULL AND NOT (other.signature = 0)"
        )
        assert "newsexchange_story_band16" in str(cursor.fetchall())


@pytest.mark.django_db
def test_only_who_sees_both_stories_learns_that_they_are_alike(belgrade, astana, rts, ptrc):
    ours = make_story(rts, body_sr=f"<p>{TEXT}</p>")
    theirs = make_story(ptrc, body_sr=f"<p>{TEXT}</p>")
    offer(ours, ptrc)
    link_near_duplicates()
    found = astana.get(f"stories/{ours.uid}/near-duplicates/").json()
    assert found == [{"story": str(theirs.uid), "broadcaster": "ptrc", "distance": 0, "is_earlier": False}]
    assert belgrade.get(f"stories/{ours.uid}/near-duplicates/").json() == []
    assert belgrade.get(f"stories/{theirs.uid}/near-duplicates/").status_code == 404
