"""Links to media: who may open which, and for how long; the stories' own are tested with them."""

import io
import json
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from archive.constants import StepKind
from archive.models import Derivative, Item
from archive.services.link import LinkExpiredError, make_link, open_link, opener
from archive.services.viewing import OPEN_TO_PARTNERS, derivative_for, file_link, preview_kind, shown_file, view_link
from broadcasters.models import Membership
from mediaexchange.core.keys import issue_key, revoke_key
from mediaexchange.core.stores import media_store
from tests.archive.factories import (
    make_archive_module,
    make_instantiation,
    make_item,
    make_media_file,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PLAYLIST = b"#EXTM3U\n#EXTINF:4,\npart0.ts\n"
FOLDERS = {StepKind.HLS: {"index.m3u8": PLAYLIST, "part0.ts": b"\x47" * 188}}
TYPES = {
    StepKind.PROXY: "video/mp4", StepKind.WATERMARK: "video/mp4", StepKind.POSTER: "image/jpeg",
    StepKind.KEYFRAMES: "image/jpeg", StepKind.SPRITE: "image/jpeg", StepKind.WAVEFORM: "image/png",
    StepKind.HLS: "application/vnd.apple.mpegurl",
}  # fmt: skip


def put(name, content):
    media_store().put(name, io.BytesIO(content))


def make_derivatives(file, kinds=tuple(TYPES)):
    """As a pipeline leaves them; what each holds names its kind."""
    for kind in kinds:
        name = f"derivatives/{file.uid}/{kind}"
        folder = FOLDERS.get(kind)
        content = f"{kind} of {file.uid}".encode() * 40
        for part, inside in (folder or {}).items():
            put(f"{name}/{part}", inside)
        if folder is None:
            put(name, content)
        Derivative.objects.create(
            file=file, kind=kind, storage_name=name, content_type=TYPES[kind],
            size_bytes=sum(map(len, folder.values())) if folder else len(content),
            facts={"names": list(folder)} if folder else {},
        )  # fmt: skip


@pytest.fixture
def footage(rts, ptrc):
    """A reel of Belgrade's that Astana reads in an archive module, with everything a pipeline makes."""
    make_archive_module(rts, ptrc)
    item = make_item(rts, identifier="REEL-7")
    file = make_media_file(rts)
    make_instantiation(item, file=file)
    make_derivatives(file)
    return SimpleNamespace(item=item, file=file, own=make_user(rts), partner=make_user(ptrc))


def fetch(address, **headers):
    response = Client(raise_request_exception=False).get(urlsplit(address).path, headers=headers)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def code_of(response):
    return response.status_code, response.json()["code"]


def test_ones_own_house_looks_at_everything(footage):
    for kind in TYPES:
        address, ends_at = view_link(footage.item, kind, user=footage.own)
        response = fetch(address)
        assert response.status_code == 200, kind
        assert 0 < (ends_at - timezone.now()).total_seconds() <= 300
    assert preview_kind(footage.item, footage.own) == StepKind.PROXY


def test_a_partner_gets_pictures_and_the_preview_with_a_watermark_and_nothing_clean(footage):
    assert preview_kind(footage.item, footage.partner) == StepKind.WATERMARK
    for kind in TYPES:
        if kind in OPEN_TO_PARTNERS:
            assert fetch(view_link(footage.item, kind, user=footage.partner)[0]).status_code == 200
        else:
            with pytest.raises(Derivative.DoesNotExist):
                derivative_for(footage.item, kind, footage.partner)
            forged, _ends_at = make_link("item-media", footage.item.uid, user=footage.partner, kind=kind)
            for path in (forged, f"{forged}/index.m3u8", f"{forged}/part0.ts"):
                assert code_of(fetch(f"/media/{path}")) == (404, "not-found"), (kind, path)


def test_the_masters_are_saved_by_their_own_house_alone(footage):
    response = fetch(file_link(footage.file, user=footage.own)[0])
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="still.png"'
    assert code_of(fetch(file_link(footage.file, user=footage.partner)[0])) == (404, "not-found")


def test_pictures_and_previews_are_shown_in_their_place_and_run_nothing(footage):
    response = fetch(view_link(footage.item, StepKind.PROXY, user=footage.own)[0])
    assert response.headers["Content-Disposition"] == 'inline; filename="REEL-7-proxy.mp4"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_playlist_lies_beside_its_parts_and_nothing_else_does(footage):
    address, _ends_at = view_link(footage.item, StepKind.HLS, user=footage.own)
    assert address.endswith("/index.m3u8")
    playlist = fetch(address)
    assert (playlist.body, playlist.headers["Content-Type"]) == (PLAYLIST, "application/vnd.apple.mpegurl")
    folder = address.rpartition("/")[0]
    part = fetch(f"{folder}/part0.ts", range="bytes=0-9")
    assert (part.status_code, part.body, part.headers["Content-Type"]) == (206, b"\x47" * 10, "video/mp2t")
    for wrong in ("part1.ts", "..", "..%2fproxy", "INDEX.M3U8"):
        assert fetch(f"{folder}/{wrong}").status_code == 404, wrong
    assert fetch(folder).status_code == 404
    poster = view_link(footage.item, StepKind.POSTER, user=footage.own)[0]
    assert fetch(f"{poster}/index.m3u8").status_code == 404


def withdraw(footage):
    Item.objects.filter(pk=footage.item.pk).update(status="withdrawn")


def embargo(footage):
    Item.objects.filter(pk=footage.item.pk).update(embargoed_until=timezone.now() + timedelta(hours=1))


def close_house(footage):
    Item.objects.filter(pk=footage.item.pk).update(access="house")


def end_membership(footage):
    Membership.objects.filter(user=footage.partner).delete()


def deactivate(footage):
    type(footage.partner).objects.filter(pk=footage.partner.pk).update(is_active=False)


@pytest.mark.parametrize("close", [withdraw, embargo, close_house, end_membership, deactivate])
def test_what_closes_between_link_and_use_closes_the_link(footage, close):
    address = view_link(footage.item, StepKind.WATERMARK, user=footage.partner)[0]
    assert fetch(address).status_code == 200
    close(footage)
    assert code_of(fetch(address)) == (404, "not-found")
    assert code_of(fetch(address, range="bytes=0-9")) == (404, "not-found")


def test_a_link_of_a_key_dies_with_it(footage):
    footage.own.is_service = True
    key, _text = issue_key(footage.own, name="tests", scopes=["archive:read"])
    address = view_link(footage.item, StepKind.POSTER, user=footage.own, key=key)[0]
    assert fetch(address).status_code == 200
    revoke_key(key)
    assert fetch(address).status_code == 404


def test_a_link_ends_when_it_says_and_never_later_than_in_five_minutes(footage):
    short, ends_at = make_link("file", footage.file.uid, user=footage.own, seconds=10)
    _long, latest = make_link("file", footage.file.uid, user=footage.own, seconds=86_400)
    assert (latest - timezone.now()).total_seconds() <= 300
    with time_machine.travel(ends_at + timedelta(seconds=1)):
        assert code_of(fetch(f"/media/{short}")) == (410, "link-expired")
        with pytest.raises(LinkExpiredError):
            open_link(short)
    assert fetch(f"/media/{short}").status_code == 200


def test_a_link_that_somebody_made_up_is_404(footage):
    token, _ends_at = make_link("file", footage.file.uid, user=footage.own)
    body, rest = token.split(":", 1)
    own_words = json.loads(signing.b64_decode(body.lstrip(".").encode())) if not body.startswith(".") else {}
    for wrong in (
        f"{body[:-2]}AA:{rest}", token[:-1], "x", "a:b:c", signing.dumps(own_words or {"t": "file"}, salt="another"),
    ):  # fmt: skip
        assert code_of(fetch(f"/media/{wrong}")) == (404, "not-found"), wrong


def test_a_kind_has_one_opener_and_nobody_makes_links_that_nobody_opens(footage):
    with pytest.raises(ValueError, match="already"):
        opener("file")(lambda _claims: None)
    with pytest.raises(ValueError, match="nobody opens"):
        make_link("nonsense", footage.file.uid, user=footage.own)


def test_all_kinds_come_from_the_file_that_plays(rts, footage):
    still = make_media_file(rts, content=b"%PDF-1.7 a script", name="script.pdf")
    make_instantiation(footage.item, file=still, generation="original")
    make_derivatives(still, [StepKind.POSTER])
    assert shown_file(footage.item) == footage.file
    assert derivative_for(footage.item, StepKind.POSTER, footage.own).file == footage.file


def test_lost_bytes_are_a_failure_of_ours(footage):
    address = view_link(footage.item, StepKind.POSTER, user=footage.own)[0]
    media_store().delete(f"derivatives/{footage.file.uid}/poster")
    assert code_of(fetch(address)) == (503, "store-unreachable")


def test_what_an_opener_calls_inline_is_saved_unless_it_is_a_picture_sound_or_playlist(footage):
    Derivative.objects.filter(kind=StepKind.POSTER).update(content_type="text/html")
    response = fetch(view_link(footage.item, StepKind.POSTER, user=footage.own)[0])
    assert response.headers["Content-Disposition"].startswith("attachment")
