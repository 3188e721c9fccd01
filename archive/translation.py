"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from archive.models import Collection, Item, Segment, Series


@register(Collection)
class CollectionTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Series)
class SeriesTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Item)
class ItemTranslation(TranslationOptions):
    fields = ("title", "description")


@register(Segment)
class SegmentTranslation(TranslationOptions):
    fields = ("title", "description")
