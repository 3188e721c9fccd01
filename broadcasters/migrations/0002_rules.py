"""Foreign keys of two columns, and the audit trail."""

from django.db import migrations

from mediaexchange.core.audit import AuditTable

NAMED = ("broadcaster", "channel", "institution", "memorandum", "module", "person", "place")


class Migration(migrations.Migration):
    replaces = [
        ("broadcasters", "0003_audit"),
        ("broadcasters", "0007_audit_airings"),
    ]

    dependencies = [("broadcasters", "0001_tables"), ("core", "0002_rules")]

    operations = [
        # Both sides are parties of the memorandum. Django knows no foreign keys of two columns.
        migrations.RunSQL(
            """
            ALTER TABLE broadcasters_obligation
                ADD CONSTRAINT broadcasters_obligation_debtor_is_party FOREIGN KEY (memorandum_id, debtor_id)
                    REFERENCES broadcasters_party (memorandum_id, broadcaster_id),
                ADD CONSTRAINT broadcasters_obligation_creditor_is_party FOREIGN KEY (memorandum_id, creditor_id)
                    REFERENCES broadcasters_party (memorandum_id, broadcaster_id)
            """,
            """
            ALTER TABLE broadcasters_obligation
                DROP CONSTRAINT broadcasters_obligation_debtor_is_party,
                DROP CONSTRAINT broadcasters_obligation_creditor_is_party
            """,
        ),
        *(AuditTable(f"broadcasters_{name}", ignore=["sort_keys"]) for name in NAMED),  # they follow the name
        AuditTable("broadcasters_placename"),
        AuditTable("broadcasters_personalias"),
        AuditTable("broadcasters_membership"),
        AuditTable("broadcasters_party"),
        AuditTable("broadcasters_partysource"),
        AuditTable("broadcasters_obligation"),
        AuditTable("broadcasters_module_memoranda"),
        AuditTable("broadcasters_module_parties"),
        AuditTable("broadcasters_modulemove"),
        AuditTable("broadcasters_airing"),
        AuditTable("broadcasters_glossaryterm"),
    ]
