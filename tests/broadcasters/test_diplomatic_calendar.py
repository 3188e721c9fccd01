"""The diplomatic calendar: uncertain dates stay uncertain, anniversaries are reckoned, drafts stay at home."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from broadcasters.anniversaries import anniversaries, anniversary_of, is_round
from broadcasters.calendars import diplomatic_events
from broadcasters.constants import Role
from broadcasters.models import DiplomaticEvent, EventSource
from broadcasters.services.saving import refusals
from mediaexchange.core.calendar_feeds import address_of, make_feed
from mediaexchange.core.context import acting
from mediaexchange.core.errors import ConflictError
from tests.broadcasters.admin_pages import page_of, signed_in
from tests.broadcasters.calendar_factories import make_claim, make_diplomatic_event
from tests.factories import make_place, make_user
from tests.icalendars import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("dated", "first", "last"),
    [
        ("2024-11-12", date(2024, 11, 12), date(2024, 11, 12)),
        ("2024-09", date(2024, 9, 1), date(2024, 9, 30)),
        ("2011", date(2011, 1, 1), date(2011, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12-12/2025-01-12", date(2024, 12, 12), date(2025, 1, 12)),
        ("2016-11-16?", date(2016, 11, 16), date(2016, 11, 16)),
        ("196X", date(1960, 1, 1), date(1969, 12, 31)),
        ("2024-09/..", date(2024, 9, 1), None),
        ("", None, None),
    ],
)
def test_the_days_that_a_date_may_mean_follow_it_and_the_database_refuses_others(dated, first, last):
    event = make_diplomatic_event(dated=dated)
    assert (event.dated_first, event.dated_last) == (first, last)
    for wrong in ({"dated_first": date(1999, 1, 1)}, {"dated": "1871-01-18"}):
        if dated.startswith("196") and "dated_first" in wrong:
            continue  # a decade is not asked for, only that its days are in order
        with pytest.raises(IntegrityError, match="broadcasters_event_days"), transaction.atomic():
            DiplomaticEvent.objects.filter(pk=event.pk).update(**wrong)


def test_what_is_no_date_is_refused_with_its_field():
    with pytest.raises(ValidationError) as refused:
        make_diplomatic_event(dated="around Easter")
    assert set(refused.value.message_dict) == {"dated"}


def test_a_published_event_has_a_source_and_keeps_it():
    event = make_diplomatic_event()
    with pytest.raises(IntegrityError, match="names its source"):
        _settled(EventSource.objects.filter(event=event).delete)
    bare = {"slug": "bare", "kind": "visit", "name_en": "A visit", "is_published": True}
    with pytest.raises(IntegrityError, match="names its source"):
        _settled(lambda: DiplomaticEvent.objects.create(**bare))


def test_what_is_published_stays_published_and_is_not_deleted_whoever_writes(rts):
    event = make_diplomatic_event(broadcaster=rts, is_published=False)
    DiplomaticEvent.objects.filter(pk=event.pk).update(name_en="Still a draft")
    DiplomaticEvent.objects.filter(pk=event.pk).update(is_published=True)
    claim = make_claim(broadcaster=rts)
    for row in (claim, event):
        rows = type(row).objects.filter(pk=row.pk)
        for deed in (lambda rows=rows: rows.update(is_published=False), rows.delete):
            with pytest.raises(IntegrityError, match="what is published"), transaction.atomic():
                deed()
        with (
            pytest.raises(ConflictError, match="What is published stays published"),
            refusals(),
        ):
            rows.update(is_published=False)
        assert rows.get().is_published
    DiplomaticEvent.objects.filter(pk=event.pk).update(standing="called-off")
    draft = make_diplomatic_event(slug="draft", broadcaster=rts, is_published=False)
    draft.sources.all().delete()
    draft.delete()


def test_the_page_of_a_published_event_changes_its_words_and_never_hides_it(rts):
    event = make_diplomatic_event(broadcaster=rts, name_en="A visit")
    client, page = signed_in(make_user(rts, Role.ADMINISTRATOR)), page_of(event)
    form = client.get(page).context["adminform"].form
    assert "is_published" not in form.fields
    answers = {name: value for name in form.fields if (value := form.initial.get(name))}
    source = event.sources.get()
    of_source = {
        "TOTAL_FORMS": 1,
        "INITIAL_FORMS": 1,
        "0-id": source.pk,
        "0-event": event.pk,
        "0-title": source.title,
        "0-publisher": source.publisher,
    }
    answers |= {f"sources-{name}": value for name, value in of_source.items()}
    answered = client.post(page, answers | {"name_en": "A long visit", "is_published": ""})
    assert answered.status_code == 302, answered.context["errors"]
    event.refresh_from_db()
    assert (event.name_en, event.is_published) == ("A long visit", True)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "summit"}, "broadcasters_event_kind"),
        ({"standing": "true"}, "broadcasters_event_standing"),
        ({"session_number": 3}, "broadcasters_event_session"),
        ({"is_published": False}, "broadcasters_event_kept"),
    ],
)
def test_the_database_knows_the_rules_of_events(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_diplomatic_event(**fields)


def test_a_draft_is_seen_by_its_house_alone(rts, ptrc, belgrade, astana, stranger):
    own = make_diplomatic_event(slug="draft", broadcaster=rts, is_published=False)
    public = make_diplomatic_event(slug="public")
    assert [row["slug"] for row in belgrade.get("events/").json()["results"]] == [own.slug, public.slug]
    assert [row["slug"] for row in astana.get("events/").json()["results"]] == [public.slug]
    assert astana.get("events/draft/").status_code == 404
    assert stranger.get("events/public/").status_code == 401


def test_events_are_asked_for_by_days_that_they_may_fall_on(belgrade):
    for slug, dated in (
        ("day", "2024-11-12"),
        ("month", "2024-09"),
        ("year", "2024"),
        ("never", ""),
        ("open", "2024/.."),
    ):
        make_diplomatic_event(slug=slug, dated=dated)

    def asked(query):
        return {row["slug"] for row in belgrade.get(f"events/?{query}").json()["results"]}

    assert asked("from=2024-09-15&to=2024-09-20") == {"month", "year", "open"}
    assert asked("from=2024-11-12&to=2024-11-12") == {"day", "year", "open"}
    assert asked("to=2023-12-31") == set()
    assert asked("from=2025-01-01") == {"open"}
    slugs = [row["slug"] for row in belgrade.get("events/?limit=2&ordering=date").json()["results"]]
    assert len(slugs) == 2


def test_the_pages_of_a_list_hold_each_event_once_undated_last(belgrade):
    wanted = [make_diplomatic_event(slug=f"e{number}", dated=dated).slug
              for number, dated in enumerate(["1996-12-10", "2011", "2011", ""])]  # fmt: skip
    seen, address = [], "events/?limit=1"
    while address:
        page = belgrade.get(address).json()
        seen += [row["slug"] for row in page["results"]]
        address = page["next"] and "events/?" + page["next"].partition("?")[2]
    assert seen == wanted


def test_the_list_costs_the_same_for_one_and_three(belgrade):
    make_diplomatic_event().places.set([make_place()])
    belgrade.get("events/")
    with CaptureQueriesContext(connection) as one:
        belgrade.get("events/")
    for _ in range(2):
        make_diplomatic_event().places.set([make_place()])
    with CaptureQueriesContext(connection) as three:
        belgrade.get("events/")
    assert len(one) == len(three)


def test_a_month_is_said_as_a_month_in_every_language(belgrade):
    make_diplomatic_event(slug="session", kind="commission", session_number=3, dated="2024-09")
    said = {tag: belgrade.get("events/session/", lang=tag).json()["when"] for tag in ("en", "sr-Cyrl", "sr-Latn", "ru")}
    assert said["en"] == "September 2024"
    assert "септембар" in said["sr-Cyrl"]
    assert "septembar" in said["sr-Latn"]
    assert said["ru"].startswith("сентябрь")


def test_anniversaries_are_as_exact_as_what_they_are_reckoned_from():
    day = make_diplomatic_event(dated="1996-12-10", is_yearly=True)
    month = make_diplomatic_event(dated="2024-09", is_yearly=True)
    year = make_diplomatic_event(dated="2011", is_yearly=True)
    unsure = make_diplomatic_event(dated="2016-11-16?", is_yearly=True)
    leap = make_diplomatic_event(dated="2024-02-29", is_yearly=True)
    visit = make_diplomatic_event(dated="2024-11-18/2024-11-19", is_yearly=True)
    assert _said(day, 2026) == ("2026-12-10", 30, True)
    assert _said(month, 2034) == ("2034-09", 10, True)
    assert _said(year, 2027) == ("2027", 16, False)
    assert _said(unsure, 2026) == ("2026-11-16?", 10, True)
    assert _said(leap, 2026) == ("2026-02-28", 2, False)
    assert _said(leap, 2028) == ("2028-02-29", 4, False)
    assert _said(visit, 2029) == ("2029-11-18", 5, True)
    assert anniversary_of(day, 1996) is None
    assert anniversary_of(make_diplomatic_event(dated="196X", is_yearly=True), 2026) is None
    with translation.override("en"):
        assert anniversary_of(month, 2034).when == "September 2034"
    found = anniversaries(DiplomaticEvent.objects.all(), date(2026, 11, 1), date(2026, 12, 31))
    assert [each.event for each in found] == [year, unsure, visit, day]


def test_the_calendar_calls_an_anniversary_by_the_readers_word(rts):
    make_diplomatic_event(dated="2011-11", is_yearly=True)
    client = signed_in(make_user(rts, Role.ADMINISTRATOR))
    for language, said in (("kk", "15 жыл · мерейтой"), ("sr-latn", "15 godina · godišnjica")):
        client.cookies["django_language"] = language
        page = client.get(reverse("admin:broadcasters_diplomatic"), {"year": "2026"}).content.decode()
        assert said in page


def test_what_is_published_names_no_draft_and_a_draft_has_no_anniversaries(rts):
    draft = make_diplomatic_event(broadcaster=rts, is_published=False, is_yearly=True)
    event = make_diplomatic_event(part_of=draft)
    with pytest.raises(ValidationError) as refused:
        event.full_clean()
    assert set(refused.value.message_dict) == {"part_of"}
    assert anniversaries(DiplomaticEvent.objects.all(), date(2026, 1, 1), date(2026, 12, 31)) == []


def test_round_years_are_those_that_people_mark():
    assert [years for years in range(1, 101) if is_round(years)] == [5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100]


def test_anniversaries_are_asked_for_by_api_within_reason(belgrade):
    make_diplomatic_event(slug="relations", is_yearly=True)
    (found,) = belgrade.get("events/anniversaries/?from=2026-11-22&to=2026-12-31").json()
    assert (found["event"], found["years"], found["is_round"], found["dated"]) == ("relations", 30, True, "2026-12-10")
    for query in ("from=2026-01-01", "from=2026-01-01&to=2056-01-01", "from=x&to=y", "from=2027-01-01&to=2026-01-01"):
        assert belgrade.get(f"events/anniversaries/?{query}").status_code == 400


def test_a_calendar_program_gets_exact_days_whole_and_no_month_as_a_day(rts):
    cache.clear()
    desk = make_user(rts)
    today = timezone.localdate()
    make_diplomatic_event(slug="forum", kind="forum", dated=today.isoformat(), name_en="Forum")
    make_diplomatic_event(slug="month", dated=f"{today:%Y-%m}", name_en="Some time this month")
    make_diplomatic_event(slug="unsure", dated=f"{today.isoformat()}?", name_en="Perhaps today")
    response = Client().get("/" + address_of(make_feed(desk, kind="desk", subject=rts.uid)).split("/", 3)[3])
    (event,) = read(response.content)[1]
    assert event["SUMMARY"] == "Forum"
    assert event.starts == today
    assert diplomatic_events(desk) == []


def test_a_change_raises_the_sequence_that_calendars_watch():
    event = make_diplomatic_event()
    event.dated = "1996-12-11"
    event.save()
    event.refresh_from_db()
    assert event.sequence == 1
    event.save()
    event.refresh_from_db()
    assert event.sequence == 1


def test_the_month_says_what_is_uncertain_beside_its_days(rts):
    make_diplomatic_event(slug="session", dated="2024-09", name_en="Session of the commission")
    make_diplomatic_event(slug="relations", dated="1996-09-10", name_en="Relations", is_yearly=True)
    make_diplomatic_event(slug="other", dated="2024-09-05", name_en="Only of Astana", is_published=False,
                          broadcaster=rts)  # fmt: skip
    page = signed_in(make_user(rts, Role.VIEWER, language="en")).get(
        reverse("admin:broadcasters_diplomatic"), {"month": "2024-09"}
    )
    assert [entry.title for entry in page.context["loose"]] == ["Session of the commission"]
    days = {day.on.day: [entry.title for entry in day.entries] for day in page.context["days"] if day.entries}
    assert days == {5: ["Only of Astana"], 10: ["Relations"]}
    assert "September 2024" in page.content.decode()


def test_the_year_holds_months_years_and_what_has_no_date(ptrc, rts):
    make_diplomatic_event(slug="opened", dated="2011", name_en="Embassy opened")
    make_diplomatic_event(slug="session", dated="2011-09", name_en="Session")
    make_diplomatic_event(slug="undated", dated="", name_en="Undated")
    make_diplomatic_event(slug="draft", dated="2011-09-09", name_en="Draft", is_published=False, broadcaster=rts)
    page = signed_in(make_user(ptrc, Role.VIEWER, language="en")).get(
        reverse("admin:broadcasters_diplomatic"), {"year": "2011"}
    )
    assert [entry.title for entry in page.context["loose"]] == ["Embassy opened"]
    assert [entry.title for _name, entries in page.context["months"] for entry in entries] == ["Session"]
    assert [entry.title for entry in page.context["undated"]] == ["Undated"]


@pytest.mark.parametrize("query", [{"month": "2024-13"}, {"month": "x"}, {"year": "99999"}, {"kind": "'; DROP"}])
def test_rubbish_in_the_address_gives_this_month(rts, query):
    page = signed_in(make_user(rts)).get(reverse("admin:broadcasters_diplomatic"), query)
    assert page.status_code == 200
    assert page.context["days"]


def test_a_desk_writes_a_draft_of_its_house_and_what_is_published_stays(rts):
    desk = make_user(rts, Role.EXCHANGE_DESK)
    client = signed_in(desk)
    add = reverse("admin:broadcasters_diplomaticevent_add")
    fields = {
        "slug": "film-days", "broadcaster": rts.pk, "kind": "festival", "dated": "2026-11", "standing": "sourced",
        "name_en": "Film days", "sources-TOTAL_FORMS": 0, "sources-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert client.post(add, fields | {"is_published": "on"}).status_code == 200  # no source
    assert not DiplomaticEvent.objects.exists()
    source = {"sources-TOTAL_FORMS": 1, "sources-0-title": "Programme", "sources-0-publisher": "Cinema"}
    assert client.post(add, fields | source | {"is_published": "on"}).status_code == 302
    event = DiplomaticEvent.objects.get()
    assert (event.created_by, event.broadcaster, event.sources.count()) == (desk, rts, 1)
    page = client.get(reverse("admin:broadcasters_diplomaticevent_change", args=[event.pk]))
    assert "is_published" not in page.context["adminform"].form.fields


def test_reference_events_are_changed_by_administrators_alone(rts):
    event = make_diplomatic_event()
    address = reverse("admin:broadcasters_diplomaticevent_change", args=[event.pk])
    desk = signed_in(make_user(rts, Role.EXCHANGE_DESK))
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"kind": "visit"}).status_code == 403
    assert signed_in(make_user(rts, Role.ADMINISTRATOR)).post(address, {"kind": "visit"}).status_code == 200  # a form


def test_the_history_says_who_changed_what(rts):
    event = make_diplomatic_event()
    administrator = make_user(rts, Role.ADMINISTRATOR)
    with acting(administrator.pk):
        event.dated = "1996-12-11"
        event.save()
    page = signed_in(administrator).get(reverse("admin:broadcasters_diplomaticevent_history", args=[event.pk]))
    assert "1996-12-11" in page.content.decode()


def test_what_was_a_draft_is_nobody_elses_history(rts, ptrc):
    event = make_diplomatic_event(broadcaster=rts, is_published=True)
    history = reverse("admin:broadcasters_diplomaticevent_history", args=[event.pk])
    assert signed_in(make_user(ptrc, Role.ADMINISTRATOR)).get(history).status_code == 403
    assert signed_in(make_user(rts, Role.ADMINISTRATOR)).get(history).status_code == 200


def _said(event, year):
    found = anniversary_of(event, year)
    return found.dated, found.years, found.is_round


def _settled(deed):
    """As at the end of a transaction, where the database asks."""
    with transaction.atomic(), connection.cursor() as cursor:
        deed()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
