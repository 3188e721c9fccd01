from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from broadcasters.constants import Role
from mediaexchange.core.languages import keep_list, normalise
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from mediaexchange.core.models import AuditEntry, KeepWord
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db

SENTENCE = "Festival Zaokret i Reuters u Beogradu."
PAGE = "admin:core_both_scripts"


@pytest.fixture(autouse=True)
def list_in_the_database(db: None) -> Iterator[None]:
    """As the migration leaves it: tests that empty all tables may have run before."""
    if not KeepWord.objects.exists():
        import_module("mediaexchange.core.migrations.0002_rules").fill(apps, None)
    keep_list.forget()
    keep_list.install()
    yield
    normalise.keep_from(lambda: DEFAULT_KEEP)
    keep_list.forget()


def signed_in(client: Client, role: Role) -> Client:
    client.force_login(make_user(make_broadcaster(), role, language="sr-latn"))
    return client


def test_the_list_begins_with_the_usual_words() -> None:
    assert set(KeepWord.objects.values_list("text", flat=True)) == DEFAULT_KEEP
    assert normalise_text(SENTENCE, "sr-Latn") == "Фестивал Заокрет и Reuters у Београду."


def test_a_word_added_elsewhere_is_noticed_after_a_while_without_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("mediaexchange.core.languages.keep_list.time.monotonic", lambda: clock[0])
    normalise_text(SENTENCE, "sr-Latn")
    KeepWord.objects.create(text="Zaokret")
    KeepWord.objects.filter(text="Reuters").update(is_active=False)
    clock[0] += keep_list.SECONDS - 1
    assert "Заокрет" in normalise_text(SENTENCE, "sr-Latn")
    clock[0] += 1
    assert normalise_text(SENTENCE, "sr-Latn") == "Фестивал Zaokret и Реутерс у Београду."


def test_many_texts_cost_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        for _ in range(50):
            normalise_text(SENTENCE, "sr-Latn")


def test_an_editor_adds_a_word_and_it_holds_at_once(client: Client) -> None:
    editor = signed_in(client, Role.EDITOR)
    normalise_text(SENTENCE, "sr-Latn")
    answer = editor.post(reverse("admin:core_keepword_add"), {"text": "Zaokret", "is_active": "on", "note": ""})
    assert answer.status_code == 302
    assert "Zaokret" in normalise_text(SENTENCE, "sr-Latn")
    assert AuditEntry.objects.filter(table_name="core_keepword", action="insert").exists()


@pytest.mark.parametrize("text", ["Заокрет", " BBC", "2026", ""])
def test_only_latin_words_are_taken(client: Client, text: str) -> None:
    signed_in(client, Role.EDITOR).post(reverse("admin:core_keepword_add"), {"text": text, "is_active": "on"})
    assert set(KeepWord.objects.values_list("text", flat=True)) <= DEFAULT_KEEP


def test_a_viewer_reads_the_list_and_cannot_change_it(client: Client) -> None:
    viewer = signed_in(client, Role.VIEWER)
    assert viewer.get(reverse("admin:core_keepword_changelist")).status_code == 200
    assert viewer.get(reverse("admin:core_keepword_add")).status_code == 403


def test_a_sentence_is_shown_in_both_scripts(client: Client) -> None:
    viewer = signed_in(client, Role.VIEWER)
    assert viewer.get(reverse(PAGE)).status_code == 200
    page = viewer.post(reverse(PAGE), {"text": "Tanjug i BBC: <b>njegova</b> injekcija"}).content.decode()
    assert "Танјуг и BBC" in page
    assert "његова" in page
    assert "Tanjug i BBC" in page
    assert "<b>njegova" not in page
    cyrillic = viewer.post(reverse(PAGE), {"text": "Љубав и ЊУЈОРК"}).content.decode()
    assert "Ljubav i NJUJORK" in cyrillic


def test_nobody_sees_the_page_without_a_role(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(reverse(PAGE)).status_code in {302, 403}
