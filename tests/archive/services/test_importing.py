"""Import of catalogue documents: preview, refusals with reasons, repeating, conflicts."""

import pytest
from django.db import DataError, IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from archive.catalogue import values_of, with_parts
from archive.formats.registry import DOCUMENTS
from archive.import_words import told
from archive.models import Item, ItemDescription, Track
from archive.services import importing
from archive.services.importing import apply_import, discard_import, read_import, receive_import, run_import
from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, ForbiddenError
from mediaexchange.core.search import analysis
from tests.archive.catalogue import actions, codes, imported, loaded, make_full_item, make_person, read
from tests.archive.factories import make_collection, make_item
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["pbcore", "ebucore", "csv", "xlsx"])
def test_what_is_exported_imports_again_without_any_change(name, rts):
    first, second = make_full_item(rts), make_full_item(rts, parent=make_item(rts))
    done = read(DOCUMENTS[name].render(loaded(first, second)), rts)
    assert (done.status, done.format) == ("preview", name)
    assert [(row.action, row.changes, codes(row)) for row in done.rows.all()] == [("unchanged", {}, [])] * 2


@pytest.mark.parametrize("name", ["pbcore", "ebucore", "csv", "xlsx"])
def test_an_exported_item_is_made_anew_in_another_house(name, rts, ptrc):
    item = make_full_item(rts)
    payload = DOCUMENTS[name].render(loaded(item))
    if name in ("csv", "xlsx"):
        refused = read(payload, ptrc).rows.get()
        assert (refused.action, codes(refused)[0]) == ("refuse", "uid-unknown")
        return
    done = imported(payload, ptrc)
    made = with_parts(Item.objects.filter(broadcaster=ptrc)).get()
    ours, theirs = values_of(loaded(item)[0].item), values_of(made)
    for field in ("title_sr", "title_kk", "dated", "genres", "topics", "subjects", "credits", "places", "dates",
                  "speech_languages", "rights_statement", "credit_line", "category", "expected_children"):  # fmt: skip
        assert theirs[field] == ours[field], field
    assert [row["format"] for row in theirs["instantiations"]] == ["35 mm film", "image/png"]
    assert len(theirs["instantiations"][1]["tracks"]) == 2
    assert "collection-unknown" in codes(done.rows.get())
    again = imported(payload, ptrc)
    assert actions(again) == ["unchanged"], again.rows.get().changes


def csv_of(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(lines).encode(encoding)


def test_a_table_changes_only_the_columns_it_has_and_says_what(rts):
    item = make_item(rts, identifier="A-1", dated="1961", description_en="Kept", credit_line="RTS")
    done = read(csv_of("identifier,title_en,dated,credit_line", "A-1,A new title,1961-09,"), rts)
    row = done.rows.get()
    assert row.changes == {
        "title_en": [item.title_en, "A new title"], "dated": ["1961", "1961-09"], "credit_line": ["RTS", ""],
    }  # fmt: skip
    item.refresh_from_db()
    assert item.dated == "1961", "a preview writes nothing"
    applied(done)
    item.refresh_from_db()
    assert (item.title_en, item.dated, item.description_en, item.credit_line) == ("A new title", "1961-09", "Kept", "")
    assert str(item.dated_first) == "1961-09-01"
    assert item.version == 2


def applied(done):
    apply_import(done, actor=None)
    return run_import(done.pk)


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("Инвентарни број;Наслов;Датум;Збирка", "cp1251"),
        ("Inventarni broj;Naslov;Datum;Zbirka", "utf-8"),
        ("Инвентарный номер\tНаслов\tДата\tФонд", "utf-16"),
        ("Түгендеу нөмірі;title_sr;Күні;Қор", "utf-8-sig"),
    ],
)
def test_headers_encodings_and_delimiters_of_all_houses_are_understood(rts, header, encoding):
    make_collection(rts, slug="filmske-novosti", name_sr="Филмске новости", name_en="Newsreels")
    mark = "\t" if "\t" in header else ";"
    line = mark.join(["Ф-12", "Дочек на железничкој станици у Београду", "12. 9. 1961.", "Filmske novosti"])
    imported(csv_of("Каталог архива", "", header, line, encoding=encoding), rts)
    item = Item.objects.get(identifier="Ф-12")
    assert item.title_sr == "Дочек на железничкој станици у Београду"
    assert item.dated == "1961-09-12"
    assert item.collection.slug == "filmske-novosti"
    assert (item.status, item.access) == ("draft", "house")


