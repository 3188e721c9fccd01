"""The area of a module stays what it was."""

from django.db import migrations

from broadcasters.module_in_sql import FORGET_MODULES, HOLD_MODULES


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0013_figures_follow_airings")]

    operations = [migrations.RunSQL(HOLD_MODULES, FORGET_MODULES)]
