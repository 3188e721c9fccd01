from django.db import migrations

from mediaexchange.core.audit import AuditTable


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0006_airings"), ("core", "0002_audit")]

    operations = [AuditTable("broadcasters_airing")]