def test_serbian_in_latin_letters_is_stored_in_cyrillic(rts):
    imported(csv_of("identifier,title_sr,description_sr", "L-1,Doček u Beogradu,Njegova ljubav"), rts)
    item = Item.objects.get(identifier="L-1")
    assert (item.title_sr, item.description_sr) == ("Дочек у Београду", "Његова љубав")
    assert actions(imported(csv_of("identifier,title_sr", "L-1,Doček u Beogradu"), rts)) == ["unchanged"]


def test_every_row_that_cannot_be_taken_says_why_and_the_others_are_taken(rts):
    make_item(rts, identifier="OLD")
    done = imported(
        csv_of(
            "identifier,title_en,category,dated,expected_children,credits,topics",
            "A,Good,news,1961,2,camera=Petar,medtop:20000038",
            ",No identifier,news,,,,",
            "B,,news,,,,",
            "C,Bad category,dance,,,,",
            "D,Bad date,news,someday,,,",
            "E,Bad number,news,,many,,",
            "F,Bad role,news,,,juggler=Petar,",
            "A,Twice,news,,,,",
            f"{'x' * 101},Long,news,,,,",
            "OLD,Fine,news,,,,sport",
        ),
        rts,
    )
    rows = list(done.rows.order_by("position"))
    reasons = {row.position: codes(row)[0] for row in rows if row.action == "refuse"}
    assert reasons == {
        3: "identifier-missing", 4: "title-missing", 5: "bad-value", 6: "bad-value", 7: "bad-value", 8: "bad-value",
        9: "identifier-twice", 10: "identifier-too-long",
    }  # fmt: skip
    assert [row.action for row in rows if row.action != "refuse"] == ["create", "update"]
    old = Item.objects.get(identifier="OLD")
    assert old.subjects == ["sport"], "no Media Topic, so a subject"
    assert codes(rows[-1]) == ["topic-unknown"]
    assert done.rows.get(position=7).problems[0]["value"] == "many"


def test_nothing_of_an_unknown_column_is_lost(rts):
    payload = csv_of("identifier,title_en,Shelf colour,status", "A-1,Reel,red,published")
    done = imported(payload, rts)
    item = Item.objects.get(identifier="A-1")
    assert [(row.kind, row.language, row.text) for row in item.descriptions.all()] == [
        ("note", "und", "Shelf colour: red")
    ]
    assert item.status == "draft"
    assert set(codes(done.rows.get())) >= {"kept-as-note", "not-imported", "category-guessed"}
    assert "column-unknown: Shelf colour" in done.detail
    assert actions(imported(payload, rts)) == ["unchanged"]


def test_people_are_linked_only_where_one_alone_bears_the_name(rts):
    make_person("kassym-jomart-tokayev", name_en="Kassym-Jomart Tokayev", name_ru="Касым-Жомарт Токаев", name_sr="")
    make_person("petar-petrovic-1", name_sr="Петар Петровић", name_en="")
    make_person("petar-petrovic-2", name_sr="Петар Петровић", name_en="")
    line = "P-1,Visit,depicted=Касым-Жомарт Токаев|camera=Petar Petrović|sound=Nobody Known"
    done = imported(csv_of("identifier,title_en,credits", line), rts)
    credits = [(row.role, row.person.slug if row.person else "", row.name) for row in Item.objects.get().credits.all()]
    assert credits == [
        ("depicted", "kassym-jomart-tokayev", ""), ("camera", "", "Petar Petrović"), ("sound", "", "Nobody Known"),
    ]  # fmt: skip
    assert "person-ambiguous" in codes(done.rows.get())


