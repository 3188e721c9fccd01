"""Memoranda and modules: signatures plainly marked, states moved with a reason."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from broadcasters.constants import ModuleState, Role, SignatureStatus
from broadcasters.models import Broadcaster, Memorandum, Module, ModuleMove, Party
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.models import OutboxEvent, User
from tests.broadcasters.admin_pages import add_of, list_of, make_memorandum, page_of, rts, signed_in
from tests.broadcasters.calendar_factories import make_diplomatic_event
from tests.factories import make_broadcaster, make_key, make_module, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make_user(rts(), role=Role.ADMINISTRATOR)


def ptrc() -> Broadcaster:
    return make_broadcaster("ptrc")


def test_a_signature_that_is_only_announced_says_so_with_its_sources(administrator: User) -> None:
    page = signed_in(administrator).get(page_of(make_memorandum(rts()))).content.decode()
    assert "Announced only: the signature is not corroborated." in page
    assert 'href="https://example.org/1"' in page


def test_a_sources_address_that_is_not_of_the_web_is_not_a_link(administrator: User) -> None:
    memorandum = make_memorandum(rts())
    memorandum.parties.get().sources.update(url="javascript:alert(1)")
    page = signed_in(administrator).get(page_of(memorandum)).content.decode()
    assert "Agency report" in page
    assert "javascript:alert" not in page


def new_memorandum(*parties: Broadcaster) -> dict[str, Any]:
    values: dict[str, Any] = {"slug": "new", "name_en": "New", "languages": "", "dated_on": "2026", "renewal": "none"}
    values |= {"parties-TOTAL_FORMS": len(parties), "parties-INITIAL_FORMS": 0}
    values |= {f"{rows}-{count}_FORMS": 0 for rows in ("clauses", "texts") for count in ("TOTAL", "INITIAL")}
    for number, party in enumerate(parties):
        values |= {f"parties-{number}-broadcaster": party.pk, f"parties-{number}-signature_status": "announced"}
    return values


def test_an_administrator_writes_down_a_memorandum_of_their_own_broadcaster(administrator: User) -> None:
    assert signed_in(administrator).post(add_of(Memorandum), new_memorandum(rts(), ptrc())).status_code == 302
    assert set(Memorandum.objects.get().parties.values_list("broadcaster__slug", flat=True)) == {"rts", "ptrc"}


def test_a_memorandum_among_others_cannot_be_written_down(administrator: User) -> None:
    values = new_memorandum(ptrc(), make_broadcaster("rtv"))
    assert signed_in(administrator).post(add_of(Memorandum), values).status_code == 200
    assert not Memorandum.objects.exists()


def test_an_announced_signature_cannot_carry_a_date(administrator: User) -> None:
    party = make_memorandum(rts()).parties.get()
    values = {"signature_status": "announced", "signed_on": "2026-02-27"}
    values |= {"sources-TOTAL_FORMS": 0, "sources-INITIAL_FORMS": 0}
    client = signed_in(administrator)
    assert client.post(page_of(party), values).status_code == 200
    assert client.post(page_of(party), values | {"signature_status": "signed"}).status_code == 302
    assert Party.objects.get().signature_status == SignatureStatus.SIGNED


def move(client: Any, module: Module, name: str, reason: str = "Elections") -> Any:
    address = reverse(f"admin:broadcasters_module_{name}", args=[module.pk])
    assert client.get(address).status_code in {200, 403, 404}
    return client.post(address, {"reason": reason})


def test_a_module_moves_through_all_its_states_with_reasons(administrator: User) -> None:
    module = make_module(rts(), ptrc(), state=ModuleState.PROPOSED)
    client = signed_in(administrator)
    for name in ("start", "scale", "pause", "start", "end"):
        assert move(client, module, name, f"Why {name}").status_code == 302
    module.refresh_from_db()
    assert module.state == ModuleState.ENDED
    assert list(ModuleMove.objects.order_by("pk").values_list("to_state", flat=True)) == [
        "active", "scaled", "paused", "active", "ended",
    ]  # fmt: skip
    assert OutboxEvent.objects.filter(kind="module.moved").count() == 5
    page = client.get(page_of(module)).content.decode()
    assert "Why scale" in page
    assert administrator.username in page


def test_what_was_told_of_a_move_stays_when_the_module_moves_on(administrator: User) -> None:
    module, other = make_module(rts(), ptrc(), state=ModuleState.PROPOSED), make_user(ptrc(), Role.ADMINISTRATOR)
    for name in ("start", "pause", "start"):
        move(signed_in(administrator), module, name, f"Why {name}")
    with override("en"):
        rows = with_texts(Notification.objects.filter(recipient=other).order_by("pk"), other)
    said = [row.text.partition(" is now: ")[2] for row in rows]
    assert said == [
        f"{state}. The reason given: “Why {name}”."
        for state, name in (("active", "start"), ("paused", "pause"), ("active", "start"))
    ]


def test_a_move_without_a_reason_is_asked_again(administrator: User) -> None:
    module = make_module(rts(), state=ModuleState.ACTIVE)
    assert move(signed_in(administrator), module, "pause", " ").status_code == 200
    module.refresh_from_db()
    assert module.state == ModuleState.ACTIVE


def test_only_moves_that_can_be_made_now_are_offered_and_accepted(administrator: User) -> None:
    module = make_module(rts(), state=ModuleState.PROPOSED)
    client = signed_in(administrator)
    page = client.get(page_of(module)).content.decode()
    assert reverse("admin:broadcasters_module_start", args=[module.pk]) in page
    assert reverse("admin:broadcasters_module_pause", args=[module.pk]) not in page
    assert move(client, module, "pause").status_code == 403


def test_only_administrators_of_a_party_move_a_module() -> None:
    module = make_module(rts(), state=ModuleState.ACTIVE)
    assert move(signed_in(make_user(rts(), role=Role.EXCHANGE_DESK)), module, "pause").status_code == 403
    assert move(signed_in(make_user(ptrc(), role=Role.ADMINISTRATOR)), module, "pause").status_code == 404
    assert move(signed_in(make_user(is_superuser=True)), module, "pause").status_code == 403
    module.refresh_from_db()
    assert module.state == ModuleState.ACTIVE


def test_the_form_of_a_module_cannot_change_its_state(administrator: User) -> None:
    module = make_module(rts(), state=ModuleState.PROPOSED)
    values = {"name_en": "Renamed", "area": "training", "state": "active", "parties": [rts().pk]}
    values |= {f"{rows}-{count}_FORMS": 0 for rows in ("moves", "reviews") for count in ("TOTAL", "INITIAL")}
    assert signed_in(administrator).post(page_of(module), values).status_code == 302
    module.refresh_from_db()
    assert (module.name_en, module.state) == ("Renamed", ModuleState.PROPOSED)


def test_names_are_shown_in_the_readers_script(administrator: User) -> None:
    make_module(rts(), name_sr="Размена вести")
    client = signed_in(administrator)
    client.cookies["django_language"] = "sr-latn"
    assert "Razmena vesti" in client.get(list_of(Module)).content.decode()


def test_saving_a_module_keeps_the_memoranda_that_the_administrator_cannot_see(administrator: User) -> None:
    own, foreign = make_memorandum(rts()), make_memorandum(ptrc(), slug="foreign")
    module = make_module(rts(), ptrc())
    module.memoranda.set([own, foreign])
    client = signed_in(administrator)
    assert "Memorandum foreign" not in client.get(page_of(module)).content.decode()
    values = {"name_en": "Renamed", "area": "training", "parties": [rts().pk, ptrc().pk], "memoranda": []}
    values |= {f"{rows}-{count}_FORMS": 0 for rows in ("moves", "reviews") for count in ("TOTAL", "INITIAL")}
    assert client.post(page_of(module), values).status_code == 302
    assert set(module.memoranda.all()) == {foreign}


def test_who_only_looks_on_reads_no_memorandum_of_others_beside_a_module_or_an_event() -> None:
    own, foreign = make_memorandum(rts()), make_memorandum(ptrc(), slug="foreign")
    module, event = make_module(rts(), ptrc()), make_diplomatic_event(is_published=True)
    for record in (module, event):
        record.memoranda.set([own, foreign])
    viewer = make_user(rts(), role=Role.VIEWER)
    for record in (module, event):
        page = signed_in(viewer).get(page_of(record)).content.decode()
        assert str(own) in page
        assert "Memorandum foreign" not in page
    answer = Client().get(f"/api/v1/modules/{module.slug}/", headers={"authorization": f"Bearer {make_key(rts())}"})
    assert answer.json()["memoranda"] == [own.slug]
