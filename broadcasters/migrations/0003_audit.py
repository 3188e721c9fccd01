from django.db import migrations

from mediaexchange.core.audit import AuditTable


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0002_initial"), ("core", "0002_audit")]

    operations = [
        AuditTable("broadcasters_place"),
        AuditTable("broadcasters_placename"),
        AuditTable("broadcasters_person"),
        AuditTable("broadcasters_personalias"),
        AuditTable("broadcasters_broadcaster"),
        AuditTable("broadcasters_channel"),
        AuditTable("broadcasters_institution"),
        AuditTable("broadcasters_membership"),
        AuditTable("broadcasters_memorandum"),
        AuditTable("broadcasters_party"),
        AuditTable("broadcasters_partysource"),
        AuditTable("broadcasters_module"),
        AuditTable("broadcasters_module_memoranda"),
        AuditTable("broadcasters_module_parties"),
        AuditTable("broadcasters_modulemove"),
    ]
