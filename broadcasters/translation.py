"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from broadcasters.models import Broadcaster, Channel, Institution, Memorandum, Module, Party, Person, Place


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
