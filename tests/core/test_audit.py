import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from mediaexchange.core.context import acting
from mediaexchange.core.models import AuditEntry
from newsexchange.models import Feed
from tests.factories import make_broadcaster, make_feed, make_user

pytestmark = pytest.mark.django_db
OURS = {"core", "broadcasters", "archive", "training", "newsexchange", "productions", "correspondents"}
# Ledgers that record by themselves, and what is rendered from audited rows.
EXEMPT = {
    "core_outboxevent", "core_auditentry", "core_heartbeat", "core_user_groups", "core_user_user_permissions",
    "core_idempotencyrecord", "core_searchentry", "core_searchname", "core_searchrebuild",
    "core_searchecho",
    # What proves the trail itself; that something in it was erased is audited.
    "core_auditseal", "core_auditmark",
    # That somebody was told of an audited row, and what became of the mail.
    "core_notification", "core_notificationmail",
    "newsexchange_storyversion", "newsexchange_storydocument", "newsexchange_duerendering",
    "newsexchange_nearduplicate", "newsexchange_feedmemory",
    "newsexchange_receipt", "newsexchange_delivery", "newsexchange_deliveryattempt", "newsexchange_fanout",
    "newsexchange_inbounddelivery", "newsexchange_leftfolder",
    "newsexchange_memorysegment", "newsexchange_translationspending",
    # What a pipeline makes of files, row by row of progress; preservation events and downloads are ledgers themselves,
    # an import's rows say what its items' own trail repeats.
    "archive_step", "archive_derivative", "archive_track", "archive_preservationevent", "archive_download",
    "archive_importrow", "broadcasters_airingimportrow",
    # What became of the mail of a scheduled brief.
    "broadcasters_briefissue",
    # Who answered must not stand beside what was answered; messages and wrong codes are ledgers of their own.
    "training_feedbackinvitation", "training_feedbackresponse", "training_feedbackanswer", "training_notice",
    "training_checkinfailure",
}  # fmt: skip


def test_every_table_of_ours_is_audited_or_exempt_by_name():
    tables = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT event_object_table FROM information_schema.triggers WHERE trigger_name = 'audit'")
        audited = {table for (table,) in cursor.fetchall()}
    assert audited == tables - EXEMPT


def test_every_audited_table_records_inserts_changes_and_deletions():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_table, string_agg(event_manipulation, ' ' ORDER BY event_manipulation), count(*) "
            "FROM information_schema.triggers WHERE trigger_name IN ('audit', 'audit_inserted') GROUP BY 1"
        )
        assert {(events, count) for _table, events, count in cursor.fetchall()} == {("DELETE INSERT UPDATE", 3)}


def test_rows_that_come_in_one_statement_are_recorded_one_by_one():
    user, owner = make_user(), make_broadcaster()
    with acting(user.pk), transaction.atomic():
        feeds = Feed.objects.bulk_create(
            [Feed(slug=f"f{number}", name=f"F{number}", broadcaster=owner) for number in range(3)]
        )
    entries = AuditEntry.objects.filter(table_name="newsexchange_feed", row_pk__in=[str(feed.pk) for feed in feeds])
    in_order = sorted(entries, key=lambda entry: int(entry.row_pk))
    assert [(entry.action, entry.changed["slug"], entry.actor_id) for entry in in_order] == [
        ("insert", f"f{number}", user.pk) for number in range(3)
    ]
    assert not any("last_error" in entry.changed for entry in entries)  # bookkeeping of the sync


def test_a_change_is_recorded_with_its_actor_and_only_what_differs():
    user = make_user()
    feed = make_feed()
    with acting(user.pk), transaction.atomic():
        feed.name = "Other"
        feed.save()
    entry = AuditEntry.objects.filter(table_name="newsexchange_feed", row_pk=str(feed.pk)).first()
    assert (entry.action, entry.changed, entry.actor_id) == ("update", {"name": ["News", "Other"]}, user.pk)


def test_the_actor_survives_a_savepoint_that_is_rolled_back():
    user, feed = make_user(), make_feed()
    with acting(user.pk), transaction.atomic():
        try:
            with transaction.atomic():
                Feed.objects.filter(pk=feed.pk).update(name="lost")
                raise ValueError
        except ValueError:
            pass
        Feed.objects.filter(pk=feed.pk).update(name="kept")
    assert AuditEntry.objects.filter(row_pk=str(feed.pk)).first().actor_id == user.pk


def test_bookkeeping_of_a_sync_leaves_no_trace():
    feed = make_feed()
    before = AuditEntry.objects.count()
    Feed.objects.filter(pk=feed.pk).update(failures=3, last_error="HTTP 500")
    assert AuditEntry.objects.count() == before


def test_secrets_do_not_reach_the_trail():
    user = make_user()
    entry = AuditEntry.objects.get(table_name="core_user", row_pk=str(user.pk), action="insert")
    assert "password" not in entry.changed


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET actor_id = 1", "DELETE FROM core_auditentry"])
def test_the_trail_cannot_be_changed(statement):
    make_broadcaster()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
