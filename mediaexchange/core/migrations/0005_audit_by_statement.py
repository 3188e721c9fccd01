from django.db import migrations

from mediaexchange.core.audit import AUDIT_INSERTED_FUNCTION, SPLIT_AUDIT_TRIGGERS


class Migration(migrations.Migration):
    """For databases whose triggers were made before: new ones have both from the start."""

    dependencies = [("core", "0004_search")]

    operations = [migrations.RunSQL([AUDIT_INSERTED_FUNCTION, SPLIT_AUDIT_TRIGGERS], migrations.RunSQL.noop)]
