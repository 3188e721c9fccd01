from django.db import migrations

from mediaexchange.core.audit import AUDIT_FUNCTION, AUDIT_INSERTED_FUNCTION, AuditTable


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[AUDIT_FUNCTION, AUDIT_INSERTED_FUNCTION],
            reverse_sql=[
                "DROP TRIGGER append_only ON core_auditentry",
                "DROP FUNCTION core_audit, core_audit_inserted, core_refuse_change",
            ],
        ),
        AuditTable("core_user", ignore=["password", "last_login"]),
        AuditTable("core_apikey", ignore=["digest", "last_used_at"]),
    ]
