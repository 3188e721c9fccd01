"""Uncertain dates (EDTF) in columns: the text as written, and beside it the first and the last day that it may mean."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.edtf import MAX_CHARACTERS, span_of, validate_edtf

EDTF_HELP = _(
    "EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, "
    "1961~ is about. Empty: not known. Write no more than the source says."
)


def edtf_field(label: Any, **options: Any) -> models.CharField:
    given: dict[str, Any] = {"blank": True, "default": "", "help_text": EDTF_HELP} | options
    return models.CharField(label, max_length=MAX_CHARACTERS, validators=[validate_edtf], **given)


class Spanned(models.Model):
    """``spans`` names pairs: an EDTF text and what the names of its two days begin with. They follow the text whenever
    the record is saved; the database refuses days that do not fit it, whoever writes."""

    spans: ClassVar[dict[str, str]] = {"dated": "dated"}

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.set_spans()
        if update_fields is not None:
            given = set(update_fields)
            days = {f"{days}_{end}" for text, days in self.spans.items() if text in given for end in ("first", "last")}
            update_fields = given | days
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_spans(self) -> None:
        """Raises ValidationError for a text that is no EDTF date, named by its field."""
        for text, days in self.spans.items():
            try:
                span = span_of(getattr(self, text))
            except ValidationError as error:
                raise ValidationError({text: error.messages}) from error
            setattr(self, f"{days}_first", span.first)
            setattr(self, f"{days}_last", span.last)
