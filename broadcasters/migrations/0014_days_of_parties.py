"""Since when a house is a party, as far as the trail knows; and that the area of a module stays what it was."""

from django.db import migrations, models

from broadcasters.module_in_sql import FORGET_MODULES, HOLD_MODULES

# Whoever was written down on a later day than the memorandum joined then; everybody else was there from the beginning.
WHO_JOINED = """
UPDATE broadcasters_party party SET joined_on = (added.at AT TIME ZONE house.time_zone)::date
  FROM core_auditentry added, core_auditentry written, broadcasters_broadcaster house
 WHERE added.table_name = 'broadcasters_party' AND added.row_pk = party.id::text AND added.action = 'insert'
   AND written.table_name = 'broadcasters_memorandum' AND written.row_pk = party.memorandum_id::text
   AND written.action = 'insert' AND house.id = party.broadcaster_id AND added.at::date > written.at::date
"""


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0013_figures_follow_airings"), ("core", "0002_rules")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="joined_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="For a house that joined later. Empty: from the beginning.",
                null=True,
                verbose_name="party since",
            ),
        ),
        migrations.RunSQL(WHO_JOINED, migrations.RunSQL.noop),
        migrations.RunSQL(HOLD_MODULES, FORGET_MODULES),
    ]
