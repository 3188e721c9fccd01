"""What the database does by itself when an item or a part of it changes, and the audit trail."""

from django.db import migrations

from mediaexchange.core.audit import AuditTable

# Whatever road a change comes by, the item says when: harvesters go by it. Clocks, not the transaction's begin. And it
# makes the item's validation due: the row itself says so, and whoever validates asks no clock.
TOUCH = """
CREATE FUNCTION archive_item_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{changed_at,widest_access,validation,validation_reasons}'::text[]
       IS DISTINCT FROM to_jsonb(OLD) - '{changed_at,widest_access,validation,validation_reasons}'::text[] THEN
        NEW.changed_at := clock_timestamp();
        NEW.validation := 'unchecked';
    END IF;
    IF OLD.status = 'published' AND (OLD.embargoed_until IS NULL OR OLD.embargoed_until <= clock_timestamp())
       AND (OLD.access = 'public' OR OLD.access = 'partners' AND OLD.widest_access = 'house') THEN
        NEW.widest_access := OLD.access;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER changed BEFORE UPDATE ON archive_item FOR EACH ROW EXECUTE FUNCTION archive_item_changed();

CREATE FUNCTION archive_touch_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE archive_item SET changed_at = clock_timestamp(), validation = 'unchecked'
     WHERE id IN (SELECT item_id FROM touched WHERE item_id IS NOT NULL);
    RETURN NULL;
END $$;

CREATE FUNCTION archive_touch_items_of_tracks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE archive_item SET changed_at = clock_timestamp(), validation = 'unchecked'
     WHERE id IN (SELECT item_id FROM archive_instantiation
                   WHERE id IN (SELECT instantiation_id FROM touched));
    RETURN NULL;
END $$;

CREATE FUNCTION archive_event_of_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE archive_item SET validation = 'unchecked'
     WHERE id IN (SELECT item_id FROM archive_instantiation
                   WHERE file_id IN (SELECT file_id FROM touched WHERE kind = 'fixity check'));
    RETURN NULL;
END $$;

CREATE TRIGGER validation_due AFTER INSERT ON archive_preservationevent REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION archive_event_of_file();
"""
FORGET_TOUCH = """
DROP TRIGGER validation_due ON archive_preservationevent;
DROP TRIGGER changed ON archive_item;
DROP FUNCTION archive_item_changed(), archive_touch_items(), archive_touch_items_of_tracks(), archive_event_of_file();
"""

PARTS = (
    "itemtitle", "itemdescription", "itemdate", "itemidentifier", "credit", "itemplace", "instantiation", "segment",
    "timedtext",
)  # fmt: skip


def touching(table, function):
    events = (("inserted", "INSERT", "NEW"), ("updated", "UPDATE", "NEW"), ("deleted", "DELETE", "OLD"))
    return migrations.RunSQL(
        sql="".join(
            f"CREATE TRIGGER touch_{name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS touched "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
            for name, event, rows in events
        ),
        reverse_sql="".join(f"DROP TRIGGER touch_{name} ON {table};" for name, _event, _rows in events),
    )


APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON archive_preservationevent
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION core_refuse_change();
"""


class Migration(migrations.Migration):
    replaces = [
        ("archive", "0002_audit"),
        ("archive", "0005_catalogue_triggers"),
        ("archive", "0008_validation_is_due"),
        ("archive", "0009_bookkeeping_of_files"),
    ]

    dependencies = [("archive", "0001_tables"), ("broadcasters", "0002_rules"), ("core", "0002_rules")]

    operations = [
        migrations.RunSQL(TOUCH, FORGET_TOUCH),
        *(touching(f"archive_{part}", "archive_touch_items") for part in PARTS),
        touching("archive_track", "archive_touch_items_of_tracks"),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON archive_preservationevent"),
        AuditTable(
            "archive_item", ignore=["changed_at", "version", "validation", "validation_reasons", "widest_access"]
        ),
        *(
            AuditTable(f"archive_{name}")
            for name in (
                "collection", "series", "itemtitle", "itemdescription", "itemdate", "itemidentifier", "credit",
                "itemplace", "instantiation", "segment", "underlyingright", "grant", "grantuse", "footagerequest",
                "requestline", "licence",
            )  # fmt: skip
        ),
        # When a file was read again and what a probe found are kept as events of the file; the trail tells of deeds.
        AuditTable("archive_mediafile", ignore=["checked_at", "technical"]),
        AuditTable("archive_timedtext", ignore=["cues", "as_received"]),
        AuditTable("archive_catalogueimport", ignore=["content"]),
        AuditTable("archive_upload", ignore=["offset_bytes", "expires_at", "changed_at"]),
        AuditTable(
            "archive_footagedelivery",
            ignore=["progress_percent", "attempts", "log", "due_at", "lease_token", "leased_until"],
        ),
    ]
