"""A choice of languages calls each by its own name; no statement for the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_seals")]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='language',
            field=models.CharField(choices=[('sr', 'Српски'), ('sr-latn', 'Srpski'), ('kk', 'Қазақша'), ('ru', 'Русский'), ('en', 'English')], default='en', help_text='The language this person is addressed in.', max_length=10, verbose_name='language'),
        ),
    ]
