"""What is published in the diplomatic calendar stays published, whoever writes."""

from django.db import migrations

from broadcasters.calendar_in_sql import FORGET_PUBLISHED_STAYS, PUBLISHED_STAYS


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0009_labels_of_first_days")]

    operations = [migrations.RunSQL(PUBLISHED_STAYS, FORGET_PUBLISHED_STAYS)]
