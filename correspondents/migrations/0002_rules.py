"""Rules that constraints alone cannot say, and the audit trail."""

from django.db import migrations

from correspondents.rules_in_sql import FORGET_RULES, RULES
from mediaexchange.core.audit import AuditTable


class Migration(migrations.Migration):
    replaces = [
        ("correspondents", "0002_rules_and_audit"),
    ]

    dependencies = [("correspondents", "0001_tables"), ("archive", "0002_rules"), ("core", "0002_rules")]

    operations = [
        migrations.RunSQL(RULES, FORGET_RULES),
        AuditTable("correspondents_skill"),
        # What names a person, or may, and where somebody is: the trail is for ever.
        AuditTable("correspondents_correspondent", ignore=["name", "name_latn", "user_id"]),
        AuditTable("correspondents_correspondent_skills"),
        AuditTable(
            "correspondents_whereabouts",
            ignore=[
                "place_id",
                "address",
                "phone",
                "email",
                "emergency_contact",
                "local_contacts",
                "note",
            ],
        ),
        AuditTable("correspondents_countryrequirement"),
        AuditTable("correspondents_paper", ignore=["reference"]),
        AuditTable("correspondents_assignment", ignore=["status_reason", "lane", "sequence"]),
        AuditTable("correspondents_accessgranted"),
        AuditTable("correspondents_handover", ignore=["matters", "reason"]),
        AuditTable("correspondents_footagefiled"),
        AuditTable("correspondents_kit"),
        AuditTable("correspondents_kitbooking", ignore=["lane"]),
        AuditTable("correspondents_overlappolicy"),
        AuditTable("correspondents_plannedevent", ignore=["sequence"]),
        AuditTable("correspondents_plannedevent_institutions"),
        AuditTable("correspondents_coveragewish"),
    ]
