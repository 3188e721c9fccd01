"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from correspondents.models import Assignment, CountryRequirement, Kit, PlannedEvent, Skill


@register(Skill)
class SkillTranslation(TranslationOptions):
    fields = ("name",)


@register(CountryRequirement)
class CountryRequirementTranslation(TranslationOptions):
    fields = ("name", "authority", "papers", "note")


@register(Assignment)
class AssignmentTranslation(TranslationOptions):
    fields = ("title", "brief")


@register(Kit)
class KitTranslation(TranslationOptions):
    fields = ("name",)


@register(PlannedEvent)
class PlannedEventTranslation(TranslationOptions):
    fields = ("name", "description")
