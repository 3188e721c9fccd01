"""What partners are told of their productions: once, in their language, and only while they see it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from broadcasters.constants import Role
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.notifications import all_kinds, link_of, texts_of
from productions.models import Production, Stage
from productions.services.partner import Share, set_shares
from productions.services.stage import move_production
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_producer, make_production, make_production_module

pytestmark = pytest.mark.django_db


def told(person):
    rows = list(Notification.objects.filter(recipient=person).order_by("pk"))
    return [text for _pk, text in sorted(texts_of(rows, person).items())]


def test_the_other_partners_producers_are_told_in_their_language_and_whoever_acted_is_not(rts, ptrc, producer, partner):
    make_user(ptrc, Role.VIEWER)
    film = make_production(rts, ptrc, name_kk="Дала", name_en="Steppe")
    move_production(film, actor=producer, stage=Stage.objects.get(slug="development"))
    shares = [Share(rts, Decimal(70), role="lead"), Share(ptrc, Decimal(30))]
    set_shares(film, shares, actor=producer)
    set_shares(film, shares, actor=producer)  # the same again is no news
    assert told(producer) == []
    with override("en"):
        assert told(partner) == ["“Steppe” is now at this stage: development.", "The shares in “Steppe” have changed."]
    with override("kk"):
        assert all("Дала" in text for text in told(partner))
        assert not any("Steppe" in text for text in told(partner))
    assert set(Notification.objects.values_list("recipient", flat=True)) == {partner.pk}
    row = Notification.objects.select_related("recipient").filter(recipient=partner).first()
    assert link_of(row) == reverse("admin:productions_production_change", args=[film.pk])


def test_what_has_gone_out_of_sight_is_told_no_more(rts, ptrc, producer, partner):
    rtv = make_broadcaster("rtv")
    film = make_production(rts, ptrc, rtv, module=make_production_module(rts, ptrc, rtv))
    set_shares(film, [Share(rts, Decimal(60)), Share(ptrc, Decimal(20)), Share(rtv, Decimal(20))], actor=producer)
    assert len(told(partner)) == 1
    set_shares(film, [Share(rts, Decimal(60)), Share(rtv, Decimal(40))], actor=producer)
    assert told(partner) == []
    row = Notification.objects.select_related("recipient").filter(recipient=partner).first()
    assert link_of(row) == ""
    assert len(told(make_producer(rtv))) == 0  # who came later was told of nothing


def test_every_kind_of_productions_has_a_title_and_reads_rows_that_exist():
    kinds = [kind for kind in all_kinds() if kind.app == "productions"]
    assert len({kind.code for kind in kinds}) == len(kinds) > 15
    for kind in kinds:
        assert str(kind.title)
        row = Notification(recipient=make_user(), kind=kind.code, subject_uid=Production().uid)
        assert kind.tell([row]) == {}  # a subject that is not there, of whatever model
        assert kind.link(row) == ""
