"""Which fields hold text in all stored languages. Serbian Latin is derived when read."""

from modeltranslation.translator import TranslationOptions, register

from training.models import Choice, FeedbackForm, Material, Programme, Question, Session, Trainer, Workshop


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Workshop)
class WorkshopTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title",)


@register(Trainer)
class TrainerTranslation(TranslationOptions):
    fields = ("office",)


@register(Material)
class MaterialTranslation(TranslationOptions):
    fields = ("title",)


@register(FeedbackForm)
class FeedbackFormTranslation(TranslationOptions):
    fields = ("name", "introduction")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text",)


@register(Choice)
class ChoiceTranslation(TranslationOptions):
    fields = ("text",)
