"""What reference records share."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.sort_keys import sort_key
from mediaexchange.core.languages.tags import SHOWN, STORED


def named_in_some_language(field: str, name: str) -> models.CheckConstraint:
    """A constraint: the translated field is filled in at least one stored language."""
    condition = Q()
    for language in STORED:
        # Not null is said as well: a check that comes to NULL passes.
        condition |= Q(**{f"{field}_{language}__isnull": False, f"{field}_{language}__gt": ""})
    return models.CheckConstraint(name=name, condition=condition)


def one_of(
    field: str, choices: type[models.TextChoices], name: str, *, or_empty: bool = False
) -> models.CheckConstraint:
    """The database's own knowledge of a field's words."""
    words = [value.value for value in choices] + ([""] if or_empty else [])
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": words}))


def name_sort_keys(names: dict[str, str | None]) -> dict[str, str]:
    """Shown language → sort key of the name that its readers are given."""
    return {language: _sort_key(names, language) for language in SHOWN}


def _sort_key(names: dict[str, str | None], language: str) -> str:
    if language == "sr-latn" and names.get("sr"):
        return sort_key(names["sr"] or "", language)  # the master script tells digraphs from pairs of letters
    return sort_key(resolve(names, language).text, language)


class NamedRecord(models.Model):
    """A record found by its slug and shown by its translated name, which ``sort_keys`` follow whenever it is saved."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Stable name in addresses and imports."))
    name = models.CharField(_("name"), max_length=200, blank=True)
    sort_keys = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return localized(self, "name") or self.slug

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.sort_keys = name_sort_keys({language: getattr(self, f"name_{language}") for language in STORED})
        if update_fields is not None:
            update_fields = {*update_fields, "sort_keys"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self) -> None:
        super().clean()
        if not any(getattr(self, f"name_{language}", "") for language in STORED):
            raise ValidationError({"name_en": _("Give the name in at least one language.")})
