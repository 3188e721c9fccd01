"""What the database holds of agreements, reviews and initiatives, and their audit trail."""

from django.db import migrations

from broadcasters.agreements_in_sql import FORGET_AGREEMENTS, HOLD_AGREEMENTS
from broadcasters.initiatives_in_sql import FORGET_INITIATIVES, HOLD_INITIATIVES
from mediaexchange.core.audit import AuditTable

NAMED = ("initiative", "guideline")
TABLES = (
    "clause", "memorandumtext", "terminationnotice", "renewalconsent", "minutes", "minutesparticipant", "minutesitem",
    "minutesapproval", "modulereview", "demandfigure", "reviewevidence", "initiativeowner", "initiativemove", "result",
    "guidelineversion", "guidelineadoption",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("broadcasters", "0003_agreements"), ("core", "0002_rules")]

    operations = [
        migrations.RunSQL(HOLD_AGREEMENTS, FORGET_AGREEMENTS),
        migrations.RunSQL(HOLD_INITIATIVES, FORGET_INITIATIVES),
        *(AuditTable(f"broadcasters_{name}", ignore=["sort_keys"]) for name in NAMED),  # they follow the name
        *(AuditTable(f"broadcasters_{name}") for name in TABLES),
        AuditTable("broadcasters_initiativemilestone", ignore=["sequence", "changed_at"]),  # written by a trigger
    ]
