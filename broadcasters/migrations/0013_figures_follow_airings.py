"""Figures of an airing's audience count for whoever made what was aired, also when that is learned later."""

from django.db import migrations

from broadcasters.audience_in_sql import FIGURES_FOLLOW_AIRINGS, FORGET_FIGURES_FOLLOW_AIRINGS


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0012_minutes_in_languages")]

    operations = [migrations.RunSQL(FIGURES_FOLLOW_AIRINGS, FORGET_FIGURES_FOLLOW_AIRINGS)]
