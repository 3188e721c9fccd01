from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

from mediaexchange.core.audit import AuditTable

BOOKKEEPING = ("signature", "source_hash", "source_said")


class Migration(migrations.Migration):
    atomic = False  # the indexes are built while people work

    dependencies = [("newsexchange", "0013_restrictions_evaluated"), ("core", "0002_audit")]

    operations = [
        AddIndexConcurrently(
            "story",
            models.Index(fields=["source_guid"], name="newsexchange_story_guid", condition=~Q(source_guid="")),
        ),
        AddIndexConcurrently(
            "story",
            models.Index(
                fields=["id"],
                name="newsexchange_story_unsigned",
                condition=Q(signature__isnull=True, status="published"),
            ),
        ),
        *(
            AddIndexConcurrently(
                "story",
                models.Index(
                    F("signature").bitrightshift(shift).bitand(65535),
                    F("published_at"),
                    name=f"newsexchange_story_band{shift}",
                    condition=Q(signature__isnull=False) & ~Q(signature=0),
                ),
            )
            for shift in (0, 16, 32, 48)
        ),
        migrations.RunSQL("DROP TRIGGER audit ON newsexchange_story", migrations.RunSQL.noop),
        AuditTable("newsexchange_story", ignore=BOOKKEEPING),
    ]
