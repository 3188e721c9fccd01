from django.db import migrations, models


def give_codes(apps, schema_editor):
    """Reasons stood here in the language of whoever had brought the file; there were only these two."""
    refused = apps.get_model("archive", "MediaFile").objects.filter(status="refused")
    refused.filter(content_type__startswith="image/").update(refusal="too-many-pixels")
    refused.exclude(content_type__startswith="image/").update(refusal="file-unreadable")


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_audit")]

    operations = [
        migrations.RunPython(give_codes, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="mediafile",
            name="refusal",
            field=models.CharField(
                blank=True,
                choices=[
                    ("too-many-pixels", "The picture has more pixels than are kept here."),
                    ("file-unreadable", "The recording cannot be read."),
                ],
                default="",
                max_length=20,
                verbose_name="reason",
            ),
        ),
    ]
