"""Correspondents, with the least that is needed of them; and where they are, in a row of its own."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.models import Broadcaster, Place
from broadcasters.models.base import NamedRecord, named_in_some_language
from broadcasters.models.organisations import language_tags
from correspondents.querysets import CorrespondentQuerySet, SharedQuerySet, WhereaboutsQuerySet
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import LANGUAGES, shown_language
from mediaexchange.core.secrets import EncryptedTextField

_SCRIPTS = {language.code: language.script for language in LANGUAGES}


class Skill(NamedRecord):
    """What a correspondent can do: data, so that a house may add what it asks for."""

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["slug"]
        constraints = [named_in_some_language("name", "correspondents_skill_named")]


class Correspondent(models.Model):
    """Somebody whom a house sends. Names and account stand in this row and nowhere else.

    The audit trail leaves them out, so that an erasure can take them from the whole system. An anonymised row stays,
    for the assignments that were its own.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(
        Broadcaster, models.PROTECT, related_name="correspondents", verbose_name=_("broadcaster")
    )
    name = models.CharField(
        pgettext_lazy("person", "name"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("As the person writes it, in its own script."),
    )
    name_latn = models.CharField(
        _("name in Latin letters"), max_length=200, blank=True, default="",
        help_text=_("As on a press card; for Serbian it follows from the Cyrillic."),
    )  # fmt: skip
    language = models.CharField(
        _("language"), max_length=35, choices=[(each.tag, each.autonym) for each in LANGUAGES], default="en",
        help_text=_("In which the person is written to."),
    )  # fmt: skip
    languages = language_tags(_("working languages"))
    skills = models.ManyToManyField(Skill, blank=True, related_name="correspondents", verbose_name=_("skills"))
    home_base = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("home base")
    )
    data_region = models.CharField(_("data-home region"), max_length=2, help_text=_("Where personal data stays."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="correspondent_rows",
        verbose_name=_("account"),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = CorrespondentQuerySet.as_manager()

    class Meta:
        verbose_name = _("correspondent")
        verbose_name_plural = _("correspondents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["broadcaster", "user"], name="correspondents_account_once", condition=Q(user__isnull=False)
            ),
            models.CheckConstraint(
                name="correspondents_correspondent_named", condition=Q(anonymised_at__isnull=False) | Q(name__gt="")
            ),
            models.CheckConstraint(
                name="correspondents_correspondent_anonymous",
                condition=Q(anonymised_at__isnull=True) | Q(name="", name_latn="", user__isnull=True, is_active=False),
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

    def name_in(self, language: str) -> str:
        """The name for readers of a shown language. Only Serbian is ever transliterated; else what there is."""
        if _SCRIPTS.get(language) != "Latn":
            return self.name
        if self.name_latn or self.shown_language not in ("sr", "sr-latn"):
            return self.name_latn or self.name
        return to_latin(self.name)


class Whereabouts(models.Model):
    """Where somebody is at present and how they and their local contacts are reached.

    Sealed in the database; neither audit nor outbox nor search nor a stored answer ever holds a word of it.
    """

    correspondent = models.OneToOneField(
        Correspondent, models.CASCADE, related_name="whereabouts", verbose_name=_("correspondent")
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    address = EncryptedTextField(_("address"), blank=True, default="", help_text=_("Hotel, flat, room."))
    phone = EncryptedTextField(_("telephone"), blank=True, default="")
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    emergency_contact = EncryptedTextField(_("to be told in an emergency"), blank=True, default="")
    local_contacts = EncryptedTextField(_("local contacts"), blank=True, default="")
    note = EncryptedTextField(_("note"), blank=True, default="")
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = WhereaboutsQuerySet.as_manager()

    class Meta:
        verbose_name = _("whereabouts and contacts")
        verbose_name_plural = _("whereabouts and contacts")
        ordering = ["correspondent"]

    def __str__(self) -> str:
        return str(self.correspondent)
