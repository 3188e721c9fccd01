from typing import Any

from django.db import migrations, models

from mediaexchange.core.audit import AuditTable
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from mediaexchange.core.validators import validate_latin


def fill(apps: Any, schema_editor: Any) -> None:
    keep_word = apps.get_model("core", "KeepWord")
    keep_word.objects.bulk_create(keep_word(text=word) for word in sorted(DEFAULT_KEEP))


class Migration(migrations.Migration):
    dependencies = [("core", "0006_standing")]

    operations = [
        migrations.CreateModel(
            name="KeepWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.CharField(
                        help_text="In Latin letters, as it is written: BBC, TikTok, Al Jazeera.",
                        max_length=100,
                        unique=True,
                        validators=[validate_latin],
                        verbose_name="word or phrase",
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="note")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "word that stays Latin",
                "verbose_name_plural": "words that stay Latin",
                "ordering": ["text"],
            },
        ),
        AuditTable("core_keepword"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
