"""What the admin's pages share: the history from the audit trail, and the platform's own pages."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from broadcasters.constants import Role
from broadcasters.models import Place
from mediaexchange.celery import app
from mediaexchange.core.context import acting
from mediaexchange.core.models import AuditEntry, User
from tests.broadcasters.admin_pages import page_of, rts, signed_in
from tests.factories import make_broadcaster, make_module, make_place, make_user

pytestmark = pytest.mark.django_db

PLACE = {"kind": "city", "country_code": "RS", "time_zone": "Europe/Belgrade", "existence": "present"} | {
    f"variants-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")
}


@pytest.fixture
def administrator() -> User:
    return make_user(rts(), role=Role.ADMINISTRATOR, username="milica")


def test_the_history_tells_who_changed_which_field_from_what_to_what(administrator: User) -> None:
    place, parent = make_place("nis"), make_place("serbia", kind="country")
    client = signed_in(administrator)
    assert client.post(page_of(place), PLACE | {"name_en": "Niš", "parent": parent.pk}).status_code == 302
    page = client.get(page_of(place, "history")).content.decode()
    assert "milica" in page
    assert "<del" in page
    assert "Nis</del>" in page
    assert "Niš</ins>" in page
    assert "Serbia</ins>" in page
    assert "the system" in page
    assert not LogEntry.objects.exists()


def test_a_colleague_of_another_broadcaster_is_not_named(administrator: User) -> None:
    place = make_place()
    with acting(make_user(make_broadcaster("ptrc"), username="aigerim").pk):
        Place.objects.filter(pk=place.pk).update(name_en="Beograd")
    page = signed_in(administrator).get(page_of(place, "history")).content.decode()
    assert "aigerim" not in page
    assert "somebody of another broadcaster" in page


def test_texts_in_the_history_say_which_language_they_are_in(administrator: User) -> None:
    place = make_place()
    Place.objects.filter(pk=place.pk).update(name_sr="Београд", name_kk="Белград")
    page = signed_in(administrator).get(page_of(place, "history")).content.decode()
    said = dict(re.findall(r'<ins [^>]*lang="([^"]+)">([^<]+)</ins>', page))
    assert {tag: said[tag] for tag in ("sr-Cyrl", "kk")} == {"sr-Cyrl": "Београд", "kk": "Белград"}


def test_old_texts_in_the_history_are_escaped(administrator: User) -> None:
    place = make_place(name_en="<script>alert(1)</script>")
    assert "<script>alert(1)" not in signed_in(administrator).get(page_of(place, "history")).content.decode()


def test_a_long_history_is_shown_in_pages(administrator: User) -> None:
    place = make_place()
    for number in range(60):
        Place.objects.filter(pk=place.pk).update(name_en=f"Name {number}")
    client = signed_in(administrator)
    first, second = (client.get(page_of(place, "history"), {"p": page}).content.decode() for page in (1, 2))
    assert "Name 59</ins>" in first
    assert "Name 1</ins>" in second
    assert "Name 59</ins>" not in second


def test_moments_in_the_history_are_written_as_the_reader_writes_them(administrator: User) -> None:
    module = make_module(rts(), state_changed_at=datetime(2026, 2, 27, 8, 30, tzinfo=UTC))
    client = signed_in(administrator)
    client.cookies["django_language"] = "ru"
    assert "27 февраля 2026" in client.get(page_of(module, "history")).content.decode()


PLATFORM = [
    "core_auditentry",
    "django_celery_beat_periodictask",
    "django_celery_beat_intervalschedule",
    "django_celery_beat_crontabschedule",
    "django_celery_beat_solarschedule",
    "django_celery_beat_clockedschedule",
]


@pytest.mark.parametrize("name", PLATFORM)
def test_the_platforms_pages_are_for_superusers(name: str, administrator: User) -> None:
    address = reverse(f"admin:{name}_changelist")
    assert signed_in(make_user(is_superuser=True)).get(address).status_code == 200
    assert signed_in(administrator).get(address).status_code == 403


def test_a_superuser_plans_a_task(administrator: User) -> None:
    page = signed_in(make_user(is_superuser=True)).get(reverse("admin:django_celery_beat_periodictask_add"))
    assert page.status_code == 200
    assert "regtask" in page.content.decode()


@pytest.mark.parametrize(
    ("task", "told", "queued"),
    [("mediaexchange.core.tasks.number_outbox", "1 task was sent off.", 1), ("gone.tasks.old", "none was run", 0)],
)
def test_a_superuser_sends_off_a_task_and_one_that_nobody_knows_is_named(task: str, told: str, queued: int) -> None:
    every = IntervalSchedule.objects.create(every=1, period="days")
    planned = PeriodicTask.objects.create(name="Sweep at night", task=task, interval=every, queue="trial")
    client = signed_in(make_user(is_superuser=True))
    address = reverse("admin:django_celery_beat_periodictask_changelist")
    page = client.post(address, {"action": "run_tasks", "_selected_action": planned.pk}, follow=True).content.decode()
    assert told in page
    with app.connection_for_read() as broker:
        assert broker.default_channel.client.llen("trial") == queued
        broker.default_channel.client.delete("trial")


def test_audit_entries_are_filtered_and_never_changed(administrator: User) -> None:
    client = signed_in(make_user(is_superuser=True))
    make_place()
    entry = AuditEntry.objects.filter(table_name="broadcasters_place").latest("pk")
    address = reverse("admin:core_auditentry_changelist")
    assert page_of(entry) in client.get(address, {"table": "broadcasters_place", "action": "insert"}).content.decode()
    assert page_of(entry) not in client.get(address, {"table": "broadcasters_person"}).content.decode()
    assert page_of(entry) in client.get(address, {"q": entry.row_pk}).content.decode()
    assert client.get(page_of(entry)).status_code == 200
    assert client.post(page_of(entry), {"action": "delete"}).status_code == 403
    assert client.post(page_of(entry, "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("language", ["en", "kk", "ru", "sr", "sr-latn"])
def test_the_sign_in_page_speaks_every_language(language: str) -> None:
    client = signed_in(make_user())
    client.logout()
    client.cookies["django_language"] = language
    assert client.get(reverse("admin:login")).status_code == 200


def test_the_language_is_switched_from_every_page(administrator: User) -> None:
    client, address = signed_in(administrator), page_of(make_place())
    page = client.get(address).content.decode()
    assert 'action="/i18n/setlang/"' in page
    for language in ("sr", "sr-latn", "kk", "ru", "en"):
        assert f'value="{language}"' in page
        assert client.post("/i18n/setlang/", {"language": language, "next": address}).status_code == 302
        assert f'lang="{language}"' in client.get(address).content.decode()


def test_an_address_of_the_admin_that_leads_nowhere_looks_like_the_rest_of_it_and_one_outside_does_not():
    client = signed_in(make_user(make_broadcaster()))
    answer = client.get("/admin/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here that you can see." in answer.content.decode()
    assert "/admin/" not in client.get("/nowhere/").content.decode()


def test_people_are_called_by_their_names_and_accounts_without_one_by_their_logins(administrator: User) -> None:
    place = make_place()
    User.objects.filter(pk=administrator.pk).update(first_name="Милица", last_name="Ристић", language="sr-latn")
    with acting(administrator.pk):
        Place.objects.filter(pk=place.pk).update(name_en="Beograd")
    client = signed_in(administrator)
    history = client.get(page_of(place, "history")).content.decode()
    assert "Милица Ристић" in history
    assert str(User(username="api-rts", is_service=True)) == "api-rts"
    people = client.get(reverse("admin:core_user_changelist")).content.decode()
    assert re.search(r"field-username[^>]*>\s*(<[^>]*>\s*)*milica", people)  # the accounts' own list keeps the login
    assert re.search(r"field-language[^>]*>\s*(<[^>]*>\s*)*Srpski", people)
    memberships = client.get(reverse("admin:broadcasters_membership_changelist")).content.decode()
    assert re.search(r"field-login[^>]*>\s*(<[^>]*>\s*)*milica", memberships)
    assert "Милица Ристић" in memberships
