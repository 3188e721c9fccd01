from django.db import migrations

from mediaexchange.core.audit import AuditTable


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial"), ("core", "0002_audit")]

    operations = [AuditTable("archive_mediafile")]
