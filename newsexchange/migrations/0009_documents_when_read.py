"""Documents that are no text, what text a document holds, and stories that wait for their cards.

What is stored so far does not say what text it holds; it is rendered again when it is read.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("newsexchange", "0008_media_fetching")]

    operations = [
        migrations.RunSQL("DELETE FROM newsexchange_storydocument", migrations.RunSQL.noop),
        migrations.AddField("storydocument", "data", models.BinaryField(null=True)),
        migrations.AddField("storydocument", "text_language", models.CharField(default="und", max_length=35)),
        migrations.AddField(
            "storydocument",
            "text_origin",
            models.CharField(
                choices=[
                    ("original", "original"),
                    ("human", "human translation"),
                    ("machine", "machine translation"),
                    ("transliterated", "transliterated"),
                ],
                default="original",
                max_length=15,
            ),
        ),
        migrations.AddField("storydocument", "text_is_stale", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="DueRendering",
            fields=[
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="newsexchange.story",
                        verbose_name="story",
                    ),
                ),
                ("due_at", models.DateTimeField(db_default=Now(), verbose_name="due since")),
            ],
            options={
                "verbose_name": "due rendering",
                "verbose_name_plural": "due renderings",
                "ordering": ["due_at", "story"],
            },
        ),
    ]