def test_a_bare_name_stays_bare_when_the_item_is_exported_and_imported_again(rts):
    item = make_item(rts)
    item.credits.create(name="Јован Петровић", role="camera")
    make_person()
    for name in ("csv", "pbcore"):
        assert actions(read(DOCUMENTS[name].render(loaded(item)), rts)) == ["unchanged"]


def test_parts_of_a_whole_may_come_in_any_order(rts):
    lines = ["identifier,title_en,parent", "P-2,Second part,W-1", "W-1,The whole,", "P-1,First part,W-1", "X,Lost,NONE"]
    done = imported(csv_of(*lines), rts)
    whole = Item.objects.get(identifier="W-1")
    assert set(whole.children.values_list("identifier", flat=True)) == {"P-1", "P-2"}
    assert codes(done.rows.get(identifier="X"))[0] == "bad-value"
    around = imported(csv_of("identifier,parent", "W-1,P-1"), rts)
    whole.refresh_from_db()
    assert whole.parent is None, "nothing is a part of itself"
    assert "parent-unknown" in codes(around.rows.get())


def test_what_was_changed_after_the_preview_is_refused_and_nothing_else(rts):
    make_item(rts, identifier="A", title_en="Before"), make_item(rts, identifier="B", title_en="Before")
    done = read(csv_of("identifier,title_en", "A,After", "B,After", "C,New", "D,New"), rts)
    Item.objects.filter(identifier="A").update(title_en="Somebody else's")
    Item.objects.filter(identifier="B").update(dated="1999")
    make_item(rts, identifier="D", title_en="Made meanwhile")
    assert applied(done) == 2
    assert dict(Item.objects.values_list("identifier", "title_en")) == {
        "A": "Somebody else's", "B": "After", "C": "New", "D": "Made meanwhile",
    }  # fmt: skip
    refused = done.rows.filter(action="refuse").order_by("position")
    assert [(row.identifier, codes(row)[0]) for row in refused] == [
        ("A", "changed-meanwhile"),
        ("D", "changed-meanwhile"),
    ]


def test_an_import_that_was_killed_in_the_middle_goes_on_where_it_was(rts, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 3)
    lines = [f"K-{number},Reel {number}" for number in range(10)]
    done = read(csv_of("identifier,title_en", *lines), rts)
    apply_import(done, actor=None)
    write, calls = importing.write_changes, []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(*args, **kwargs)

    monkeypatch.setattr(importing, "write_changes", dying)
    with pytest.raises(KeyboardInterrupt):
        run_import(done.pk)
    assert Item.objects.count() == 6, "whole batches and nothing else"
    assert run_import(done.pk) == 4
    assert run_import(done.pk) == 0
    assert Item.objects.count() == 10
    done.refresh_from_db()
    assert done.status == "applied"
    assert not Item.objects.filter(validation="unchecked").exists()


