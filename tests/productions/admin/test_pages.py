"""The producers' pages: what they show to whom, and that their buttons are the services."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from broadcasters.constants import Role
from broadcasters.services.module import move_module
from productions.constants import Criterion
from productions.models import Milestone, PilotReview, Production, RuleSet
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_producer, make_production, make_production_module, stage_of

pytestmark = pytest.mark.django_db
BOARD = "/admin/productions/production/board/"


def signed_in(user, language="en"):
    client = Client()
    client.force_login(user, backend="broadcasters.auth.RoleBackend")
    client.cookies["django_language"] = language
    return client


def page(production, name="change", *more):
    return reverse(f"admin:productions_production_{name}", args=[production.pk, *more])


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_board_shows_each_partner_its_productions_with_what_blocks_them(rts, ptrc, producer, partner):
    module = make_production_module(rts, ptrc)
    ready = make_production(rts, ptrc, module=module, stage="post-production", name_en="Liberators")
    idea = make_production(rts, ptrc, module=module, is_shared=False, name_en="Secret idea")
    Milestone.objects.create(
        production=ready, owner=ready.partners.get(broadcaster=ptrc), title_en="Sound mix", due_on="2020-03-01",
        time_zone="Asia/Almaty",
    )  # fmt: skip
    move_module(module, actor=make_user(rts, Role.ADMINISTRATOR), state="paused", reason="Elections")
    shown = text_of(signed_in(producer).get(BOARD))
    for words in ("Liberators", "Secret idea", "Elections", "Sound mix", "RTS, PTRC", "post-production"):
        assert words in shown
    theirs = text_of(signed_in(partner).get(BOARD))
    assert "Liberators" in theirs
    assert "Secret idea" not in theirs
    assert "Liberators" not in text_of(signed_in(make_producer(make_broadcaster("rtv"))).get(BOARD))
    assert "Secret idea" in text_of(signed_in(producer).get(BOARD, {"kind": "documentary", "partner": "ptrc"}))
    assert "Liberators" not in text_of(signed_in(producer).get(BOARD, {"kind": "series"}))
    assert idea.slug


def test_the_board_asks_the_database_as_often_for_three_cards_as_for_one(rts, ptrc, producer):
    module, client = make_production_module(rts, ptrc), signed_in(producer)

    def more():
        made = make_production(rts, ptrc, module=module, stage="post-production")
        Milestone.objects.create(
            production=made, owner=made.partners.get(broadcaster=ptrc), title_en="Sound mix", due_on="2020-03-01",
            time_zone="Asia/Almaty",
        )  # fmt: skip

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(address))
        return len(queries)

    more()
    client.get(BOARD)
    addresses = (BOARD, reverse("admin:productions_production_changelist"))
    once = [asked(address) for address in addresses]
    more()
    more()
    assert [asked(address) for address in addresses] == once


def test_a_card_is_moved_by_its_list_and_a_form_that_asks_why(rts, ptrc, producer):
    production = make_production(rts, ptrc, stage="production")
    client = signed_in(producer)
    asked = client.get(page(production, "go"), {"stage": "development"})
    assert asked.url == page(production, "move", "development")
    assert "Reason" in text_of(client.get(asked.url))
    assert "required" in text_of(client.post(asked.url, {"reason": ""}))
    client.post(asked.url, {"reason": "The script changes"})
    production.refresh_from_db()
    assert production.stage.slug == "development"
    assert "The script changes" in text_of(client.get(page(production)))


def test_what_blocks_a_move_is_listed_with_links_before_anything_is_asked(rts, ptrc, producer):
    module = make_production_module(rts, ptrc)
    production = make_production(rts, ptrc, module=module, stage="post-production")
    move_module(module, actor=make_user(rts, Role.ADMINISTRATOR), state="paused", reason="Elections")
    client = signed_in(producer)
    shown = text_of(client.get(page(production, "move", "delivery")))
    assert "Elections" in shown
    assert reverse("admin:broadcasters_module_change", args=[module.pk]) in shown
    assert "<textarea" not in shown
    client.post(page(production, "move", "delivery"), {"reason": "all the same"})
    production.refresh_from_db()
    assert production.stage.slug == "post-production"


def test_shares_are_stored_as_a_whole_or_not_at_all(production, rts, ptrc, producer):
    client = signed_in(producer)
    address = page(production, "shares")
    assert "50.00" in text_of(client.get(address))
    seen = Production.objects.get().shares_revision
    body = {
        f"p{rts.pk}-share_percent": "60", f"p{rts.pk}-role": "lead", f"p{rts.pk}-holds_final_cut": "on",
        f"p{ptrc.pk}-share_percent": "39.99", f"p{ptrc.pk}-role": "co-producer", "lead": str(ptrc.pk), "seen": seen,
    }  # fmt: skip
    shown = text_of(client.post(address, body))
    assert "99.99" in shown
    assert "0.01 are missing" in shown
    assert client.post(address, body | {f"p{ptrc.pk}-share_percent": "40"}).status_code == 302
    partners = {row.broadcaster: row for row in production.partners.all()}
    assert (partners[rts].share_percent, partners[ptrc].is_editorial_lead) == (60, True)
    later = {f"p{rts.pk}-share_percent": "61", f"p{ptrc.pk}-share_percent": "39"}
    assert "Look at them again" in text_of(client.post(address, body | later))


def test_a_comma_is_a_decimal_separator_where_people_write_one(production, rts, ptrc, producer):
    client = signed_in(producer, "sr")
    body = {
        f"p{rts.pk}-share_percent": "60,5", f"p{rts.pk}-role": "lead", f"p{ptrc.pk}-share_percent": "39,5",
        f"p{ptrc.pk}-role": "co-producer",
    }  # fmt: skip
    assert client.post(page(production, "shares"), body).status_code == 302
    assert {str(row.share_percent) for row in production.partners.all()} == {"60.50", "39.50"}


def test_members_read_and_others_are_told_nothing(production, rts):
    reader, stranger = signed_in(make_user(rts, Role.VIEWER)), signed_in(make_producer(make_broadcaster("rtv")))
    for name, more in (("change", ()), ("shares", ()), ("pilot", ())):
        assert production.name_en in text_of(reader.get(page(production, name, *more)))
        assert stranger.get(page(production, name, *more)).status_code == 404
    assert reader.get(page(production, "move", "development")).status_code == 403
    assert reader.post(page(production, "shares"), {}).status_code == 403
    assert stranger.post(page(production, "move", "development"), {}).status_code == 404


def test_a_producer_begins_an_idea_and_shares_it(rts, ptrc, producer, partner):
    module, client = make_production_module(rts, ptrc), signed_in(producer)
    stage_of("idea")
    body = {
        "slug": "great-steppe", "made_by": rts.pk, "module": module.pk, "kind": "documentary", "episodes": "1",
        "name_en": "Women of the Great Steppe", "languages": "",
    }  # fmt: skip
    made = client.post(reverse("admin:productions_production_add"), body)
    assert made.status_code == 302, text_of(made)
    production = Production.objects.get()
    assert "Only" in text_of(client.get(page(production)))
    assert signed_in(partner).get(page(production)).status_code == 404
    client.post(page(production, "share"))
    assert Production.objects.get().is_shared


def test_a_pilot_is_marked_and_decided_on_its_page(rts, ptrc, producer, partner):
    production = make_production(rts, ptrc, stage="pilot", is_pilot=True)
    client, address = signed_in(producer), page(production, "pilot")
    assert client.post(address, {"deed": "open", "due_on": ""}).status_code == 302
    review = PilotReview.objects.get()
    for number, who in enumerate((client, signed_in(partner))):
        marks = {f"mark-{criterion}": number + 3 for criterion in Criterion.values}
        house = ("rts", "ptrc")[number]
        sent = {"deed": "mark", "review": review.pk, "house": house, "note-cost": f"Dear for {house}"} | marks
        assert who.post(address, sent).status_code == 302
    shown = text_of(client.get(address))
    assert "Dear for rts" in shown
    assert "Dear for ptrc" in shown
    refused = client.post(address, {"deed": "decide", "review": review.pk, "decision": "scale", "reason": ""})
    assert "Give a reason" in text_of(refused)
    decided = {"deed": "decide", "review": review.pk, "decision": "scale", "reason": "Watched by many"}
    assert client.post(address, decided).status_code == 302
    administrator = signed_in(make_user(rts, Role.ADMINISTRATOR))
    assert "Do so, with this reason" not in text_of(client.get(address))
    assert "Do so, with this reason" in text_of(administrator.get(address))
    administrator.post(address, {"deed": "module", "review": review.pk})
    production.module.refresh_from_db()
    assert production.module.state == "scaled"


def test_stages_show_their_moves_and_keep_their_meaning(rts):
    client = signed_in(make_user(rts, Role.ADMINISTRATOR))
    delivery = stage_of("delivery")
    shown = text_of(client.get(reverse("admin:productions_stage_change", args=[delivery.pk])))
    assert "post-production" in shown
    assert 'name="is_delivering"' not in shown
    assert client.get(reverse("admin:productions_stage_changelist")).status_code == 200


def test_rules_of_shares_are_written_as_the_reader_writes_numbers(producer):
    RuleSet.objects.update_or_create(
        slug="eurimages",
        defaults={
            "bilateral_least": 10, "bilateral_most": 90, "multilateral_least": "2.5", "multilateral_most": 70,
            "name_en": "Council of Europe",
        },
    )  # fmt: skip
    text = text_of(signed_in(producer, "kk").get(reverse("admin:productions_ruleset_changelist")))
    assert "10–90 %" in text
    assert "2,5–70 %" in text
