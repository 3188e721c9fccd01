"""A key may be limited to addresses. The default is the database's too: who runs the old code goes on issuing keys."""

import django.contrib.postgres.fields
from django.db import migrations

import mediaexchange.core.networks


class Migration(migrations.Migration):
    dependencies = [("core", "0004_own_names_of_languages")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="networks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=mediaexchange.core.networks.NetworkField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="allowed addresses",
            ),
        ),
    ]
