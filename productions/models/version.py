"""Language versions: an open tag with its script, who pays and owns it, and how AI took part in it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.rights.source_types import DIGITAL_SOURCE_TYPES, SYNTHETIC
from productions.constants import VERSION_MOVES, AiUse, VersionKind, VersionStatus
from productions.delivery_querysets import LanguageVersionQuerySet
from productions.languages import language_name, validate_tag_with_script
from productions.models.base import one_of
from productions.models.production import Production


class LanguageVersion(models.Model):
    """``language`` is a canonical BCP 47 tag that names its script: hu-Latn, rue-Cyrl. Any language may come.

    ``digital_source_type`` is IPTC's word, ``ai_label`` what viewers are shown; synthetic content needs both.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="versions", verbose_name=_("production"))
    language = models.CharField(
        _("language"), max_length=35, validators=[validate_tag_with_script],
        help_text=_("A BCP 47 tag with its script, such as sr-Latn, hu-Latn or rue-Cyrl."),
    )  # fmt: skip
    autonym = models.CharField(
        _("own name of the language"), max_length=100, blank=True, default="",
        help_text=_("Shown where the system has no name for the language."),
    )  # fmt: skip
    kind = models.CharField(pgettext_lazy("language version", "kind"), max_length=10, choices=VersionKind.choices)
    payer = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("paid for by"))
    owner = models.ForeignKey(Broadcaster, models.PROTECT, related_name="+", verbose_name=_("owned by"))
    reuse_terms = models.TextField(
        _("terms of reuse"), blank=True, default="", help_text=_("Who else may use it, and for what.")
    )
    ai_use = models.CharField(_("use of AI"), max_length=12, choices=AiUse.choices, blank=True, default="")
    ai_tool = models.CharField(_("AI tool"), max_length=200, blank=True, default="")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("reviewed by"),
    )  # fmt: skip
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    digital_source_type = models.CharField(_("digital source type"), max_length=60, blank=True, default="")
    ai_label = models.CharField(
        _("label that viewers see"), max_length=300, blank=True, default="",
        help_text=_("Synthetic content is not delivered without it."),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=12, choices=VersionStatus.choices, default=VersionStatus.PLANNED, editable=False
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = LanguageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        ordering = ["production", "id"]
        constraints = [
            models.UniqueConstraint(fields=["production", "language", "kind"], name="productions_version_once"),
            one_of("kind", VersionKind, "productions_version_kind"),
            one_of("status", VersionStatus, "productions_version_status"),
            one_of("ai_use", AiUse, "productions_version_ai_use", or_empty=True),
            models.CheckConstraint(
                name="productions_version_tag_with_script",
                condition=Q(language__regex=r"^[a-z]{2,3}-[A-Z][a-z]{3}(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{4,8})*$"),
            ),
            models.CheckConstraint(
                name="productions_version_source_type",
                condition=Q(digital_source_type__in=["", *sorted(DIGITAL_SOURCE_TYPES)]),
            ),
            models.CheckConstraint(
                name="productions_version_without_ai", condition=~Q(ai_use="none") | Q(ai_tool="", ai_label="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language_name} · {self.get_kind_display()}"

    @property
    def language_name(self) -> str:
        """In the active language where it has a name there; else the language's own name, else the tag."""
        return language_name(self.language, autonym=self.autonym)

    @property
    def is_marked(self) -> bool:
        """Whether what must be said of synthetic content is said, for machines and for viewers."""
        return self.digital_source_type in SYNTHETIC and bool(self.ai_label.strip())

    def move_to(self, status: str) -> None:
        """Raises ConflictError for a move that ``VERSION_MOVES`` does not allow."""
        if status not in VERSION_MOVES[self.status]:
            raise ConflictError(
                "version-move-refused",
                _("A language version cannot go from “%(current)s” to “%(wanted)s”.")
                % {"current": VersionStatus(self.status).label, "wanted": VersionStatus(status).label},
                current=self.status,
                wanted=status,
            )
        self.status = status
