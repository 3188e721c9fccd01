"""Addresses of co-productions."""

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from productions.api.archive_uses import ArchiveUseViewSet
from productions.api.briefs import ProductionBriefView
from productions.api.budget_lines import (
    BudgetCategoryViewSet,
    BudgetLineViewSet,
    CurrencyViewSet,
    ExpenseViewSet,
    FrozenRateViewSet,
)
from productions.api.budgets import BudgetViewSet
from productions.api.deliverables import DeliverableViewSet
from productions.api.instalments import InstalmentViewSet
from productions.api.milestones import BaselineViewSet, MilestoneViewSet
from productions.api.pilot_reviews import PilotReviewViewSet
from productions.api.productions import ProductionViewSet
from productions.api.revenue import IncomeViewSet, PayoutViewSet, RevenueShareViewSet, RevenueStatementView
from productions.api.revisions import NoteViewSet, RevisionViewSet
from productions.api.runs import RunViewSet
from productions.api.stages import RuleSetViewSet, StageViewSet, ThemeViewSet
from productions.api.versions import LanguageVersionViewSet
from productions.api.windows import WindowViewSet

router = SimpleRouter(use_regex_path=False)
router.register("productions", ProductionViewSet)
router.register("pilot-reviews", PilotReviewViewSet)
router.register("production-stages", StageViewSet)
router.register("production-themes", ThemeViewSet)
router.register("production-rules", RuleSetViewSet)
router.register("revisions", RevisionViewSet)
router.register("review-notes", NoteViewSet)
router.register("language-versions", LanguageVersionViewSet)
router.register("deliverables", DeliverableViewSet)
router.register("archive-uses", ArchiveUseViewSet)
router.register("milestones", MilestoneViewSet)
router.register("baselines", BaselineViewSet)
router.register("windows", WindowViewSet)
router.register("runs", RunViewSet)
router.register("budgets", BudgetViewSet)
router.register("budget-lines", BudgetLineViewSet)
router.register("budget-categories", BudgetCategoryViewSet)
router.register("currencies", CurrencyViewSet)
router.register("frozen-rates", FrozenRateViewSet)
router.register("expenses", ExpenseViewSet)
router.register("instalments", InstalmentViewSet)
router.register("incomes", IncomeViewSet)
router.register("revenue-shares", RevenueShareViewSet)
router.register("payouts", PayoutViewSet)

urlpatterns: list[URLPattern] = [
    path("productions/<uuid:uid>/brief/", ProductionBriefView.as_view(), name="production-brief"),
    path("productions/<uuid:uid>/revenue-statement/", RevenueStatementView.as_view(), name="revenue-statement"),
]
