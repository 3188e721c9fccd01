"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from productions.models import BaselineMilestone, BudgetCategory, Currency, Milestone, Production, RuleSet, Stage, Theme


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("name",)


@register(Stage)
class StageTranslation(TranslationOptions):
    fields = ("name",)


@register(RuleSet)
class RuleSetTranslation(TranslationOptions):
    fields = ("name", "note")


@register(Production)
class ProductionTranslation(TranslationOptions):
    fields = ("name", "logline", "objectives")


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("title",)


@register(BaselineMilestone)
class BaselineMilestoneTranslation(TranslationOptions):
    fields = ("title",)


@register(Currency)
class CurrencyTranslation(TranslationOptions):
    fields = ("name",)


@register(BudgetCategory)
class BudgetCategoryTranslation(TranslationOptions):
    fields = ("name",)
