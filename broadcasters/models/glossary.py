"""The vocabulary that the partners share: what a thing of the trade is called in each language."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import PartOfSpeech, TermDoubt, TermSource
from broadcasters.querysets import ReferenceQuerySet
from mediaexchange.core.validators import validate_language_tag


class GlossaryTerm(models.Model):
    """A concept's word in one language. Serbian is written in Cyrillic; readers of Latin see it converted.

    ``variants`` are as right as the word itself. A word in doubt is shown with the reason, and no machine translates by
    it. ``note`` is in the term's own language: it is about usage, for those who write it.
    """

    concept = models.SlugField(_("concept"), max_length=60, help_text=_("The same in every language."))
    language = models.CharField(_("language"), max_length=35, validators=[validate_language_tag])
    text = models.CharField(_("term"), max_length=200)
    variants = ArrayField(models.CharField(max_length=200), verbose_name=_("other terms"), default=list, blank=True)
    part_of_speech = models.CharField(
        _("part of speech"), max_length=10, choices=PartOfSpeech.choices, default=PartOfSpeech.NOUN
    )
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    is_doubtful = models.BooleanField(_("in doubt"), default=False)
    doubt = models.CharField(_("why it is in doubt"), max_length=15, choices=TermDoubt.choices, blank=True, default="")
    source = models.CharField(_("source"), max_length=10, choices=TermSource.choices, default=TermSource.NEWSROOM)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["concept", "language"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "language"], name="broadcasters_glossaryterm_once"),
            models.CheckConstraint(
                name="broadcasters_glossaryterm_doubt_is_said", condition=Q(is_doubtful=False) | ~Q(doubt="")
            ),
        ]

    def __str__(self) -> str:
        return self.text
