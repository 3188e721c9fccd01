"""Requests, licences, grants, deliveries and the rights question on the pages, for both houses."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archive.models import FootageDelivery, FootageRequest, Grant, GrantUse, Licence, UnderlyingRight
from archive.services.delivery import create_delivery
from broadcasters.constants import Role
from tests.archive.admin.conftest import list_of, page_of
from tests.archive.factories import (
    make_footage_request,
    make_grant,
    make_instantiation,
    make_item,
    make_licence,
    make_media_file,
    make_segment,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "kk", "ru", "sr", "sr-latn")
TODAY = timezone.localdate(timezone=ZoneInfo("Asia/Almaty"))  # where the producer of the tests is at home


@pytest.fixture
def officer(rts):
    return make_user(rts, Role.RIGHTS_OFFICER)


@pytest.fixture
def producer(ptrc):
    return make_user(ptrc, Role.PRODUCER)


def address(name, row):
    return reverse(f"admin:archive_{name}", args=[row.pk])


def decision(asked, *answers, **fields):
    """What the page sends; an answer is (decision, seconds, reason)."""
    data = {"is_clip_only": "on", "repeat_hours": "24"} | fields
    for line, (word, seconds, reason) in zip(asked.lines.all(), answers, strict=True):
        data |= {f"l{line.pk}-decision": word, f"l{line.pk}-seconds": seconds, f"l{line.pk}-runs": line.runs,
                 f"l{line.pk}-reason": reason}  # fmt: skip
    return data


def test_a_segment_is_asked_for_from_its_items_page_and_decided_line_by_line(module, rts, producer, officer, signed_in):
    item = make_item(rts)
    segment, other = make_segment(item), make_segment(item, in_frame=1250, out_frame=2000)
    client = signed_in(producer)
    page = f"{reverse('admin:archive_footagerequest_add')}?item={item.uid}&segment={segment.uid}"
    form = client.get(page).context["form"]
    assert [(str(about.segment), form[names["wanted"]].initial) for about, names in form.rows] == [
        ("None", False), (str(segment), True), (str(other), False),
    ]  # fmt: skip
    sent = {
        "broadcaster": producer.memberships.get().broadcaster_id, "purpose": "Тың игеру туралы фильм",
        "territories": ["KZ"], "platforms": ["television"], "languages": "kk",
        "starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=60)).isoformat(),
        f"s{segment.pk}-wanted": "on", f"s{segment.pk}-seconds": "40", f"s{segment.pk}-runs": "1",
        f"i{item.pk}-seconds": "60", f"i{item.pk}-runs": "1", f"s{other.pk}-seconds": "30", f"s{other.pk}-runs": "1",
    }  # fmt: skip
    assert client.post(page, sent).status_code == 302
    asked = FootageRequest.objects.get()
    assert [(line.segment, line.seconds) for line in asked.lines.all()] == [(segment, 40)]
    desk = signed_in(officer)
    assert "1" in desk.get(list_of("footagerequest")).content.decode()
    decide = address("footagerequest_decide", asked)
    cut = desk.post(decide, decision(asked, ("approve", "20", "")))
    assert cut.status_code == 200
    assert not Licence.objects.exists()
    assert "Say why a line is refused or cut." in cut.content.decode()
    done = desk.post(decide, decision(asked, ("approve", "20", "Остатак је оштећен.")))
    assert (done.status_code, Grant.objects.get().seconds) == (302, 20)
    assert "Остатак је оштећен." in client.get(page_of(asked)).content.decode()


def test_what_bars_an_approval_is_shown_and_nothing_is_lost(module, rts, ptrc, officer, signed_in):
    item = make_item(rts)
    UnderlyingRight.objects.create(item=item, kind="music")
    asked = make_footage_request(ptrc, item)
    answer = signed_in(officer).post(
        address("footagerequest_decide", asked), decision(asked, ("approve", "40", ""), terms="After nine.")
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Music in it is not cleared." in text
    assert "After nine." in text
    asked.refresh_from_db()
    assert asked.status == "submitted"


def test_only_those_who_may_reach_the_pages_of_deeds(module, rts, ptrc, producer, officer, signed_in):
    asked = make_footage_request(ptrc, make_item(rts))
    licence = make_licence(ptrc, make_item(rts))
    grant = licence.grants.get()
    stranger = signed_in(make_user(make_broadcaster_rtv(), Role.ADMINISTRATOR))
    theirs, ours, viewer = signed_in(producer), signed_in(officer), signed_in(make_user(rts, Role.VIEWER))
    for name, row, allowed in (
        ("footagerequest_decide", asked, ours), ("footagerequest_quote", asked, ours),
        ("footagerequest_withdraw", asked, theirs), ("licence_revoke", licence, ours), ("grant_revoke", grant, ours),
        ("grant_use", grant, theirs), ("grant_deliver", grant, theirs),
    ):  # fmt: skip
        page = address(name, row)
        assert stranger.get(page).status_code == 404, name
        assert viewer.get(page).status_code == 403, name
        assert allowed.get(page).status_code == 200, name
        assert {ours: theirs, theirs: ours}[allowed].get(page).status_code == 403, name


def make_broadcaster_rtv():
    from tests.factories import make_broadcaster

    return make_broadcaster("rtv")


def test_a_price_is_named_a_request_withdrawn(module, rts, ptrc, officer, producer, signed_in):
    asked = make_footage_request(ptrc, make_item(rts))
    (line,) = asked.lines.all()
    quote = {f"l{line.pk}-amount": "120.00", "currency": "EUR", "answer": "Gladly"}
    assert signed_in(officer).post(address("footagerequest_quote", asked), quote).status_code == 302
    assert "120.00 EUR" in signed_in(producer).get(page_of(asked)).content.decode()
    assert signed_in(producer).post(address("footagerequest_withdraw", asked)).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_a_licence_shows_counters_and_comes_on_paper_and_is_revoked(module, rts, ptrc, officer, producer, signed_in):
    licence = make_licence(ptrc, make_item(rts), seconds=40)
    grant = licence.grants.get()
    client = signed_in(producer)
    use = {"started_at_0": TODAY.isoformat(), "started_at_1": "00:00:01", "seconds": "15", "platform": "radio"}
    used = client.post(address("grant_use", grant), use)
    assert (used.status_code, GrantUse.objects.get().used_ms) == (302, 15_000)
    assert "15 / 40" in client.get(page_of(licence)).content.decode()
    assert "15 / 40" in client.get(list_of("licence")).content.decode()
    more = client.post(address("grant_use", grant), {**use, "started_at_1": "00:00:02", "seconds": "26"}, follow=True)
    assert "25 s of them are left" in more.content.decode()
    pdf = client.get(address("licence_pdf", licence), {"left": "kk", "right": "sr"})
    assert (pdf.status_code, pdf.content[:4]) == (200, b"%PDF")
    assert client.get(address("licence_odrl", licence)).json()["identifier"] == licence.number
    taken = client.post(reverse("admin:archive_grantuse_take_back", args=[GrantUse.objects.get().pk]), {"reason": "x"})
    grant.refresh_from_db()
    assert (taken.status_code, grant.used_ms) == (302, 0)
    revoked = signed_in(officer).post(address("licence_revoke", licence), {"reason": "unpaid"}, follow=True)
    assert "unpaid" in revoked.content.decode()
    grant.refresh_from_db()
    assert grant.status == "revoked"
    gone = client.get(address("licence_odrl", licence), follow=True)
    assert "The grant was revoked." in gone.content.decode()


def test_footage_is_ordered_downloaded_and_confirmed(module, rts, ptrc, producer, officer, signed_in):
    item = make_item(rts)
    make_instantiation(item, file=make_media_file(rts))
    grant = make_grant(item, grantee=ptrc)
    client = signed_in(producer)
    assert client.post(address("grant_deliver", grant), {}).status_code == 302
    delivery = FootageDelivery.objects.get()
    link = client.post(address("footagedelivery_download", delivery))
    assert link.headers["Location"].startswith("/media/")
    given = client.get(link.headers["Location"])
    assert len(b"".join(given.streaming_content)) == delivery.size_bytes
    client.post(address("footagedelivery_receipt", delivery))
    delivery.refresh_from_db()
    assert delivery.received_at is not None
    desk = signed_in(officer)
    assert desk.post(address("footagedelivery_download", delivery), follow=True).status_code == 200
    desk.post(address("footagedelivery_revoke", delivery))
    delivery.refresh_from_db()
    assert delivery.status == "revoked"
    assert client.get(address("footagedelivery_download", delivery)).status_code == 405


def test_a_grant_is_given_on_its_page(module, rts, ptrc, officer, signed_in):
    item = make_item(rts)
    client = signed_in(officer)
    page = reverse("admin:archive_grant_add")
    own, foreign = make_segment(item), make_segment(make_item(ptrc))
    choices = client.get(page, {"item": item.pk}).context["adminform"].form.fields["segment"].queryset
    assert list(choices) == [own]
    assert not client.get(page, {"item": foreign.item_id}).context["adminform"].form.fields["segment"].queryset.exists()
    assert f"{page}?item={item.pk}" in client.get(page_of(item)).content.decode()
    given = {
        "item": item.pk, "grantee": ptrc.pk, "territories": ["CIS"], "platforms": ["radio"], "languages": "kk, ru",
        "starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=9)).isoformat(), "repeat_hours": "0",
        "seconds": "40",
    }  # fmt: skip
    answer = client.post(page, given)
    assert answer.status_code == 302, answer.context["adminform"].errors
    grant = Grant.objects.get()
    assert (grant.seconds, grant.languages, grant.time_zone, grant.created_by) == (
        40, ["kk", "ru"], "Europe/Belgrade", officer,
    )  # fmt: skip
    UnderlyingRight.objects.create(item=item, kind="performers")
    refused = client.post(page, given)
    assert "Rights of performers in it are not cleared." in refused.content.decode()


def test_the_rights_question_is_answered_with_reasons_for_the_item_and_each_segment(
    module, rts, ptrc, producer, signed_in
):
    item = make_item(rts)
    segment = make_segment(item)
    make_grant(item, segment=segment, grantee=ptrc, platforms=["television"])
    page = address("item_usability", item)
    client = signed_in(producer)
    rows = client.get(page, {"territory": "KZ", "platform": "television", "on": TODAY.isoformat()}).context["rows"]
    assert [(row["is_item"], row["is_allowed"]) for row in rows] == [(True, False), (False, True)]
    late = client.get(page, {"platform": "television", "on": (TODAY + timedelta(days=200)).isoformat()})
    assert [row["is_allowed"] for row in late.context["rows"]] == [False, False]
    assert "The grant has ended." in late.content.decode()
    assert signed_in(make_user(make_broadcaster_rtv())).get(page).status_code == 404
    assert client.get(page, {"territory": "12345"}).context["rows"] == []
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(page, {"on": day}).context["rows"] == []


def test_the_holder_asks_for_a_partner_with_place_platform_and_day(module, rts, ptrc, officer, signed_in):
    item = make_item(rts)
    make_grant(item, grantee=ptrc, platforms=["television"], territories=["KZ"])
    client, page = signed_in(officer), address("item_usability", item)
    assert client.get(page).context["rows"][0]["is_allowed"]
    asked = {"broadcaster": ptrc.pk, "platform": "television", "on": (TODAY + timedelta(days=2)).isoformat()}
    assert client.get(page, asked | {"territory": "KZ"}).context["rows"][0]["is_allowed"]
    refused = client.get(page, asked | {"territory": "RS"})
    assert not refused.context["rows"][0]["is_allowed"]
    assert "Kazakhstan" in refused.context["rows"][0]["messages"][0]


def test_a_day_is_allowed_only_if_all_of_it_is(module, rts, ptrc, producer, signed_in):
    from psycopg.types.range import Range

    from archive.periods import start_of

    item = make_item(rts)
    middle = start_of(TODAY, "Asia/Almaty") + timedelta(hours=12)
    make_grant(item, grantee=ptrc, period=Range(middle - timedelta(days=9), middle))
    page = address("item_usability", item)
    client = signed_in(producer)
    assert not client.get(page, {"on": TODAY.isoformat()}).context["rows"][0]["is_allowed"]
    assert client.get(page, {"on": (TODAY - timedelta(days=1)).isoformat()}).context["rows"][0]["is_allowed"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_every_language(language, module, rts, ptrc, officer, producer, signed_in):
    item = make_item(rts)
    make_instantiation(item, file=make_media_file(rts))
    UnderlyingRight.objects.create(item=item, kind="music", clearance="cleared", territories=["KZ"])
    asked = make_footage_request(ptrc, make_segment(item), territories=["KZ"])
    licence = make_licence(ptrc, make_item(rts), seconds=40)
    grant = make_grant(item, grantee=ptrc)
    use = GrantUse.objects.create(
        grant=grant, broadcaster=ptrc, started_at=timezone.now(), used_ms=1000, platform="radio"
    )
    delivery = create_delivery(grant, actor=producer, broadcaster=ptrc)
    for user in (officer, producer):
        client = signed_in(user)
        client.cookies["django_language"] = language
        for row in (asked, licence, grant, use, delivery):
            assert client.get(page_of(row)).status_code == 200, row
            assert client.get(list_of(row._meta.model_name)).status_code == 200, row
        assert client.get(address("item_usability", item)).status_code == 200
        assert client.get(page_of(item)).status_code == 200
    client = signed_in(officer)
    client.cookies["django_language"] = language
    for name in ("footagerequest_decide", "footagerequest_quote"):
        assert client.get(address(name, asked)).status_code == 200


@pytest.mark.parametrize("noun", ["footagerequest", "licence", "grant", "footagedelivery", "grantuse"])
def test_lists_ask_as_many_queries_for_three_rows_as_for_one(noun, module, rts, ptrc, officer, signed_in):
    def add():
        licence = make_licence(ptrc, make_segment(make_item(rts)))
        grant = licence.grants.get()
        grant.deliveries.create(broadcaster=ptrc)
        GrantUse.objects.create(
            grant=grant, broadcaster=ptrc, started_at=timezone.now(), used_ms=1000, platform="radio"
        )

    client = signed_in(officer)
    add()
    client.get(list_of(noun))
    with CaptureQueriesContext(connection) as one:
        client.get(list_of(noun))
    add()
    add()
    with CaptureQueriesContext(connection) as three:
        client.get(list_of(noun))
    assert len(three) == len(one)
