"""Accounts, keys, and the two ledgers everything else writes to: the outbox and the audit trail."""

from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediaexchange.core.inbox import models as inbox_models  # noqa: F401 — Django looks for models here
from mediaexchange.core.languages.tags import LANGUAGES
from mediaexchange.core.networks import NetworkField, is_within
from mediaexchange.core.querysets import ApiKeyQuerySet, CalendarFeedQuerySet, KeepWordQuerySet
from mediaexchange.core.secrets import EncryptedTextField
from mediaexchange.core.trail import models as trail_models  # noqa: F401 — as above
from mediaexchange.core.validators import validate_latin, validate_time_zone


class User(AbstractUser):
    """A member of staff, or the service account of a partner's API keys. It sees through its memberships."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    is_service = models.BooleanField(
        _("service account"), default=False, help_text=_("Belongs to an API client; cannot sign in to the admin.")
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[(language.code, language.autonym) for language in LANGUAGES],
        default="en",
        help_text=_("The language this person is addressed in."),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC", validators=[validate_time_zone])
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"),
        default=7,
        db_default=7,
        validators=[MaxValueValidator(23)],
        help_text=_("By the clocks of the person’s time zone: when the mail comes that is sent once a day."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                name="core_service_accounts_are_not_staff",
                condition=models.Q(is_service=False) | models.Q(is_staff=False, is_superuser=False),
            ),
            models.CheckConstraint(name="core_digest_hour_of_a_day", condition=models.Q(digest_hour__lte=23)),
        ]

    def __str__(self) -> str:
        """The person's name, as written; of an account without one, what it signs in with."""
        return self.get_full_name() or self.get_username()


