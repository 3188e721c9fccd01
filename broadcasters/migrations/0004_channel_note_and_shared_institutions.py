from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0003_audit")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="note",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Where the cap and the languages come from.",
                verbose_name="note",
            ),
        ),
        migrations.AlterField(
            model_name="institution",
            name="country_code",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Empty if it belongs to several.",
                max_length=2,
                verbose_name="country code",
            ),
        ),
    ]
