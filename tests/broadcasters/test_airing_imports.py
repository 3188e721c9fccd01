"""As-run logs: read, shown before anything is written, written once, corrected where they were refused."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from django.utils import timezone

from broadcasters.airing_constants import LogStatus, RowAction
from broadcasters.constants import Role
from broadcasters.models import Airing, AiringImport, AiringImportRow
from broadcasters.parsing.base import MAX_BYTES, Code
from broadcasters.parsing.columns import guess
from broadcasters.services.airing import forget_titles, report_airing
from broadcasters.services.airing_import import (
    apply_airings,
    correct_row,
    counts_of,
    discard_airings,
    name_columns,
    read_airings,
    receive_airings,
    work_on_imports,
)
from broadcasters.services.airing_sheets import choose_sheet, forget_workbooks, may_choose_sheet
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from tests.factories import make_channel, make_user

pytestmark = pytest.mark.django_db
LOG = """Датум;Почетак;Трајање;Емисија;Језик;Порекло
14.09.2026.;19:30:00;00:28:30;Дневник;српски;
14.09.2026.;20:00:00;00:50:12:05;Степа из ваздуха;ru;PTRC
14.09.2026.;25:15;01:30:00;Ноћни филм;en;
"""


@pytest.fixture
def channel(rts):
    return make_channel(rts, slug="rts-one", name_sr="Први програм")


def imported(rts, text, channel=None, **values):
    payload = text.encode() if isinstance(text, str) else text
    received = receive_airings(payload, broadcaster=rts, actor=make_user(rts), channel=channel, **values)
    read_airings(received.pk)
    received.refresh_from_db()
    return received


def written(received):
    apply_airings(received, actor=received.created_by)
    work_on_imports()
    received.refresh_from_db()
    return received


def problems(received):
    return [row.problems[0]["code"] if row.problems else "" for row in received.rows.order_by("position")]


def test_a_log_is_shown_before_it_is_written_and_written_once(rts, ptrc, channel):
    first = imported(rts, LOG, channel, file_name="C:\\logs\\as-run.csv")
    assert (first.status, first.format, first.file_name) == (LogStatus.PREVIEW, "csv", "as-run.csv")
    assert counts_of(first) == {"create": 3, "known": 0, "refuse": 0, "warned": 0, "written": 0}
    assert (first.content, Airing.objects.count()) == (None, 0)
    written(first)
    assert first.status == LogStatus.APPLIED
    news, foreign, film = Airing.objects.order_by("started_at")
    assert news.started_at == datetime(2026, 9, 14, 17, 30, tzinfo=UTC)
    assert (news.language, news.origin, news.is_foreign) == ("sr", rts, False)
    assert (foreign.origin, foreign.is_foreign, foreign.duration_ms) == (ptrc, True, (50 * 60 + 12) * 1000 + 200)
    assert film.started_at == datetime(2026, 9, 14, 23, 15, tzinfo=UTC)  # 25:15 is a quarter past one on the 15th
    assert [event.kind for event in OutboxEvent.objects.all()] == ["airing.imported"]
    assert apply_airings(first, actor=first.created_by).status == LogStatus.APPLIED
    second = imported(rts, LOG, channel)
    assert counts_of(second)["known"] == 3
    written(second)
    assert Airing.objects.count() == 3


def test_two_imports_of_the_same_log_side_by_side_write_each_airing_once(rts, ptrc, channel):
    one, two = imported(rts, LOG, channel), imported(rts, LOG, channel)
    assert counts_of(one)["create"] == counts_of(two)["create"] == 3
    written(one)
    written(two)
    assert Airing.objects.count() == 3
    assert set(two.rows.values_list("airing", flat=True)) == set(one.rows.values_list("airing", flat=True))


def test_what_was_reported_by_hand_is_known_and_learns_what_it_was_from_a_later_report(rts, ptrc, channel):
    story = "6f1f0a5e-95f1-4b7c-9f57-0d6f6f8f0a11"
    by_hand = report_airing(
        channel, actor=None, started_at=datetime(2026, 9, 14, 17, 30, tzinfo=UTC), duration_ms=1_710_000, origin=rts,
        title="  ДНЕВНИК ",
    )  # fmt: skip
    received = imported(rts, LOG, channel)
    assert [row.action for row in received.rows.order_by("position")] == ["known", "create", "create"]
    assert received.rows.get(position=2).airing == by_hand
    written(received)
    foreign = Airing.objects.get(origin=ptrc)
    reported = report_airing(
        channel, actor=None, started_at=foreign.started_at, duration_ms=foreign.duration_ms, origin=ptrc,
        title=foreign.title, subject_type="story", subject_uid=story,
    )  # fmt: skip
    assert (reported.pk, str(reported.subject_uid)) == (foreign.pk, story)
    assert Airing.objects.count() == 3


def test_what_was_reported_after_the_preview_is_counted_once(rts, channel):
    received = imported(
        rts, f"channel;start;duration;title;programme id\n{channel.slug};2026-03-02 18:00;30:00;News;P1\n"
    )
    assert [row.action for row in received.rows.all()] == ["create"]
    by_hand = report_airing(
        channel, actor=None, started_at=datetime(2026, 3, 2, 17, tzinfo=UTC), duration_ms=1_800_000, origin=rts,
        title="News",
    )  # fmt: skip
    written(received)
    assert [(row.action, row.airing) for row in received.rows.all()] == [("known", by_hand)]
    assert (received.status, Airing.objects.count()) == (LogStatus.APPLIED, 1)


def test_refused_rows_say_why_and_are_corrected_and_written_later(rts, channel):
    received = imported(
        rts,
        "channel,date,start,end,title,origin\n"
        "rts-one,2026-09-14,19:30,20:00,Good,\n"
        "rts-two,2026-09-14,19:30,20:00,No channel,\n"
        "rts-one,14/13/2026,19:30,20:00,No day,\n"
        "rts-one,2026-09-14,19:61,20:00,No time,\n"
        "rts-one,2026-09-14,19:30,,No end,\n"
        "rts-one,2026-09-14,19:30,20:00,,\n"
        "rts-one,2026-09-14,19:30,20:00,No house,nobody\n"
        "rts-one,2099-09-14,19:30,20:00,A plan,\n"
        "rts-one,2026-09-14,19:30,20:00,Too many,,x,y\n",
    )
    assert problems(received) == [
        "", Code.CHANNEL_UNKNOWN, Code.BAD_VALUE, Code.BAD_VALUE, Code.VALUE_MISSING, Code.VALUE_MISSING,
        Code.ORIGIN_UNKNOWN, Code.IN_THE_FUTURE, Code.TOO_MANY_CELLS,
    ]  # fmt: skip
    written(received)
    assert Airing.objects.count() == 1
    row = received.rows.get(position=3)
    corrected = correct_row(row, actor=received.created_by, cells={"channel": "Prvi program", "start": "21:00",
                                                                   "end": "21:30"})  # fmt: skip
    assert (corrected.action, corrected.channel, corrected.corrected_by) == ("create", channel, received.created_by)
    written(received)
    assert sorted(Airing.objects.values_list("title", flat=True)) == ["Good", "No channel"]
    with pytest.raises(ConflictError):
        correct_row(received.rows.get(position=3), actor=received.created_by, cells={"title": "Other"})


def test_times_that_clocks_skipped_or_showed_twice_are_refused_unless_their_offset_is_said(rts, channel):
    received = imported(
        rts,
        "channel;start;duration;title;offset\n"
        "rts-one;2026-03-29 02:30:00;600;Skipped;\n"
        "rts-one;2025-10-26 02:30:00;600;Twice;\n"
        "rts-one;2025-10-26 02:30:00;600;First;+02:00\n"
        "rts-one;2025-10-26 02:30:00+01:00;600;Second;\n"
        "rts-one;2025-10-25 26:30:00;600;Broadcast day;\n",
    )
    assert problems(received) == [Code.TIME_SKIPPED, Code.TIME_TWICE, "", "", Code.TIME_TWICE]
    starts = list(received.rows.filter(action="create").order_by("position").values_list("started_at", flat=True))
    assert starts == [datetime(2025, 10, 26, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_kazakhstan_has_one_zone_since_march_2024(ptrc):
    channel = make_channel(ptrc)
    received = imported(
        ptrc,
        "start\tduration\ttitle\n2024-02-29 12:00\t600\tBefore\n2024-03-01 12:00\t600\tAfter\n"
        "2024-02-29 23:30\t600\tTwice\n",
        channel,
    )
    assert problems(received) == ["", "", Code.TIME_TWICE]
    hours = [row.started_at.hour for row in received.rows.filter(action="create").order_by("position")]
    assert hours == [6, 7]  # UTC+6, then UTC+5


def test_overlaps_are_told_and_written(rts, channel):
    report_airing(
        channel, actor=None, started_at=datetime(2026, 9, 14, 17, 50, tzinfo=UTC), duration_ms=3_600_000, origin=rts,
        title="Earlier",
    )  # fmt: skip
    received = imported(
        rts,
        "date,start,duration,title\n2026-09-14,18:00,30:00,Free\n2026-09-14,19:30,30:00,Runs into it\n"
        "2026-09-14,20:10,10:00,Within it\n2026-09-14,22:00,10:00,Once\n2026-09-14,22:00,10:00,Once\n",
        channel,
    )
    assert problems(received) == ["", Code.OVERLAPS, Code.OVERLAPS, "", Code.TWICE_IN_TABLE]
    assert counts_of(received) == {"create": 4, "known": 1, "refuse": 0, "warned": 3, "written": 0}


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("Канал;Датум;Почетак;Трајање;Назив емисије", "cp1251"),
        ("Kanal;Datum;Početak;Trajanje;Naziv emisije", "cp1250"),
        ("Kanal;Datum;Pocetak;Trajanje;Naziv emisije", "utf-16"),
        ("Арна\tКүні\tБасталуы\tҰзақтығы\tАтауы", "utf-8-sig"),
        ("Телеканал,Дата,Начало,Хронометраж,Название", "utf-16-le"),
        ("channel,date,start,duration,title", "utf-8"),
    ],
)
def test_headings_separators_and_letters_are_found(rts, channel, header, charset):
    mark = next(mark for mark in ";\t," if mark in header)
    title = "Љубав и жеђ" if charset == "cp1251" else "Ljubav i žeđ"
    line = mark.join(("rts-one", "14.09.2026", "19:30:00", "0:28:30", title))
    received = imported(rts, f"{header}\r\n{line}\r\n".encode(charset))
    assert (received.status, problems(received)) == (LogStatus.PREVIEW, [""])
    assert received.rows.get().values["title"] == title


@pytest.mark.parametrize(
    "strange", ['"a\\u0000b": 1', '"a\\ud800b": 1', '"notes": {"a": "\\ud800"}', '"notes": ["\\u0000\\udfff"]']
)
def test_what_the_database_cannot_keep_of_a_json_log_is_left_out(rts, channel, strange):
    received = imported(
        rts, f'[{{"start": "2026-09-14T19:30", "duration": "30:00", "title": "Film", {strange}}}]', channel
    )
    assert (received.status, problems(received)) == (LogStatus.PREVIEW, [""])
    assert not {"\0", "\ud800"} & set("".join(received.header + received.rows.get().cells))


def test_a_table_that_breaks_its_reader_is_refused_and_holds_up_no_other(rts, channel, monkeypatch):
    def read_or_break(header, kind):
        if "weather" in header:
            raise LookupError("weather")
        return guess(header, kind)

    monkeypatch.setattr("broadcasters.services.airing_import.guess", read_or_break)
    actor = make_user(rts)
    broken, sound = (
        receive_airings(text.encode(), broadcaster=rts, actor=actor, channel=channel)
        for text in ("weather;date\nfine;2026-09-14\n", LOG)
    )
    work_on_imports()
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.status, broken.error, broken.content) == (LogStatus.REFUSED, Code.PARSER_FAILED, None)
    assert sound.status == LogStatus.PREVIEW


def test_what_ends_as_it_begins_lasts_nothing_and_a_day_from_midnight_to_midnight_a_day(rts, channel):
    spans = ("20:00:00,20:00:00", "25:15,25:15", "25:15,01:15", "00:00,24:00", "23:30,00:30", "25:15,26:45")
    log = "date,start,end,title\n" + "".join(f"2026-09-14,{span},Film {span[:5]}\n" for span in spans)
    received = imported(rts, log, channel)
    assert problems(received)[:3] == [Code.LASTS_NOTHING] * 3
    lengths = [row.values["duration_ms"] // 60_000 for row in received.rows.order_by("position")[3:]]
    assert lengths == [24 * 60, 60, 90]


def test_columns_that_nobody_knows_are_named_by_a_person(rts, channel):
    received = imported(rts, "a;b;c;d\n2026-09-14;19:30;30:00;Film\n")
    assert (received.status, received.mapping) == (LogStatus.COLUMNS, {})
    actor = received.created_by
    for wrong in ({"0": "weather"}, {"9": "start"}, {"0": "start", "1": "start"}, {"1" * 5000: "start"}):
        with pytest.raises(DomainError):
            name_columns(received, actor=actor, mapping=wrong)
    with pytest.raises(ConflictError):
        apply_airings(received, actor=actor)
    named = {"0": "date", "1": "start", "2": "duration", "3": "title"}
    assert name_columns(received, actor=actor, mapping=named, channel=channel).status == LogStatus.PREVIEW
    assert received.rows.get().action == RowAction.CREATE
    assert name_columns(received, actor=actor, mapping=named | {"2": "duration_minutes"}).status == LogStatus.PREVIEW
    assert received.rows.get().problems[0]["where"] == "duration_minutes"


def workbook(*sheets, **options):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        time_format, day_format = book.add_format({"num_format": "[hh]:mm:ss"}), book.add_format({"num_format": 14})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime):
                        sheet.write_datetime(place, column, value, day_format)
                    elif isinstance(value, timedelta):
                        sheet.write_datetime(place, column, value, time_format)
                    else:
                        sheet.write(place, column, value)
    return target.getvalue()


def test_a_workbook_keeps_its_days_and_times_and_the_right_sheet_is_found(rts, channel):
    day = datetime(2026, 9, 14)  # noqa: DTZ001 — as a sheet has it
    payload = workbook(
        ("Notes", [["Made on", "Monday"], ["by", "playout"]]),
        ("Log", [
            ["As-run log"], [], ["Date", "Start", "Duration", "Title"],
            [day, timedelta(hours=25, minutes=15), timedelta(minutes=30), "Late film"],
            ["14.09.2026", 0.8125, timedelta(minutes=30), "=1+1"],
        ]),
    )  # fmt: skip
    received = imported(rts, payload, channel)
    assert (received.format, received.detail) == ("xlsx", "Log")
    first, second = received.rows.order_by("position")
    assert first.position == 4
    assert first.started_at == datetime(2026, 9, 14, 23, 15, tzinfo=UTC)
    assert second.started_at == datetime(2026, 9, 14, 17, 30, tzinfo=UTC)
    assert second.values["title"] == "0"  # of a formula what it came to when it was saved: nothing has computed it


def sheets():
    head = ["Channel", "Date", "Start", "Duration", "Title"]
    return workbook(
        ("Monday", [head, ["rts-one", "2026-09-14", "19:30", "0:30:00", "News of Monday"]]),
        ("Tuesday", [head, ["rts-one", "2026-09-15", "19:30", "0:30:00", "News of Tuesday"]]),
        ("Empty", []),
    )


def titles(received):
    return [row.values.get("title") for row in received.rows.order_by("position")]


def test_another_sheet_of_a_workbook_is_chosen_until_one_is_approved(rts, channel):
    received = imported(rts, sheets())
    assert (received.sheet, received.sheets) == ("Monday", ["Monday", "Tuesday", "Empty"])
    assert titles(received) == ["News of Monday"]
    actor = received.created_by
    with pytest.raises(DomainError, match="Monday, Tuesday, Empty") as refused:
        choose_sheet(received, actor=actor, sheet="Wednesday")
    assert refused.value.code == Code.NO_SUCH_SHEET
    for sheet, status in (("Empty", LogStatus.REFUSED), ("Tuesday", LogStatus.PREVIEW)):
        choose_sheet(received, actor=actor, sheet=sheet)
        choose_sheet(received, actor=actor, sheet=sheet)
        assert not received.rows.exists()
        work_on_imports()
        received.refresh_from_db()
        assert (received.status, received.sheet) == (status, sheet)
    assert (titles(received), received.error) == (["News of Tuesday"], "")
    assert not may_choose_sheet(written(received))
    assert received.content is None
    with pytest.raises(ConflictError):
        choose_sheet(received, actor=actor, sheet="Monday")
    assert list(Airing.objects.values_list("title", flat=True)) == ["News of Tuesday"]


def test_a_sheet_is_asked_for_by_name_and_a_wrong_name_is_told_the_right_ones(rts, channel):
    assert titles(imported(rts, sheets(), sheet="tuesday")) == ["News of Tuesday"]
    wrong = imported(rts, sheets(), sheet="Wednesday")
    assert (wrong.status, wrong.error, wrong.sheets[:2]) == ("refused", Code.NO_SUCH_SHEET, ["Monday", "Tuesday"])
    assert may_choose_sheet(wrong)
    no_workbook = imported(rts, LOG, channel, sheet="Monday")
    assert (no_workbook.error, no_workbook.content) == (Code.NO_SUCH_SHEET, None)
    discard_airings(wrong, actor=wrong.created_by)
    assert not may_choose_sheet(wrong)


def test_a_workbook_on_which_nobody_decides_is_let_go_of(rts, channel):
    old, young = imported(rts, sheets()), imported(rts, sheets())
    AiringImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    assert forget_workbooks() == 1
    assert (may_choose_sheet(old), may_choose_sheet(young)) == (False, True)
    assert titles(old) == ["News of Monday"]
    with pytest.raises(ConflictError, match="no longer kept"):
        choose_sheet(old, actor=old.created_by, sheet="Tuesday")


def packed(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"start;duration;title\n", Code.EMPTY),
        (b"PK\x03\x04 and nothing", Code.NOT_WELL_FORMED),
        (packed(**{"xl__vbaProject.bin": b"x"}), Code.MACROS),
        (packed(**{"xl__worksheets__sheet1.xml": b"0" * (257 * 1024 * 1024)}), Code.HOSTILE),
        (b"%PDF-1.7 no table", Code.UNKNOWN_FORMAT),
        (b"\xd0\xcf\x11\xe0 old", Code.UNKNOWN_FORMAT),
        (b'{"airings": "none"}', Code.NOT_WELL_FORMED),
        (b"start;title\n\0\0\0", Code.UNKNOWN_FORMAT),
    ],
)
def test_rubbish_is_refused_with_a_reason(rts, channel, payload, code):
    received = imported(rts, payload, channel)
    assert (received.status, received.error, received.content) == (LogStatus.REFUSED, code, None)


def test_what_is_empty_or_huge_is_not_even_kept(rts, ptrc, channel):
    actor = make_user(rts)
    for payload, code in ((b" \n", Code.EMPTY), (b"x" * (MAX_BYTES + 1), Code.TOO_LARGE)):
        with pytest.raises(DomainError) as refused:
            receive_airings(payload, broadcaster=rts, actor=actor)
        assert refused.value.code == code
    for stranger in (make_user(ptrc), make_user(rts, Role.ARCHIVIST)):
        with pytest.raises(ForbiddenError):
            receive_airings(LOG.encode(), broadcaster=rts, actor=stranger)
    with pytest.raises(DomainError):
        receive_airings(LOG.encode(), broadcaster=rts, actor=actor, channel=make_channel(ptrc))
    assert not AiringImport.objects.exists()


def test_a_recall_takes_the_words_out_of_the_rows_of_logs_too(rts, ptrc, channel):
    received = written(imported(rts, LOG, channel))
    airing = Airing.objects.get(origin=ptrc)
    story = "6f1f0a5e-95f1-4b7c-9f57-0d6f6f8f0a11"
    Airing.objects.filter(pk=airing.pk).update(subject_type="story", subject_uid=story)
    forget_titles("story", story)
    row = AiringImportRow.objects.get(airing=airing)
    assert (row.cells, row.values, row.is_written) == ([], {}, True)
    airing.refresh_from_db()
    assert airing.title == f"urn:uuid:{story}"
    again = imported(rts, LOG, channel)
    assert counts_of(again)["known"] == 3  # known by its key: nothing brings the words back
    assert received.rows.count() == 3


def test_a_discarded_import_writes_nothing(rts, channel):
    received = imported(rts, LOG, channel)
    discard_airings(received, actor=received.created_by)
    work_on_imports()
    with pytest.raises(ConflictError):
        apply_airings(received, actor=received.created_by)
    assert Airing.objects.count() == 0
