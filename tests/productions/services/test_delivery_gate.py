"""Nothing is delivered without both finals and cleared footage: by services, by stages, by bare SQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.types.range import Range

from archive.models import Grant, UnderlyingRight
from archive.services.licence import revoke_licence
from broadcasters.models import Module
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.rights.source_types import SYNTHETIC
from mediaexchange.core.rights.territories import SETS
from productions import delivery_in_sql
from productions.constants import DeliveryBar
from productions.models import ArchiveUse, Deliverable, LanguageVersion, Stage
from productions.services.archive_use import change_use, contribute_use
from productions.services.deliverable import accept_deliverable, deliver, reject_deliverable
from productions.services.stage import blockers_of, move_production
from productions.services.version import move_version, review_version, save_version
from tests.archive.factories import make_grant, make_item, make_licence, make_segment
from tests.factories import make_broadcaster
from tests.productions.delivery import (
    approve,
    houses_of,
    make_deliverable,
    make_final,
    make_footage,
    make_ready,
    make_revision,
    make_version,
    use_footage,
)
from tests.productions.factories import make_producer, make_production

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(rts, ptrc):
    return make_production(rts, ptrc, stage="post-production")


@pytest.fixture
def tanjug():
    """A house that is no partner and has footage."""
    return make_broadcaster("tanjug")


def refused_by_database(statement: str, *values: object) -> str:
    """The name of the rule that the database itself refuses with."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return caught.value.__cause__.diag.constraint_name


def bars_of(use: ArchiveUse) -> set[str]:
    return set(ArchiveUse.objects.with_bars().get(pk=use.pk).bars)


def codes(error: ConflictError) -> set[str]:
    return {reason["code"] for reason in error.details["reasons"]}


def write_status(row: Deliverable, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE productions_deliverable SET status = %s, delivered_at = now(), reason = 'x' WHERE id = %s",
            [status, row.pk],
        )


def test_by_no_road_is_a_final_cut_delivered_without_both_approvals(production, rts, ptrc):
    row = make_deliverable(make_version(production))
    make_revision(production, "fine-cut")
    final = make_revision(production)
    approve(final, rts)
    with pytest.raises(ConflictError) as refused:
        deliver(row, actor=None)
    (reason,) = refused.value.details["reasons"]
    assert (reason["code"], reason["broadcaster"]) == ("final-cut-unapproved", "ptrc")
    assert "Presidential TV" in reason["message"]
    assert reason["link"].endswith(f"/revision/{final.pk}/change/")
    delivery = Stage.objects.filter(is_delivering=True).order_by("position").first()
    with pytest.raises(ConflictError) as refused:
        move_production(production, actor=None, stage=delivery)
    assert "final-cut-unapproved" in codes(refused.value)
    for statement, key in (
        ("UPDATE productions_deliverable SET status = 'delivered', delivered_at = now() WHERE id = %s", row.pk),
        ("UPDATE productions_deliverable SET status = 'accepted', delivered_at = now() WHERE id = %s", row.pk),
        ("UPDATE productions_languageversion SET status = 'delivered' WHERE id = %s", row.version_id),
    ):
        assert refused_by_database(statement, key) == "productions_delivery_gate"
    assert (
        refused_by_database("UPDATE productions_production SET stage_id = %s WHERE id = %s", delivery.pk, production.pk)
        == "productions_delivery_gate"
    )
    copied = (
        "INSERT INTO productions_deliverable (uid, version_id, broadcaster_id, supplier_id, kind, specification,"
        " status, reason, instantiation_id, delivered_at) SELECT gen_random_uuid(), version_id, broadcaster_id,"
        " supplier_id, 'stills', '', 'delivered', '', instantiation_id, now()"
        " FROM productions_deliverable WHERE id = %s"
    )
    assert refused_by_database(copied, row.pk) == "productions_delivery_gate"
    approve(final, ptrc)
    assert deliver(row, actor=None).status == "delivered"
    move_production(production, actor=None, stage=delivery)


