"""Shot lists on the item's pages: taken along, and looked at before they become segments."""

from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from archive.models import Segment
from broadcasters.constants import Role
from tests.archive.admin.conftest import page_of
from tests.archive.edl import EDL
from tests.archive.factories import make_instantiation, make_item, make_media_file, make_segment
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CONTENT = EDL.encode()


@pytest.fixture
def item(rts):
    return make_item(rts)


@pytest.fixture
def copy(item):
    return make_instantiation(item, start_timecode="10:00:00:00", duration_ms=3_600_000)


def lists_of(item):
    return reverse("admin:archive_item_shot_list", args=[item.pk])


def file_of(item, format, copy=None):
    address = reverse("admin:archive_item_shot_list_file", args=[item.pk, format])
    return f"{address}?copy={copy.uid}" if copy else address


def sent(content=CONTENT, name="voz.edl", **fields):
    return {"rate": "", "charset": "", "document": SimpleUploadedFile(name, content)} | fields


def confirmation_of(response):
    """What the page's button would send."""
    (form,) = html.document_fromstring(response.content.decode()).xpath("//*[@id='preview']//form")
    return dict(form.form_values())


def test_a_list_is_looked_at_and_then_made_segments(archivist, item, copy, signed_in):
    client = signed_in(archivist)
    preview = client.post(lists_of(item), sent(instantiation=copy.pk))
    assert preview.status_code == 200
    assert not Segment.objects.exists()
    shown = preview.context["preview"]
    assert [(row.begins, row.ends, row.titles, row.shot.reel) for row in shown.rows] == [
        ("10:00:10:00", "10:00:20:00", [("kk", "Қонақтардың келуі")], "TAPE1")
    ]
    assert [(place, str(reason)) for place, reason, _detail in shown.refused] == [
        (5, "The event shows no footage but black or colour bars."),
        (6, "This timecode does not occur at this frame rate."),
        (7, "The event begins before the footage’s first timecode."),
    ]
    confirmed = confirmation_of(preview)
    assert client.post(lists_of(item), confirmed).url == f"{page_of(item)}#viewer"
    segment = Segment.objects.get()
    assert (segment.in_frame, segment.out_frame, segment.instantiation) == (250, 500, copy)
    assert (segment.title_kk, segment.created_by) == ("Қонақтардың келуі", archivist)
    client.post(lists_of(item), confirmed)
    assert Segment.objects.count() == 1
    again = client.post(lists_of(item), sent(instantiation=copy.pk)).context["preview"]
    assert (again.number, again.known, again.number_refused) == (0, 1, 3)


def test_other_settings_are_tried_without_choosing_the_file_again(archivist, item, copy, signed_in):
    client = signed_in(archivist)
    fast = client.post(lists_of(item), sent(instantiation=copy.pk, rate="fast"))
    assert set(fast.context["form"].errors) == {"rate"}
    kept = html.document_fromstring(fast.content.decode()).xpath("//*[@id='import']//*[@name='kept']")[0].get("value")
    thirty = client.post(lists_of(item), {"kept": kept, "instantiation": copy.pk, "rate": "30", "charset": ""})
    assert [row.shot.rate for row in thirty.context["preview"].rows] == [Fraction(30)]
    client.post(lists_of(item), confirmation_of(thirty))
    assert (Segment.objects.get().in_frame, Segment.objects.get().rate) == (300, 30)


def test_what_is_no_list_is_refused_in_the_form(archivist, item, signed_in):
    client = signed_in(archivist)
    for content, said in (
        (b"{}", "This is no OpenTimelineIO document."),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "The text is in no charset that is known here."),
        (b"", "This field is required."),
    ):
        answer = client.post(lists_of(item), sent(content) if content else {"rate": ""})
        assert said in answer.content.decode(), content
        assert answer.context["preview"] is None
    assert not Segment.objects.exists()


@pytest.mark.parametrize("format", ["otio", "edl"])
def test_segments_go_out_with_the_copys_timecodes_and_come_back_the_same(archivist, item, copy, signed_in, format):
    make_segment(item, title_kk="Келу", instantiation=copy)
    client = signed_in(archivist)
    assert file_of(item, format, copy) in client.get(lists_of(item)).content.decode()
    answer = client.get(file_of(item, format, copy))
    assert f'filename="{item.identifier}.{format}"' in answer.headers["Content-Disposition"]
    assert "Келу".encode() in answer.content
    assert format == "otio" or b"10:00:10:00 10:00:50:00" in answer.content
    preview = client.post(lists_of(item), sent(answer.content, instantiation=copy.pk)).context["preview"]
    assert (preview.number, preview.known, preview.number_refused) == (0, 1, 0)


def test_segments_of_several_rates_are_refused_as_an_edit_list_with_a_message(archivist, item, signed_in):
    make_segment(item)
    make_segment(item, rate_numerator=30000, rate_denominator=1001)
    client = signed_in(archivist)
    refused = client.get(file_of(item, "edl"), follow=True)
    assert refused.redirect_chain[-1][0] == lists_of(item)
    assert [str(message) for message in refused.context["messages"]] == [
        "The segments have several frame rates; an edit list has one."
    ]
    assert client.get(file_of(item, "otio")).status_code == 200


def test_partners_take_lists_along_and_only_archivists_of_the_house_bring_them(
    partner, rts, module, item, copy, signed_in
):
    make_segment(item, instantiation=copy)
    for user in (partner, make_user(rts, role=Role.VIEWER)):
        client = signed_in(user)
        assert lists_of(item) in client.get(page_of(item)).content.decode()
        page = client.get(lists_of(item))
        assert (page.status_code, "form" in page.context) == (200, False)
        assert client.get(file_of(item, "edl", copy)).status_code == 200
        assert client.post(lists_of(item), sent() | {"deed": "apply"}).status_code == 403
    elsewhere = make_instantiation(make_item(rts))
    assert client.get(file_of(item, "edl", elsewhere)).status_code == 404
    assert client.get(f"{file_of(item, 'edl')}?copy=x").status_code == 404
    assert client.get(file_of(item, "pdf")).status_code == 404
    item.access = "house"
    item.save()
    client = signed_in(partner)
    for address in (lists_of(item), file_of(item, "edl"), reverse("admin:archive_item_shot_list", args=[987654])):
        assert client.get(address).status_code == 404
    assert client.post(lists_of(item), sent()).status_code == 404
    assert Segment.objects.count() == 1


def test_segments_are_counted_from_what_the_player_shows_unless_some_are_of_another_copy(archivist, item, signed_in):
    film = make_instantiation(item, file=make_media_file(item.broadcaster), start_timecode="01:00:00:00")
    make_segment(item)
    client = signed_in(archivist)
    assert b"01:00:10:00 01:00:50:00" in client.get(file_of(item, "edl")).content
    page = client.get(lists_of(item))
    assert page.context["form"].initial == {"instantiation": film}
    assert [begins for _what, begins, *_more in page.context["lists"]] == ["01:00:00:00"]
    make_segment(item, in_frame=0, instantiation=make_instantiation(item, start_timecode="05:00:00:00"))
    page = client.get(lists_of(item))
    assert [begins for _what, begins, *_more in page.context["lists"]] == ["00:00:00:00", "05:00:00:00"]
    assert b"00:00:10:00 00:00:50:00" in client.get(file_of(item, "edl")).content
