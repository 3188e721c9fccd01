"""A choice of languages calls each by its own name; no statement for the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0002_rules")]

    operations = [
        migrations.AlterField(
            model_name='participant',
            name='language',
            field=models.CharField(choices=[('sr-Cyrl', 'Српски'), ('sr-Latn', 'Srpski'), ('kk', 'Қазақша'), ('ru', 'Русский'), ('en', 'English')], default='en', help_text='In which the person is written to, and in which the certificate is made out.', max_length=35, verbose_name='language'),
        ),
    ]
