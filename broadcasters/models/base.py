"""What reference records share."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED


def named_in_some_language(field: str, name: str) -> models.CheckConstraint:
    """A constraint: the translated field is filled in at least one stored language."""
    condition = Q()
    for language in STORED:
        condition |= Q(**{f"{field}_{language}__gt": ""})
    return models.CheckConstraint(name=name, condition=condition)


class NamedRecord(models.Model):
    """A record found by its slug and shown by its translated name."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Stable name in addresses and imports."))
    name = models.CharField(_("name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return localized(self, "name") or self.slug

    def clean(self) -> None:
        super().clean()
        if not any(getattr(self, f"name_{language}", "") for language in STORED):
            raise ValidationError({"name_en": _("Give the name in at least one language.")})
