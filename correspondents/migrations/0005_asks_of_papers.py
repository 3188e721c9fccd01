"""Dates of plans lie between 1900 and 2200; an assignment that is shortened while it runs is asked for no papers."""

from django.db import migrations, models

import mediaexchange.core.edtf
from correspondents.rules_in_sql import HOLD_ASSIGNMENT


class Migration(migrations.Migration):
    dependencies = [("correspondents", "0004_sources_are_titled")]

    operations = [
        migrations.AlterField(
            model_name="plannedevent",
            name="dated",
            field=models.CharField(
                blank=True,
                default="",
                help_text="EDTF, such as 2026-12-10, 2027-06 or 2027-05-15/2027-08-15, while the hour is not known.",
                max_length=60,
                validators=[mediaexchange.core.edtf.validate_near_edtf],
                verbose_name="date",
            ),
        ),
        migrations.RunSQL(HOLD_ASSIGNMENT, migrations.RunSQL.noop),
    ]
