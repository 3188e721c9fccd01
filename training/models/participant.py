"""People who are trained, with the least that is needed of them, and what they have agreed to."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import LANGUAGES, shown_language
from training.constants import ConsentPurpose, ConsentRoad
from training.models.base import one_of
from training.querysets import ParticipantPartQuerySet, ParticipantQuerySet

_SCRIPTS = {language.code: language.script for language in LANGUAGES}


class Participant(models.Model):
    """Somebody whom a house sends. Names, e-mail and account stand in this row and nowhere else.

    The audit trail leaves these columns out, so that a withdrawal can take them from the whole system; that somebody
    has changed the row is recorded all the same. An anonymised row stays, for what is counted through it.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="training_participants", verbose_name=_("broadcaster")
    )
    name_cyrl = models.CharField(_("name in Cyrillic"), max_length=200, blank=True, default="")
    name_latn = models.CharField(
        _("name in Latin letters"), max_length=200, blank=True, default="",
        help_text=_("Give the name in each script in which it shall stand on certificates; one is enough for Serbian."),
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), blank=True, default="")
    language = models.CharField(
        _("language"), max_length=35, choices=[(each.tag, each.autonym) for each in LANGUAGES], default="en",
        help_text=_("In which the person is written to, and in which the certificate is made out."),
    )  # fmt: skip
    data_region = models.CharField(_("data-home region"), max_length=2, help_text=_("Where personal data stays."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="training_participations",
        verbose_name=_("account"),
    )  # fmt: skip
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "broadcaster", name="training_participant_once", condition=Q(email__gt="")
            ),
            models.CheckConstraint(
                name="training_participant_named",
                condition=Q(anonymised_at__isnull=False) | Q(name_cyrl__gt="") | Q(name_latn__gt=""),
            ),
            models.CheckConstraint(
                name="training_participant_anonymous",
                condition=Q(anonymised_at__isnull=True) | Q(name_cyrl="", name_latn="", email="", user__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("anonymised person"))

    @property
    def is_anonymous(self) -> bool:
        return self.anonymised_at is not None

    @property
    def shown_language(self) -> str:
        """The Django code of the language in which the person is addressed."""
        return shown_language(self.language) or "en"

    @property
    def name(self) -> str:
        """As it is written in the person's own language; "" for who is anonymous."""
        return self.name_in(self.shown_language)

    def name_in(self, language: str) -> str:
        """The name in the script of a shown language. Only Serbian is ever transliterated; else what there is."""
        wanted, other = self.name_cyrl, self.name_latn
        is_latin = _SCRIPTS.get(language) == "Latn"
        if is_latin:
            wanted, other = other, wanted
        if wanted or not other:
            return wanted
        if self.shown_language in ("sr", "sr-latn"):
            return to_latin(other) if is_latin else to_cyrillic(other)
        return other


class Consent(models.Model):
    """What somebody has agreed to, from when until when."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consents", verbose_name=_("participant"))
    purpose = models.CharField(_("purpose"), max_length=15, choices=ConsentPurpose.choices)
    road = models.CharField(pgettext_lazy("consent", "given"), max_length=10, choices=ConsentRoad.choices)
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)

    objects = ParticipantPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "purpose"], name="training_consent_once", condition=Q(withdrawn_at__isnull=True)
            ),
            one_of("purpose", ConsentPurpose, "training_consent_purpose"),
            one_of("road", ConsentRoad, "training_consent_road"),
        ]

    def __str__(self) -> str:
        return str(self.get_purpose_display())
