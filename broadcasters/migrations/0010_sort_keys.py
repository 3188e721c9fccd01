from typing import Any

from django.db import migrations, models

from broadcasters.models.base import name_sort_keys
from mediaexchange.core.audit import AuditTable
from mediaexchange.core.languages.tags import STORED

MODELS = ("broadcaster", "channel", "institution", "memorandum", "module", "person", "place")


def fill(apps: Any, schema_editor: Any) -> None:
    for name in MODELS:
        for row in apps.get_model("broadcasters", name).objects.all():
            names = {language: getattr(row, f"name_{language}", "") for language in STORED}
            type(row).objects.filter(pk=row.pk).update(sort_keys=name_sort_keys(names))


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0009_doubts_of_terms"), ("core", "0005_audit_by_statement")]

    operations = [
        *(migrations.AddField(name, "sort_keys", models.JSONField(default=dict, editable=False)) for name in MODELS),
        *(AuditTable(f"broadcasters_{name}", ignore=("sort_keys",)) for name in MODELS),  # they follow the name
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
