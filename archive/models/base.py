"""What the archive's models share."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.edtf import MAX_CHARACTERS, span_of, validate_edtf
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import KNOWN

EDTF_HELP = _("EDTF: 1961-09, 1961~ (about), 1961? (uncertain), 1944-10/1944-11, 196X, XXXX (unknown).")


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database's own knowledge of a field's words."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": [value.value for value in choices]}))


def codes(label: Any, max_length: int = 40, **options: Any) -> ArrayField:
    words = models.CharField(max_length=max_length)
    return ArrayField(words, verbose_name=label, default=list, blank=True, **options)


def scope_errors(territories: Iterable[str], platforms: Iterable[str], *, is_elsewhere: bool = False) -> dict[str, Any]:
    """By field, what is wrong with the places and platforms that a right is said for."""
    errors: dict[str, Any] = {}
    if unknown := sorted(set(territories) - KNOWN):
        errors["territories"] = _("There is no such territory: %(names)s.") % {"names": ", ".join(unknown)}
    if unknown := sorted(set(platforms) - set(PLATFORMS)):
        errors["platforms"] = _("There is no such platform: %(names)s.") % {"names": ", ".join(unknown)}
    if is_elsewhere and not territories:
        errors["is_elsewhere"] = _("Name the territories outside which it holds.")
    return errors


class Dated(models.Model):
    """A record with an uncertain date; ``dated_first`` and ``dated_last`` follow it, to sort and filter by."""

    dated = models.CharField(
        _("date"), max_length=MAX_CHARACTERS, blank=True, default="", validators=[validate_edtf], help_text=EDTF_HELP
    )
    dated_first = models.DateField(null=True, editable=False)
    dated_last = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.set_span()
        if update_fields is not None and "dated" in update_fields:
            update_fields = {*update_fields, "dated_first", "dated_last"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_span(self) -> None:
        """Raises ValidationError for a text that is no EDTF date. Before ``bulk_create``, call it."""
        span = span_of(self.dated)
        self.dated_first, self.dated_last = span.first, span.last