def test_a_new_revision_voids_the_approvals_of_the_last(production):
    row = make_ready(production)
    make_revision(production)
    assert [each.code for each in blockers_of(production, "delivering")] == ["final-cut-unapproved"] * 2
    with pytest.raises(ConflictError):
        deliver(row, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        write_status(row, "delivered")


def test_without_any_final_cut_nothing_is_delivered(production):
    row = make_deliverable(make_version(production))
    with pytest.raises(ConflictError) as refused:
        deliver(row, actor=None)
    assert codes(refused.value) == {"final-cut-missing"}


def test_one_uncleared_use_refuses_delivery_and_is_listed_with_its_link(production, rts, ptrc, tanjug):
    row = make_ready(production)
    licensed = make_footage(tanjug, rts, ptrc)
    make_licence(rts, licensed, territories=["RS", "KZ"])
    use_footage(production, licensed)
    bare = use_footage(production, make_item(tanjug, identifier="REEL-BARE", title_en="Parade"))
    with pytest.raises(ConflictError) as refused:
        deliver(row, actor=None)
    (reason,) = refused.value.details["reasons"]
    assert reason["code"] == "licence-missing"
    assert reason["archive_use"] == str(bare.uid)
    assert reason["link"].endswith(f"/archiveuse/{bare.pk}/change/")
    assert reason["message"] == "Parade (REEL-BARE): no licence."
    with pytest.raises(IntegrityError), transaction.atomic():
        write_status(row, "delivered")
    bare.delete()
    assert deliver(row, actor=None).status == "delivered"


def test_an_expired_and_a_revoked_licence_refuse_delivery(production, rts, ptrc, tanjug):
    row = make_ready(production)
    footage = make_footage(tanjug, rts, ptrc)
    licence = make_licence(rts, footage, territories=["RS", "KZ"])
    use = use_footage(production, footage)
    assert use.licence == licence
    assert bars_of(use) == set()
    now = timezone.now()
    period = Range(now - timedelta(days=9), now - timedelta(days=2))
    Grant.objects.filter(licence=licence).update(period=period)
    with pytest.raises(ConflictError) as refused:
        deliver(row, actor=None)
    (reason,) = refused.value.details["reasons"]
    assert (reason["code"], reason["licence"]) == ("licence-expired", licence.number)
    assert licence.number in reason["message"]
    with pytest.raises(IntegrityError), transaction.atomic():
        write_status(row, "accepted")
    Grant.objects.filter(licence=licence).update(period=Range(now - timedelta(days=9), now + timedelta(days=2)))
    assert bars_of(use) == set()
    revoke_licence(licence, actor=None, reason="sold")
    assert bars_of(use) == {"licence-revoked"}


def test_each_gap_of_a_grant_has_its_code(production, rts, ptrc, tanjug):
    footage = make_footage(tanjug, rts, ptrc)
    use = use_footage(production, footage)
    assert bars_of(use) == {"licence-missing"}
    now = timezone.now()

    def granted(**fields: object) -> set[str]:
        grant = make_grant(footage.item, **{"grantee": rts} | fields)
        ArchiveUse.objects.filter(pk=use.pk).update(grant=grant)
        found = bars_of(use)
        ArchiveUse.objects.filter(pk=use.pk).update(grant=None)
        grant.delete()
        return found

    assert granted() == set()
    assert granted(grantee=tanjug) == {"licensed-to-another"}
    assert granted(period=Range(now + timedelta(days=1), now + timedelta(days=9))) == {"licence-not-begun"}
    assert granted(embargoed_until=now + timedelta(days=1)) == {"licence-held-back"}
    assert granted(holdback_until=now + timedelta(days=1), holdback_platforms=["web"]) == set()
    assert granted(holdback_until=now + timedelta(days=1), holdback_platforms=["television"]) == {"licence-held-back"}
    assert granted(segment=make_segment(footage.item, in_frame=0, out_frame=500)) == {"stretch-not-licensed"}
    assert granted(seconds=39) == {"seconds-exceeded"}
    assert granted(seconds=40) == set()
    assert granted(territories=["RS"]) == {"territory-not-licensed"}
    assert granted(territories=["CIS", "RS"]) == set()
    assert granted(platforms=["radio", "web"]) == {"platform-not-licensed"}
    make_version(production, "kk-Cyrl", kind="dub")
    assert granted(languages=["kk"]) == set()
    assert granted(languages=["sr"]) == {"language-not-licensed"}


def test_what_is_shown_where_is_told_by_the_windows(production, rts, ptrc, tanjug):
    from productions.models import Window

    footage = make_footage(tanjug, rts, ptrc)
    make_grant(footage.item, grantee=rts, territories=["RS", "KZ"], platforms=["television"])
    use = use_footage(production, footage)
    assert bars_of(use) == set()
    holder = production.partners.get(broadcaster=rts)
    now = timezone.now()
    window = Window.objects.create(
        production=production, holder=holder, territories=["RU"], platforms=["streaming"], starts_at=now,
        ends_at=now + timedelta(days=30), time_zone="Europe/Belgrade",
    )  # fmt: skip
    assert bars_of(use) == {"territory-not-licensed", "platform-not-licensed"}
    Window.objects.filter(pk=window.pk).update(cancelled_at=now, cancelled_reason="sold")
    assert bars_of(use) == set()


def test_rights_of_others_in_the_stretch_hold_delivery_up(production, rts, ptrc):
    segment = make_segment(make_item(ptrc))
    use = contribute_use(use_footage(production, segment), actor=None)
    assert bars_of(use) == set()
    right = UnderlyingRight.objects.create(item=segment.item, kind="music", clearance="uncleared")
    assert bars_of(use) == {"rights-of-others"}
    for fields, is_burdened in (
        ({"clearance": "cleared"}, False),
        ({"clearance": "cleared", "territories": ["EU"]}, True),
        ({"clearance": "cleared", "territories": ["RS", "CIS"]}, False),
        ({"clearance": "cleared", "platforms": ["radio"]}, True),
        ({"clearance": "cleared", "ends_at": timezone.now()}, True),
        ({"clearance": "refused", "segment": make_segment(segment.item, in_frame=1250, out_frame=1300)}, False),
        ({"clearance": "refused", "segment": make_segment(segment.item, in_frame=1249, out_frame=1300)}, True),
    ):
        reset = {"territories": [], "platforms": [], "ends_at": None, "segment": None}
        UnderlyingRight.objects.filter(pk=right.pk).update(**reset | fields)
        assert bars_of(use) == ({"rights-of-others"} if is_burdened else set()), fields


def test_seconds_of_all_productions_under_one_grant_count(production, rts, ptrc, tanjug):
    footage = make_footage(tanjug, rts, ptrc)
    make_grant(footage.item, grantee=rts, seconds=60)
    first = use_footage(production, footage)
    second = use_footage(make_production(rts, ptrc), footage)
    assert first.grant == second.grant
    assert bars_of(first) == bars_of(second) == {"seconds-exceeded"}
    change_use(second, actor=None, segment=None, in_ms=10_000, out_ms=30_000, grant=second.grant)
    assert bars_of(first) == set()


def test_only_the_holders_people_bring_its_footage_in(production, rts, ptrc, tanjug):
    use = use_footage(production, make_item(ptrc))
    with pytest.raises(DomainError) as refused:
        contribute_use(use, actor=make_producer(rts))
    assert refused.value.status == 403
    foreign = use_footage(production, make_item(tanjug))
    with pytest.raises(DomainError) as refused:
        contribute_use(foreign, actor=None)
    assert refused.value.code == "not-a-partner"


def test_while_the_module_rests_nothing_is_delivered_and_the_reason_is_told(production):
    row = make_ready(production)
    Module.objects.filter(pk=production.module_id).update(state="paused", state_reason_en="No money this year")
    with pytest.raises(ConflictError) as refused:
        deliver(row, actor=None)
    assert codes(refused.value) == {"module-not-running"}
    assert "No money this year" in refused.value.details["reasons"][0]["message"]
    with pytest.raises(IntegrityError), transaction.atomic():
        write_status(row, "delivered")
    Module.objects.filter(pk=production.module_id).update(state="active")
    assert deliver(row, actor=None).status == "delivered"


def test_synthetic_content_is_not_delivered_without_its_mark(production, rts):
    make_final(production)
    version = make_version(production, "kk-Cyrl", kind="dub", ai_use="synthetic")
    row = make_deliverable(version)

    def lacking() -> set[str]:
        with pytest.raises(ConflictError) as refused:
            deliver(row, actor=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            write_status(row, "delivered")
        return codes(refused.value)

    assert lacking() == {"ai-unreviewed", "ai-unmarked"}
    version.ai_tool, version.ai_label = "Voice of the steppe 3", "Жасанды дауыс"
    version.digital_source_type = "digitalCapture"
    declared = {"ai_tool", "ai_label", "digital_source_type"}
    save_version(version, actor=None, changed=declared)
    assert lacking() == {"ai-unreviewed", "ai-unmarked"}
    version.digital_source_type = "trainedAlgorithmicMedia"
    save_version(version, actor=None, changed=declared)
    assert lacking() == {"ai-unreviewed"}
    reviewed = review_version(version, actor=make_producer(rts))
    assert deliver(row, actor=None).status == "delivered"
    reviewed.ai_label = ""
    with pytest.raises(ConflictError):
        save_version(reviewed, actor=None, changed={"ai_label"})
    assert (
        refused_by_database("UPDATE productions_languageversion SET ai_label = '' WHERE id = %s", version.pk)
        == "productions_version_marked"
    )


def test_a_version_that_says_nothing_of_ai_is_not_delivered(production):
    make_final(production)
    version = make_version(production, ai_use="")
    move_version(version, actor=None, status="ready")
    with pytest.raises(ConflictError) as refused:
        move_version(version, actor=None, status="delivered")
    assert codes(refused.value) == {"ai-undeclared"}
    LanguageVersion.objects.filter(pk=version.pk).update(ai_use="none")
    assert move_version(version, actor=None, status="delivered").status == "delivered"


def test_a_deliverable_is_accepted_or_sent_back_by_the_other_side(production, rts, ptrc):
    row = make_ready(production)
    giver, taker = make_producer(rts), make_producer(ptrc)
    with pytest.raises(DomainError) as refused:
        deliver(row, actor=taker)
    assert refused.value.status == 403
    deliver(row, actor=giver)
    with pytest.raises(DomainError) as refused:
        accept_deliverable(row, actor=giver)
    assert refused.value.status == 403
    with pytest.raises(DomainError) as refused:
        reject_deliverable(row, actor=taker, reason=" ")
    assert refused.value.code == "reason-missing"
    sent_back = reject_deliverable(row, actor=taker, reason="Loudness is −18 LUFS")
    assert (sent_back.status, sent_back.reason) == ("rejected", "Loudness is −18 LUFS")
    deliver(row, actor=giver)
    assert accept_deliverable(row, actor=taker).status == "accepted"
    with pytest.raises(ConflictError):
        reject_deliverable(row, actor=taker, reason="late thought")


def test_the_words_and_sets_of_the_database_are_those_of_the_code():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, members FROM productions_territory_sets()")
        stored = {name: sorted(members) for name, members in cursor.fetchall()}
    from archive.models.rights import territory_numbers

    assert stored == {name: territory_numbers([name], False) for name in SETS}
    every = " ".join((delivery_in_sql.USE_BARS, delivery_in_sql.DELIVERY_BARS))
    assert all(f"'{code}'" in every for code in DeliveryBar.values)
    assert all(f"'{name}'" in delivery_in_sql.DELIVERY_BARS for name in SYNTHETIC)
    assert len(houses_of(make_production())) == 2
