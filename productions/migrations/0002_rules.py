"""First rows, rules that constraints alone cannot say, and the audit trail."""

from django.db import migrations

from mediaexchange.core.audit import AuditTable
from productions.delivery_in_sql import (
    DELIVERY_BARS,
    FORGET_DELIVERY,
    FORGET_DELIVERY_BARS,
    FORGET_REVIEW,
    FORGET_TERRITORIES,
    FORGET_USE_BARS,
    HOLD_DELIVERY,
    HOLD_REVIEW,
    TERRITORIES,
    USE_BARS,
)
from productions.money_in_sql import FORGET_MONEY, HOLD_MONEY
from productions.money_seed import seed_money
from productions.runs_in_sql import (
    COUNT_RUNS,
    FORGET_FIGURES,
    FORGET_RUNS,
    FORGET_WHOLE,
    KEEP_FIGURES,
    WINDOW_IS_WHOLE,
)
from productions.schedule_in_sql import (
    FORGET_LOCKS,
    FORGET_ORDER,
    FORGET_OWN_PARTNERS,
    LOCK_BASELINES,
    ORDER_MILESTONES,
    OWN_PARTNERS,
)
from productions.seed import seed
from productions.shares_in_sql import FORGET_SHARES, HOLD_SHARES
from productions.stages_in_sql import FORGET_STAGES, HOLD_STAGES


def _seed(apps, schema_editor):
    seed(*(apps.get_model("productions", name) for name in ("Stage", "StageMove", "Theme", "RuleSet")))
    seed_money(*(apps.get_model("productions", name) for name in ("Currency", "BudgetCategory")))


class Migration(migrations.Migration):
    replaces = [
        ("productions", "0002_shares_stages_audit"),
        ("productions", "0005_money_held"),
        ("productions", "0007_delivery_held"),
    ]

    dependencies = [
        ("productions", "0001_tables"),
        ("archive", "0002_rules"),
        ("broadcasters", "0002_rules"),
        ("core", "0002_rules"),
    ]

    operations = [
        migrations.RunPython(_seed, migrations.RunPython.noop),
        migrations.RunSQL(HOLD_SHARES, FORGET_SHARES),
        migrations.RunSQL(HOLD_STAGES, FORGET_STAGES),
        migrations.RunSQL(OWN_PARTNERS, FORGET_OWN_PARTNERS),
        migrations.RunSQL(ORDER_MILESTONES, FORGET_ORDER),
        migrations.RunSQL(LOCK_BASELINES, FORGET_LOCKS),
        migrations.RunSQL(HOLD_MONEY, FORGET_MONEY),
        migrations.RunSQL(TERRITORIES, FORGET_TERRITORIES),
        migrations.RunSQL(USE_BARS, FORGET_USE_BARS),
        migrations.RunSQL(DELIVERY_BARS, FORGET_DELIVERY_BARS),
        migrations.RunSQL(HOLD_REVIEW, FORGET_REVIEW),
        migrations.RunSQL(HOLD_DELIVERY, FORGET_DELIVERY),
        migrations.RunSQL(WINDOW_IS_WHOLE, FORGET_WHOLE),
        migrations.RunSQL(COUNT_RUNS, FORGET_RUNS),
        migrations.RunSQL(KEEP_FIGURES, FORGET_FIGURES),
        AuditTable("productions_stage"),
        AuditTable("productions_stagemove"),
        AuditTable("productions_theme"),
        AuditTable("productions_ruleset"),
        AuditTable("productions_production", ignore=["shares_revision"]),
        AuditTable("productions_production_themes"),
        AuditTable("productions_partner"),
        AuditTable("productions_productionmove"),
        AuditTable("productions_pilotreview"),
        AuditTable("productions_pilotmark"),
        AuditTable("productions_milestone", ignore=["told_late_for", "ends_at"]),
        AuditTable("productions_milestone_depends_on"),
        AuditTable("productions_baseline"),
        AuditTable("productions_baselinemilestone"),
        AuditTable("productions_currency"),
        AuditTable("productions_budgetcategory"),
        AuditTable("productions_budget"),
        AuditTable("productions_frozenrate"),
        AuditTable("productions_budgetapproval"),
        AuditTable("productions_budgetline"),
        AuditTable("productions_expense"),
        AuditTable("productions_instalment"),
        AuditTable("productions_revenueshare"),
        AuditTable("productions_income"),
        AuditTable("productions_incomeshare"),
        AuditTable("productions_payout"),
        AuditTable("productions_languageversion"),
        AuditTable("productions_deliverable"),
        AuditTable("productions_revision", ignore=["overdue_told_at"]),
        AuditTable("productions_decision"),
        AuditTable("productions_note"),
        AuditTable("productions_archiveuse", ignore=["uncleared_told_at"]),
        AuditTable(
            "productions_window",
            ignore=[
                "runs_used",
                "territory_numbers",
                "platform_numbers",
                "numbers_of",
                "told_start_for",
                "told_end_for",
            ],
        ),
        AuditTable("productions_run", ignore=["number", "is_repeat"]),
        AuditTable("productions_audiencefigure"),
    ]
