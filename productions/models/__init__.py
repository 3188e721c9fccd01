"""Stages, productions with their partners, and reviews of pilots, one noun per file."""

from productions.models.archive_use import ArchiveUse
from productions.models.baseline import Baseline, BaselineMilestone
from productions.models.budget import Budget, BudgetApproval, BudgetCategory, BudgetLine, Expense, FrozenRate
from productions.models.deliverable import Deliverable
from productions.models.instalment import Instalment
from productions.models.milestone import Milestone
from productions.models.money import Currency
from productions.models.partner import Partner
from productions.models.pilot import PilotMark, PilotReview
from productions.models.production import Production, ProductionMove, RuleSet, Theme
from productions.models.revenue import Income, IncomeShare, Payout, RevenueShare
from productions.models.review import Decision, Note, Revision
from productions.models.stage import Stage, StageMove
from productions.models.version import LanguageVersion
from productions.models.window import AudienceFigure, Run, Window

__all__ = [
    "ArchiveUse",
    "AudienceFigure",
    "Baseline",
    "BaselineMilestone",
    "Budget",
    "BudgetApproval",
    "BudgetCategory",
    "BudgetLine",
    "Currency",
    "Decision",
    "Deliverable",
    "Expense",
    "FrozenRate",
    "Income",
    "IncomeShare",
    "Instalment",
    "LanguageVersion",
    "Milestone",
    "Note",
    "Partner",
    "Payout",
    "PilotMark",
    "PilotReview",
    "Production",
    "ProductionMove",
    "RevenueShare",
    "Revision",
    "RuleSet",
    "Run",
    "Stage",
    "StageMove",
    "Theme",
    "Window",
]
