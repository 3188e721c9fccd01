"""The clauses of a memorandum, which obligations rest on, and its texts in equally valid languages."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.agreement_querysets import OfMemorandumQuerySet
from broadcasters.constants import Area
from broadcasters.models.agreements import Memorandum
from broadcasters.models.base import named_in_some_language
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_language_tag

LARGEST_DOCUMENT_BYTES = 20 * 1024 * 1024


class Clause(models.Model):
    """One clause; ``number`` is how the document names it, such as "4" or "4.2 (a)"."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="clauses", verbose_name=_("memorandum"))
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Order in which they stand."))
    number = models.CharField(pgettext_lazy("clause", "number"), max_length=20)
    area = models.CharField(
        _("area"), max_length=20, choices=Area.choices, blank=True, default="", help_text=_("Empty: of the whole.")
    )
    heading = models.CharField(pgettext_lazy("clause", "heading"), max_length=200, blank=True)
    text = models.TextField(pgettext_lazy("clause", "text"), blank=True)

    objects = OfMemorandumQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["memorandum", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "number"], name="broadcasters_clause_number_once"),
            # What obligations point to with both columns.
            models.UniqueConstraint(fields=["memorandum", "id"], name="broadcasters_clause_of_memorandum"),
            named_in_some_language("heading", "broadcasters_clause_headed"),
            models.CheckConstraint(name="broadcasters_clause_area", condition=Q(area__in=["", *Area.values])),
        ]

    def __str__(self) -> str:
        return f"{self.number} {localized(self, 'heading')}".strip()


class MemorandumText(models.Model):
    """The memorandum in one language: its words, a document that was handed in, or an address where it lies.

    The document lies in the media store under its SHA-256; its name, type and size are those of the file itself.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="texts", verbose_name=_("memorandum"))
    language = models.CharField(
        _("language"), max_length=35, validators=[validate_language_tag], help_text=_("BCP 47, such as sr-Cyrl or kk.")
    )
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(pgettext_lazy("memorandum", "text"), blank=True, default="")
    is_equally_valid = models.BooleanField(
        _("equally valid"), default=False, help_text=_("Otherwise it is a translation for reading only.")
    )
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    document_name = models.CharField(_("document"), max_length=200, blank=True, default="", editable=False)
    document_type = models.CharField(_("media type"), max_length=100, blank=True, default="", editable=False)
    document_sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, default="", editable=False)
    document_bytes = models.PositiveIntegerField(_("size, in bytes"), null=True, editable=False)
    source = models.CharField(
        pgettext_lazy("memorandum", "source"), max_length=300, help_text=_("Where this text comes from.")
    )

    objects = OfMemorandumQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("memorandum", "text")
        verbose_name_plural = pgettext_lazy("memorandum", "texts")
        ordering = ["memorandum", "language"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "language"], name="broadcasters_text_language_once"),
            models.CheckConstraint(
                name="broadcasters_text_holds_something",
                condition=~Q(body="") | ~Q(url="") | ~Q(document_sha256=""),
            ),
            models.CheckConstraint(name="broadcasters_text_sourced", condition=~Q(source="")),
            models.CheckConstraint(
                name="broadcasters_text_document_whole",
                condition=Q(document_sha256="", document_bytes__isnull=True, document_name="", document_type="")
                | Q(
                    document_sha256__regex="^[0-9a-f]{64}$", document_bytes__gt=0,
                    document_name__gt="", document_type__gt="",
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @property
    def storage_name(self) -> str:
        """In the media store; documents are told apart by what they hold."""
        return f"agreements/{self.document_sha256[:2]}/{self.document_sha256}" if self.document_sha256 else ""

    def clean(self) -> None:
        super().clean()
        if not (self.body or self.url or self.document_sha256 or self.has_upload):
            raise ValidationError(_("Give the words, a document, or the address where it lies."))

    has_upload: Any = False  # a form that hands in a document with the row says so
