"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from newsexchange.models import Story


@register(Story)
class StoryTranslation(TranslationOptions):
    fields = ("headline", "summary", "body")