def test_a_batch_is_written_in_the_same_number_of_statements_however_large(rts, monkeypatch):
    counts = []
    for first, number in (("S", 2), ("L", 40)):
        lines = [f"{first}{each},Reel {each},camera=Somebody {each},Tape={each}" for each in range(number)]
        done = read(csv_of("identifier,title_en,credits,identifiers", *lines), rts)
        apply_import(done, actor=None)
        monkeypatch.setattr(analysis, "_known", {})  # both ask for the stems of all of their words
        with CaptureQueriesContext(connection) as queries:
            run_import(done.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_documents_that_are_no_catalogue_are_refused_with_a_reason(rts):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><pbcoreCollection>&b;</pbcoreCollection>'
    external = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><pbcoreCollection>&a;</pbcoreCollection>'
    cases = {
        b"\x89PNG\r\n\x1a\n\0\0\0": "unknown-format",
        b"hello world": "no-header",
        b"identifier,title_en\r\n": "no-records",
        b"<html><body>no</body></html>": "unknown-format",
        b"<rss><channel/></rss>": "unknown-format",
        b"PK\x03\x04 not a workbook": "not-well-formed",
        bomb: "hostile",
        external: "hostile",
        b"<a>" * 70 + b"</a>" * 70: "hostile",
        b"identifier,title_en\r\n\x00\x01,x": "unknown-format",
    }
    for payload, code in cases.items():
        done = read(payload, rts)
        assert (done.status, done.error) == ("refused", code), payload[:40]
        assert told(code) != code


def test_only_those_who_may_import_and_only_for_their_house(rts, ptrc):
    archivist, editor = make_user(rts, Role.ARCHIVIST), make_user(rts, Role.EDITOR)
    payload = csv_of("identifier,title_en", "A,Reel")
    for actor, house in ((editor, rts), (archivist, ptrc)):
        with pytest.raises(ForbiddenError):
            receive_import(payload, broadcaster=house, actor=actor)
    done = receive_import(payload, broadcaster=rts, actor=archivist)
    with pytest.raises(ConflictError):
        apply_import(done, actor=archivist)
    read_import(done.pk)
    with pytest.raises(ForbiddenError):
        apply_import(done, actor=editor)
    discard_import(done, actor=archivist)
    with pytest.raises(ConflictError):
        apply_import(done, actor=archivist)


def test_a_worker_reads_and_writes_what_waits(rts):
    first = receive_import(csv_of("identifier,title_en", "A,Reel"), broadcaster=rts, actor=None)
    importing.work_on_imports()
    apply_import(first, actor=None)
    importing.work_on_imports()
    first.refresh_from_db()
    assert (first.status, Item.objects.get().identifier) == ("applied", "A")


@pytest.mark.parametrize("name", ["pbcore", "ebucore"])
def test_measures_that_cannot_be_are_kept_as_notes(name, rts, ptrc):
    payload = DOCUMENTS[name].render(loaded(make_full_item(rts))).decode()
    attribute = '<technicalAttributeString typeLabel="channels">'
    payload = payload.replace("<channels>2</channels>", f"{attribute}2</technicalAttributeString>")
    for right, wrong in ((">2<", ">-2<"), (">-23.1<", ">--23.1<"), (">-1.5<", ">-1.4<")):
        assert payload.count(right) == 1
        payload = payload.replace(right, wrong)
    done = imported(payload.encode(), ptrc)
    sound = Track.objects.get(kind="audio", instantiation__item__broadcaster=ptrc)
    assert (sound.channels, sound.loudness_lufs, str(sound.true_peak_dbtp)) == (None, None, "-1.4")
    assert "number-unreadable" in codes(done.rows.get())
    notes = "\n".join(ItemDescription.objects.filter(kind="note").values_list("text", flat=True))
    assert "channels: -2" in notes
    assert "--23.1" in notes


@pytest.mark.parametrize("error", [IntegrityError, DataError, ValueError])
def test_an_import_that_breaks_its_worker_is_refused_and_holds_up_no_other(rts, ptrc, monkeypatch, error):
    first, second = (read(csv_of("identifier,title_en", "A,Reel"), house) for house in (rts, ptrc))
    for each in (first, second):
        apply_import(each, actor=None)
    write = importing.write_changes

    def breaking(changed, house, **options):
        if house == rts:
            raise error
        return write(changed, house, **options)

    monkeypatch.setattr(importing, "write_changes", breaking)
    importing.work_on_imports()
    first.refresh_from_db()
    assert (first.status, first.error, first.detail) == ("refused", "bad-value", f"internal: {error.__name__}")
    assert Item.objects.get().broadcaster == ptrc
    discard_import(first, actor=None)


PBCORE = """<?xml version="1.0" encoding="windows-1251"?>
<soap:Envelope xmlns:soap="urn:x" xmlns:p="http://www.pbcore.org/PBCore/PBCoreNamespace.html"><soap:Body>
<p:pbcoreDescriptionDocument>
 <p:pbcoreInstantiation><p:instantiationLocation>Полица 4</p:instantiationLocation>
  <p:instantiationGenerations>Original Negative</p:instantiationGenerations></p:pbcoreInstantiation>
 <p:pbcoreTitle>Дочек председника на железничкој станици</p:pbcoreTitle>
 <p:pbcoreContributor><p:contributor affiliation="РТС">Петар П.</p:contributor></p:pbcoreContributor>
 <p:pbcoreAudienceRating>Г</p:pbcoreAudienceRating>
 <p:pbcoreAssetDate>не зна се тачно кад</p:pbcoreAssetDate>
 <p:pbcoreIdentifier>Ф-77</p:pbcoreIdentifier>
</p:pbcoreDescriptionDocument>
<p:pbcoreDescriptionDocument><p:pbcoreTitle>Без ознаке</p:pbcoreTitle></p:pbcoreDescriptionDocument>
</soap:Body></soap:Envelope>"""


def test_real_archives_disorder_is_read_and_nothing_of_it_is_lost(rts):
    done = imported(PBCORE.encode("cp1251"), rts)
    item = with_parts(Item.objects.filter(identifier="Ф-77")).get()
    assert item.title_sr == "Дочек председника на железничкој станици"
    notes = [row.text for row in item.descriptions.all()]
    assert notes == ["pbcoreAudienceRating: Г", "dated: не зна се тачно кад"]
    assert [(row.name, row.role, row.note) for row in item.credits.all()] == [("Петар П.", "other", "РТС")]
    carrier = item.instantiations.get()
    assert (carrier.generation, carrier.location) == ("original", "Полица 4")
    rows = list(done.rows.order_by("position"))
    assert {"kept-as-note", "date-unreadable", "category-guessed", "language-guessed"} <= set(codes(rows[0]))
    assert codes(rows[1])[0] == "identifier-missing"
    assert actions(imported(PBCORE.encode("cp1251"), rts)) == ["unchanged", "refuse"]


def test_what_an_archivist_has_added_is_not_taken_away_by_the_source_it_came_from(rts):
    imported(PBCORE.encode("cp1251"), rts)
    item = Item.objects.get(identifier="Ф-77")
    item.titles.create(kind="alternative", text="By hand", language="en")
    Item.objects.filter(pk=item.pk).update(subjects=["by hand"], dated="1961")
    assert actions(imported(PBCORE.encode("cp1251"), rts))[0] == "unchanged"
    item.refresh_from_db()
    assert (item.titles.count(), item.subjects, item.dated) == (1, ["by hand"], "1961")


def test_a_damaged_document_is_read_as_far_as_it_goes_and_says_so(rts):
    whole = DOCUMENTS["pbcore"].render(loaded(make_full_item(rts), make_full_item(rts)))
    done = read(whole[: len(whole) * 3 // 4], rts)
    assert "damaged" in done.detail
    assert all("damaged" in codes(row) for row in done.rows.all())
    assert done.rows.count() == 2


SKELETON = b"""<pbcoreDescriptionDocument>
 <pbcoreIdentifier source="http://inventory.example.org">skeleton/1</pbcoreIdentifier>
 <pbcoreTitle titleType="Series">Ask the Mayor</pbcoreTitle><pbcoreTitle titleType="Episode">#508</pbcoreTitle>
 <pbcoreDescription>No description available</pbcoreDescription>
 <pbcoreInstantiation><instantiationDuration>00:26:46*</instantiationDuration></pbcoreInstantiation>
 <pbcoreAnnotation annotationType="organization">A station</pbcoreAnnotation>
</pbcoreDescriptionDocument>"""


def test_a_record_without_a_main_title_gets_the_best_it_has_and_says_so(rts):
    done = imported(SKELETON, rts)
    item = Item.objects.get(identifier="skeleton/1")
    assert item.title_en == "#508"
    assert [(row.kind, row.text) for row in item.titles.all()] == [("series", "Ask the Mayor"), ("episode", "#508")]
    assert item.instantiations.get().duration_ms == 1_606_000
    assert item.identifiers.get().source == "http://inventory.example.org"
    assert "title-stands-in" in codes(done.rows.get())
    assert actions(imported(SKELETON, rts)) == ["unchanged"]