class ApiKey(models.Model):
    """A long-lived credential of a service account: the prefix in clear, the secret only as a peppered hash."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys", verbose_name=_("service account"))
    name = models.CharField(_("name"), max_length=100, help_text=_("What the key is for."))
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list)
    networks = ArrayField(  # none: any address
        NetworkField(), verbose_name=_("allowed addresses"), default=list, db_default=[], blank=True
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.client_id}…)"

    @property
    def client_id(self) -> str:
        """The beginning of its text, by which OAuth 2 calls it (RFC 6749 §2.2). No secret."""
        return f"mx_{self.prefix}"

    def is_open_to(self, address: str) -> bool:
        """Whether it may be used from this address."""
        return not self.networks or is_within(address, self.networks)


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened.

    ``position`` is given after the commit by one numberer at a time, so that a reader who has seen position N can never
    miss a smaller one. ``audience`` holds the ids of the organisations that may learn of it.
    """

    position = models.BigIntegerField(null=True, unique=True, editable=False)
    uid = models.UUIDField(default=uuid4, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(_("subject"), max_length=40)
    subject_uid = models.UUIDField(_("subject UID"))
    subject_version = models.PositiveIntegerField(_("version"), null=True)
    audience = ArrayField(models.BigIntegerField(), default=list)
    is_retraction = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["position"]
        indexes = [
            GinIndex(fields=["audience"], name="core_outbox_audience"),
            models.Index(fields=["id"], name="core_outbox_unnumbered", condition=models.Q(position__isnull=True)),
            models.Index(fields=["subject_uid"], name="core_outbox_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_uid}"


class AuditEntry(models.Model):
    """One changed row, written by a trigger and never changed again. ``changed`` maps column → [before, after]."""

    at = models.DateTimeField(_("at"))
    table_name = models.CharField(_("table"), max_length=80)
    row_pk = models.CharField(_("row"), max_length=64)
    action = models.CharField(_("action"), max_length=10)
    changed = models.JSONField(_("changed"))
    actor_id = models.BigIntegerField(_("actor"), null=True)  # no foreign key: the trail outlives the account
    request_id = models.CharField(_("request"), max_length=64, default="")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["table_name", "row_pk", "-id"], name="core_audit_row")]

    def __str__(self) -> str:
        return f"{self.table_name} #{self.row_pk}"


class IdempotencyRecord(models.Model):
    """A write that a client may repeat: what was asked, and the answer once there is one. Lives for a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=500)  # method and path
    body_hash = models.CharField(max_length=64)
    response_status = models.PositiveSmallIntegerField(null=True)  # None while it runs
    response_body = models.BinaryField(default=b"")
    response_headers = models.JSONField(default=dict)
    standing = ArrayField(models.CharField(max_length=120), default=list, db_default=[])  # what the caller held then
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("repeatable request")
        verbose_name_plural = _("repeatable requests")
        indexes = [models.Index(fields=["created_at"], name="core_idempotency_age")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="core_idempotency_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class Heartbeat(models.Model):
    """When a background process last proved that the whole road beat → broker → worker → database works."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class SearchEntry(models.Model):
    """What one record says in one language, as search finds it: derived, written with the record, never edited.

    ``words`` holds the stems of the text with their places, keys of names (``n=``), and what filters ask for: type,
    language, origin, kind, topics and day, so that a filter is one more word of the query. ``object_id`` is no foreign
    key: what can be searched stands in apps above this one. Nothing is read from here without asking the record's own
    ``visible_to`` in the same statement.
    """

    type = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=35, blank=True, default="")  # "" for a record named in several at once
    words = SearchVectorField()
    fresh_at = models.DateTimeField(null=True)  # None for what does not age
    origin = models.CharField(max_length=50, blank=True, default="")
    kind = models.CharField(max_length=40, blank=True, default="")
    topics = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [
            # A long list of pending words would be read through by every search.
            GinIndex(fields=["words"], name="core_search_words", gin_pending_list_limit=512),
        ]
        constraints = [models.UniqueConstraint(fields=["type", "object_id", "language"], name="core_search_entry_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id} {self.language}"


class SearchName(models.Model):
    """One word of a name or alias and its key: where "did you mean" looks."""

    type = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("searched name")
        verbose_name_plural = _("searched names")
        indexes = [GinIndex(fields=["key"], name="core_search_name_key", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.UniqueConstraint(fields=["type", "object_id", "text", "key"], name="core_search_name_once")
        ]

    def __str__(self) -> str:
        return self.text


class SearchRebuild(models.Model):
    """How far a rebuilding of one type's entries has come; one that was killed goes on from here."""

    type = models.CharField(max_length=20, primary_key=True)
    last_id = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("rebuilding of the search index")
        verbose_name_plural = _("rebuildings of the search index")

    def __str__(self) -> str:
        return f"{self.type} {self.last_id}"


class SearchEcho(models.Model):
    """A record that others repeat has changed: entries of type ``follower`` that hold its words follow up to here."""

    type = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    follower = models.CharField(max_length=20)
    last_id = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("entries that follow")
        verbose_name_plural = _("entries that follow")
        constraints = [models.UniqueConstraint(fields=["type", "object_id", "follower"], name="core_search_echo_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id} → {self.follower} {self.last_id}"


class KeepWord(models.Model):
    """A word or phrase that stays Latin when Serbian Latin is stored in Cyrillic.

    In capitals it is kept only in capitals, a phrase only as written; any other in every case and with Serbian endings.
    """

    text = models.CharField(
        _("word or phrase"),
        max_length=100,
        unique=True,
        validators=[validate_latin],
        help_text=_("In Latin letters, as it is written: BBC, TikTok, Al Jazeera."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    is_active = models.BooleanField(_("in use"), default=True)

    objects = KeepWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word that stays Latin")
        verbose_name_plural = _("words that stay Latin")
        ordering = ["text"]

    def __str__(self) -> str:
        return self.text


class CalendarKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("calendar", "my own")
    DESK = "desk", pgettext_lazy("calendar", "of a desk")
    MODULE = "module", pgettext_lazy("calendar", "of a module")


class CalendarFeed(models.Model):
    """A secret address under which calendars read what one person may see, until it is revoked.

    Found by the token's peppered hash; the token itself is kept sealed, so that its owner can copy the address again,
    and is forgotten when it is revoked. ``subject_uid`` is a broadcaster's or module's, which stand in an app above.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=10, choices=CalendarKind.choices)
    subject_uid = models.UUIDField(_("subject UID"), null=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    token = EncryptedTextField(blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_read_at = models.DateTimeField(_("last read at"), null=True, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="core_calendar_kind_known", condition=models.Q(kind__in=["person", "desk", "module"])
            ),
            models.CheckConstraint(
                name="core_calendar_names_its_subject",
                condition=models.Q(kind="person", subject_uid__isnull=True)
                | models.Q(kind__in=["desk", "module"], subject_uid__isnull=False),
            ),
            models.CheckConstraint(
                name="core_calendar_keeps_no_revoked_token",
                condition=models.Q(revoked_at__isnull=True) | models.Q(token=""),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "subject_uid"],
                name="core_calendar_once",
                condition=models.Q(revoked_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uid}"
