"""Shares total 100 per cent by whatever road they are written, one at a time and side by side."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import OutboxEvent
from productions.models import Milestone, Partner, Production, RuleSet
from productions.services.partner import Share, advice_on, set_shares
from tests.factories import make_broadcaster, make_user
from tests.productions.factories import make_production, stage_of
from tests.productions.refusals import refused


def shares_of(production):
    return {row.broadcaster.slug: row.share_percent for row in production.partners.select_related("broadcaster")}


def halves(rts, ptrc, first="50", second="50", **fields):
    return [Share(rts, Decimal(first), is_editorial_lead=True, **fields), Share(ptrc, Decimal(second))]


def raw(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def save_with(partner, share):
    partner.share_percent = Decimal(share)
    partner.save()


ROADS = {
    "a model's save": lambda p: save_with(p, "49.99"),
    "a queryset's update": lambda p: Partner.objects.filter(pk=p.pk).update(share_percent="50.01"),
    "plain SQL": lambda p: raw("UPDATE productions_partner SET share_percent = 49.99 WHERE id = %s", p.pk),
    "one that leaves": lambda p: p.delete(),
    "one that comes": lambda p: Partner.objects.create(
        production_id=p.production_id, broadcaster=make_broadcaster("rtv"), share_percent="0.01"
    ),
    "one that changes sides": lambda p: Partner.objects.filter(pk=p.pk).update(
        production=make_production(make_broadcaster("rtv"))
    ),
}


def to_the_end(deed, *values):
    """As a transaction of its own would: what is deferred is checked."""
    with transaction.atomic():
        deed(*values)
        connection.check_constraints()


@pytest.mark.django_db
@pytest.mark.parametrize("road", ROADS)
def test_shares_that_do_not_total_a_hundred_are_refused_by_the_database(road, production):
    partner = production.partners.get(broadcaster__slug="ptrc")
    with pytest.raises(IntegrityError, match="total"):
        to_the_end(ROADS[road], partner)


@pytest.mark.django_db
def test_a_production_without_partners_is_refused_by_the_database(production):
    production.pk = production.id = None
    production.uid, production.slug = uuid4(), "nobodys"
    production.stage = stage_of("idea")
    with pytest.raises(IntegrityError, match="total 0"):
        to_the_end(production.save)


@pytest.mark.django_db
def test_shares_are_changed_all_at_once_and_both_partners_are_told(production, rts, ptrc, producer):
    rtv = make_broadcaster("rtv")
    production.module.parties.add(rtv)
    wanted = [
        Share(rts, Decimal("33.34"), "lead", Decimal("10"), is_editorial_lead=True, holds_final_cut=True),
        Share(ptrc, Decimal("33.33"), holds_final_cut=True),
        Share(rtv, Decimal("33.33"), "associate"),
    ]
    stored = set_shares(production, wanted, actor=producer, seen=Production.objects.get().shares_revision)
    assert shares_of(production) == {"rts": Decimal("33.34"), "ptrc": Decimal("33.33"), "rtv": Decimal("33.33")}
    lead = production.partners.get(is_editorial_lead=True)
    assert (lead.broadcaster, lead.cash_percent) == (rts, Decimal("23.34"))
    assert stored.shares_revision > production.shares_revision
    told = OutboxEvent.objects.filter(kind="production.shares-changed")
    assert told.get().audience == sorted([rts.pk, ptrc.pk, rtv.pk])
    set_shares(production, wanted, actor=producer)
    assert told.count() == 1, "the same shares again are no change"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second", "off_by"), [("50", "49.99", "-0.01"), ("50.01", "50", "0.01"), ("100", "0.01", "0.01")]
)
def test_what_is_missing_or_too_much_is_said(first, second, off_by, production, rts, ptrc, producer):
    with pytest.raises(DomainError) as error:
        set_shares(production, halves(rts, ptrc, first, second), actor=producer)
    assert (error.value.code, error.value.details["off_by"]) == ("shares-total", off_by)
    assert shares_of(production) == {"rts": Decimal("50"), "ptrc": Decimal("50")}


@pytest.mark.django_db
def test_shares_that_cannot_be_are_refused_with_a_reason(production, rts, ptrc, producer):
    stranger = make_broadcaster("bbc")
    for code, wanted in {
        "not-a-party": [*halves(rts, ptrc, "50", "40"), Share(stranger, Decimal(10))],
        "partner-twice": [*halves(rts, ptrc, "50", "25"), Share(ptrc, Decimal(25))],
        "maker-missing": [Share(ptrc, Decimal(100))],
        "share-too-fine": halves(rts, ptrc, "50.005", "49.995"),
        "share-impossible": halves(rts, ptrc, in_kind_percent=Decimal("50.01")),
        "two-leads": [*halves(rts, ptrc)[:1], Share(ptrc, Decimal(50), is_editorial_lead=True)],
    }.items():
        with pytest.raises(DomainError) as error:
            set_shares(production, wanted, actor=producer)
        assert error.value.code == code


@pytest.mark.django_db
def test_only_producers_and_administrators_of_partners_change_shares(production, rts, ptrc):
    wanted = halves(rts, ptrc, "60", "40")
    for somebody in (make_user(rts, Role.EDITOR), make_user(make_broadcaster("rtv"), Role.PRODUCER)):
        with pytest.raises(ForbiddenError):
            set_shares(production, wanted, actor=somebody)
    set_shares(production, wanted, actor=make_user(ptrc, Role.ADMINISTRATOR))
    assert shares_of(production)["rts"] == 60


@pytest.mark.django_db
def test_shares_that_somebody_has_changed_meanwhile_are_not_overwritten(production, rts, ptrc, producer):
    seen = Production.objects.get().shares_revision
    set_shares(production, halves(rts, ptrc, "60", "40"), actor=producer, seen=seen)
    with refused("shares-changed"):
        set_shares(production, halves(rts, ptrc, "40", "60"), actor=producer, seen=seen)
    assert shares_of(production)["rts"] == 60


@pytest.mark.django_db
def test_a_partner_who_owes_something_does_not_leave(production, rts, ptrc, producer):
    Milestone.objects.create(
        production=production, owner=production.partners.get(broadcaster=ptrc), title_en="Rough cut",
        due_on="2027-03-01", time_zone="Asia/Almaty",
    )  # fmt: skip
    with pytest.raises(ConflictError) as error:
        set_shares(production, [Share(rts, Decimal(100))], actor=producer)
    assert error.value.code == "partner-has-parts"
    assert shares_of(production) == {"rts": Decimal("50"), "ptrc": Decimal("50")}


@pytest.mark.django_db
def test_rules_warn_and_never_refuse(production, rts, ptrc, producer):
    production.rule_set = RuleSet.objects.get(slug="council-of-europe-2017")
    production.save()

    def codes():
        return [each.code for each in advice_on(Production.objects.get())]

    assert codes() == []
    set_shares(production, halves(rts, ptrc, "90", "10", holds_final_cut=True), actor=producer)
    assert codes() == []
    set_shares(production, halves(rts, ptrc, "90.01", "9.99"), actor=producer)
    assert codes() == ["no-final-cut", "share-outside-rules", "share-outside-rules"]
    rtv = make_broadcaster("rtv")
    production.module.parties.add(rtv)
    three = [*halves(rts, ptrc, "80", "15", holds_final_cut=True), Share(rtv, Decimal("5"))]
    set_shares(production, three, actor=producer)
    assert codes() == [], "three partners have other bounds"


def in_a_thread(deed, failures):
    def work():
        try:
            deed()
        except (DatabaseError, DomainError) as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=0.5)
    assert thread.is_alive(), "it waits for the other"
    return thread


@pytest.mark.django_db(transaction=True)
def test_two_producers_who_change_shares_at_once_follow_each_other(rts, ptrc):
    """The second decides on what the first has left; side by side it would have put back who was taken out."""
    rtv, failures = make_broadcaster("rtv"), []
    production = make_production(rts, ptrc)
    production.module.parties.add(rtv)
    with transaction.atomic():
        set_shares(production, [Share(rts, Decimal(50)), Share(rtv, Decimal(50))], actor=None)
        thread = in_a_thread(lambda: set_shares(production, halves(rts, ptrc, "60", "40"), actor=None), failures)
    thread.join(timeout=10)
    assert failures == []
    assert shares_of(production) == {"rts": Decimal("60"), "ptrc": Decimal("40")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
def test_who_writes_shares_past_the_services_at_the_same_time_is_refused(level, rts, ptrc):
    """Both are right by what they have read; together they would make 110 per cent."""
    production, rtv, failures = make_production(rts, ptrc), make_broadcaster("rtv"), []
    rows = Partner.objects.filter(production=production)

    def replace_ptrc():
        with transaction.atomic():
            raw(f"SET TRANSACTION ISOLATION LEVEL {level}")
            assert sum(shares_of(production).values()) == 100
            rows.filter(broadcaster=ptrc).delete()
            Partner.objects.create(production=production, broadcaster=rtv, share_percent=Decimal(50))

    with transaction.atomic():
        rows.filter(broadcaster=rts).update(share_percent=60)
        rows.filter(broadcaster=ptrc).update(share_percent=40)
        thread = in_a_thread(replace_ptrc, failures)
    thread.join(timeout=10)
    assert len(failures) == 1
    assert shares_of(production) == {"rts": Decimal("60"), "ptrc": Decimal("40")}
