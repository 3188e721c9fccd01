import pytest
from django.test import Client

from mediaexchange.core.inbox.models import Notification, NotificationChoice
from tests.factories import make_user

pytestmark = pytest.mark.django_db
INBOX = "/admin/core/notification/"
KIND = "newsexchange.request-arrived"


def signed_in(user):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    return client


@pytest.fixture
def desk(reader):
    return signed_in(reader)


def test_the_bell_counts_on_every_page_and_the_inbox_leads_to_the_subject(desk, reader, ask):
    wanted = ask("Snow in Belgrade")
    assert '<span class="mx-bell-count"' in desk.get("/admin/").content.decode()
    page = desk.get(INBOX).content.decode()
    (row,) = Notification.objects.filter(recipient=reader)
    assert "asks for a story: Snow in Belgrade" in page
    assert f"{INBOX}{row.pk}/open/" in page
    answer = desk.get(f"{INBOX}{row.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/newsexchange/storyrequest/{wanted.pk}/change/")
    assert '<span class="mx-bell-count"' not in desk.get("/admin/").content.decode()


def test_nobody_opens_or_marks_what_is_anothers(desk, reader, rts, ask):
    ask()
    (row,) = Notification.objects.filter(recipient=reader)
    other = signed_in(make_user(rts, is_superuser=True))
    for address in (f"{INBOX}{row.pk}/open/", f"{INBOX}{row.pk}/change/"):
        assert other.get(address).status_code == 404
    other.post(f"{INBOX}mark/", {"uid": str(row.uid)})
    assert "Snow" not in other.get(INBOX).content.decode()
    row.refresh_from_db()
    assert row.read_at is None


def test_the_chosen_or_all_that_were_shown_are_marked_as_read(desk, reader, ask):
    for subject in ("Snow", "Rain", "Wind"):
        ask(subject)
    first, second, third = Notification.objects.filter(recipient=reader).order_by("pk")
    answer = desk.post(f"{INBOX}mark/?unread=1&app=newsexchange", {"uid": [str(first.uid), "nonsense"]}, follow=True)
    assert answer.redirect_chain == [(f"{INBOX}?unread=1&app=newsexchange", 302)]
    assert "1 notification is read now." in answer.content.decode()
    desk.post(f"{INBOX}mark/", {"all": "1", "up_to": str(second.pk)})
    assert list(Notification.objects.unread().filter(recipient=reader)) == [third]
    assert desk.get(f"{INBOX}mark/").status_code == 405


def test_the_inbox_is_narrowed_and_paged(desk, reader, ask, monkeypatch):
    monkeypatch.setattr("mediaexchange.core.inbox.admin.ON_A_PAGE", 2)
    for subject in ("Snow", "Rain", "Wind"):
        ask(subject)
    page = desk.get(INBOX).content.decode()
    assert [subject in page for subject in ("Wind", "Rain", "Snow")] == [True, True, False]
    _youngest, second, _oldest = Notification.objects.filter(recipient=reader)
    assert f"?before={second.pk}" in page
    assert "Snow" in desk.get(INBOX, {"before": second.pk}).content.decode()
    assert "Nothing of this kind." in desk.get(INBOX, {"app": "archive"}).content.decode()
    assert "Wind" in desk.get(INBOX, {"app": "nonsense", "before": "9" * 30}).content.decode()


def test_what_is_gone_is_told_as_gone(desk, reader, ask):
    ask("Snow").delete()
    (row,) = Notification.objects.filter(recipient=reader)
    gone = "What this is about cannot be seen by you now."
    assert gone in desk.get(INBOX).content.decode()
    answer = desk.get(f"{INBOX}{row.pk}/open/", follow=True)
    assert answer.redirect_chain == [(INBOX, 302)]


def test_choices_are_made_on_a_page_and_hold(desk, reader, ask):
    page = desk.get(f"{INBOX}choices/").content.decode()
    assert "desk@example.org" in page
    fields = dict.fromkeys(_names(page), "inbox") | {KIND: "off", "digest_hour": "18"}
    answer = desk.post(f"{INBOX}choices/", fields, follow=True)
    assert "Your choices are kept." in answer.content.decode()
    reader.refresh_from_db()
    assert reader.digest_hour == 18
    assert NotificationChoice.objects.get(user=reader, kind=KIND).way == "off"
    ask()
    assert not Notification.objects.filter(recipient=reader).exists()
    assert "Select a valid choice" in desk.post(f"{INBOX}choices/", fields | {KIND: "pigeon"}).content.decode()


def _names(page):
    return [piece.split('"')[0] for piece in page.split('<select name="')[1:] if "." in piece.split('"')[0]]
