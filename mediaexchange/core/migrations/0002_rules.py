"""What the tables alone do not say: the audit trail, how a table is stored, and the first rows."""

from typing import Any

from django.db import migrations

from mediaexchange.core.audit import AUDIT_FUNCTION, AUDIT_INSERTED_FUNCTION, AuditTable
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP


def fill(apps: Any, schema_editor: Any) -> None:
    keep_word = apps.get_model("core", "KeepWord")
    keep_word.objects.bulk_create(keep_word(text=word) for word in sorted(DEFAULT_KEEP))


class Migration(migrations.Migration):
    replaces = [
        ("core", "0002_audit"),
        ("core", "0005_audit_by_statement"),
        ("core", "0007_keep_words"),
    ]

    dependencies = [("core", "0001_tables")]

    operations = [
        migrations.RunSQL(
            sql=[AUDIT_FUNCTION, AUDIT_INSERTED_FUNCTION],
            reverse_sql=[
                "DROP TRIGGER append_only ON core_auditentry",
                "DROP FUNCTION core_audit, core_audit_inserted, core_refuse_change",
            ],
        ),
        # Hits are sorted by date without their words: rows of a hundred bytes keep many of them on a page.
        migrations.RunSQL(
            "ALTER TABLE core_searchentry SET (toast_tuple_target = 128)",
            "ALTER TABLE core_searchentry RESET (toast_tuple_target)",
        ),
        AuditTable("core_user", ignore=["password", "last_login"]),
        AuditTable("core_apikey", ignore=["digest", "last_used_at"]),
        AuditTable("core_keepword"),
        AuditTable("core_calendarfeed", ignore=["digest", "token", "last_read_at"]),
        AuditTable("core_notificationchoice"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
