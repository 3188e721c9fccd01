"""Units, formulas and names that joined the usual words; a new database has them already."""

from django.db import migrations

WORDS = (
    "CO2", "E-mail", "H1N1", "H2O", "H5N1", "Hz", "MPa", "NO2", "PhD", "SO2", "UNESCO", "e-mail", "hPa", "iOS",
    "kPa", "pH",
)  # fmt: skip


def add(apps, schema_editor):
    keep_word = apps.get_model("core", "KeepWord")
    keep_word.objects.bulk_create([keep_word(text=word) for word in WORDS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("core", "0005_networks_of_keys")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
