"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from broadcasters.models import (
    Broadcaster,
    Channel,
    Claim,
    ClaimTopic,
    Clause,
    DiplomaticEvent,
    Guideline,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    Institution,
    Memorandum,
    Minutes,
    MinutesItem,
    Module,
    Obligation,
    Party,
    Person,
    Place,
    Result,
)


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ("name",)


@register(Broadcaster)
class BroadcasterTranslation(TranslationOptions):
    fields = ("name", "abbreviation")


@register(Channel)
class ChannelTranslation(TranslationOptions):
    fields = ("name",)


@register(Institution)
class InstitutionTranslation(TranslationOptions):
    fields = ("name",)


@register(Person)
class PersonTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Memorandum)
class MemorandumTranslation(TranslationOptions):
    fields = ("name", "occasion", "summary")


@register(Party)
class PartyTranslation(TranslationOptions):
    fields = ("signatory_office",)


@register(Module)
class ModuleTranslation(TranslationOptions):
    fields = ("name", "state_reason", "demand_note", "feasibility_note")


@register(Obligation)
class ObligationTranslation(TranslationOptions):
    fields = ("title",)


@register(Clause)
class ClauseTranslation(TranslationOptions):
    fields = ("heading", "text")


@register(Minutes)
class MinutesTranslation(TranslationOptions):
    fields = ("title", "venue")


@register(MinutesItem)
class MinutesItemTranslation(TranslationOptions):
    fields = ("topic", "decision")


@register(Initiative)
class InitiativeTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(InitiativeMilestone)
class InitiativeMilestoneTranslation(TranslationOptions):
    fields = ("title",)


@register(Result)
class ResultTranslation(TranslationOptions):
    fields = ("title",)


@register(Guideline)
class GuidelineTranslation(TranslationOptions):
    fields = ("name",)


@register(GuidelineVersion)
class GuidelineVersionTranslation(TranslationOptions):
    fields = ("text",)


@register(DiplomaticEvent)
class DiplomaticEventTranslation(TranslationOptions):
    fields = ("name", "note")


@register(ClaimTopic)
class ClaimTopicTranslation(TranslationOptions):
    fields = ("name", "note")


@register(Claim)
class ClaimTranslation(TranslationOptions):
    fields = ("said_by", "wording", "note")
