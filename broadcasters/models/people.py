"""People in public roles, findable under every spelling of their name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from broadcasters.models.base import NamedRecord, named_in_some_language
from broadcasters.querysets import ReferenceQuerySet
from mediaexchange.core.validators import validate_language_tag


class Person(NamedRecord):
    description = models.TextField(
        _("description"), blank=True, help_text=_("Public facts only, with who says so in the sources.")
    )
    sources = models.JSONField(_("sources"), default=list, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "broadcasters_person_named")]


class PersonAlias(models.Model):
    """Another spelling of a person's name, in another language or script."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="aliases", verbose_name=_("person"))
    text = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[validate_language_tag]
    )

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(fields=["person", "text", "language"], name="broadcasters_personalias_unique")
        ]

    def __str__(self) -> str:
        return self.text
