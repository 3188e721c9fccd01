"""A story, its editions in languages, its earlier versions, and the documents rendered from it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.resolve import Resolved, resolve
from mediaexchange.core.languages.tags import DEFAULT, STORED
from mediaexchange.core.rights.source_types import SYNTHETIC
from mediaexchange.core.validators import validate_language_tag
from newsexchange.constants import AiUse, ContentKind, EditionOrigin, PubStatus, StoryStatus, VersionKind
from newsexchange.models.feed import Feed
from newsexchange.parsing.sanitise import html_to_text
from newsexchange.querysets import (
    EditionQuerySet,
    NearDuplicateQuerySet,
    StoryDocumentQuerySet,
    StoryQuerySet,
    StoryVersionQuerySet,
)


def revision_of(version: int, versioned_at: datetime) -> str:
    """See ``Story.revision``."""
    return f"{version}.{int(versioned_at.timestamp() * 1_000_000):x}"


class Story(models.Model):
    """One news item, whatever the number of its languages and versions.

    Text in sr, kk, ru and en stands in translated columns; text in a language that has no column stands in its edition.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="stories", verbose_name=_("origin"))
    feed = models.ForeignKey(
        Feed, models.PROTECT, null=True, blank=True, related_name="stories", verbose_name=_("feed"), editable=False
    )
    source_guid = models.CharField(_("identity in the feed"), max_length=1000, blank=True, default="", editable=False)
    source_version = models.BigIntegerField(_("version in the feed"), null=True, editable=False)
    source_updated_at = models.DateTimeField(null=True, editable=False)
    source_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    source_said = models.JSONField(default=dict, editable=False)  # the feed's last word on each field: see ingest

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=StoryStatus.choices, default=StoryStatus.DRAFT, editable=False
    )
    pubstatus = models.CharField(
        _("publishing status"), max_length=10, choices=PubStatus.choices, default=PubStatus.USABLE, editable=False
    )
    language = models.CharField(_("original language"), max_length=35, default="sr", validators=[validate_language_tag])
    headline = models.CharField(_("headline"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    kind = models.CharField(_("kind of content"), max_length=12, choices=ContentKind.choices, default=ContentKind.TEXT)
    slugline = models.CharField(_("slug line"), max_length=200, blank=True, default="")
    editors_note = models.TextField(_("editor's note"), blank=True, default="")
    byline = models.CharField(_("byline"), max_length=300, blank=True, default="")
    dateline_place = models.CharField(_("dateline"), max_length=200, blank=True, default="")
    dateline_on = models.DateField(_("date of the dateline"), null=True, blank=True)
    event_uri = models.CharField(_("event"), max_length=500, blank=True, default="")
    assignment_uri = models.CharField(_("assignment"), max_length=500, blank=True, default="")
    link = models.CharField(_("link"), max_length=2000, blank=True, default="")
    topics = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("topics"),
        default=list,
        blank=True,
        help_text=_("IPTC Media Topics, such as medtop:01000000."),
    )
    keywords = ArrayField(models.CharField(max_length=200), verbose_name=_("keywords"), default=list, blank=True)
    entities = models.JSONField(
        default=list, editable=False
    )  # {"kind": person|place|organisation, "name", "uri", "role"}
    alt_ids = models.JSONField(default=list, editable=False)  # {"role", "value"}
    associations = models.JSONField(default=list, editable=False)  # other items this one names: {"role", "uri", …}
    hops = models.JSONField(default=list, editable=False)  # who passed it on, oldest first: {"by", "at", "action"}
    source_texts = models.JSONField(
        default=list, editable=False
    )  # all its texts: {"kind", "role", "language", "value"}
    source_rights = models.JSONField(default=list, editable=False)  # rights statements as they came
    duration_ms = models.BigIntegerField(_("duration in ms"), null=True, blank=True)
    signature = models.BigIntegerField(null=True, editable=False)  # of the original text, to find near-duplicates
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    embargoed_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    is_held = models.BooleanField(
        _("held without date"), default=False, help_text=_("An embargo without an end: until somebody lifts it.")
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, editable=False)  # when the end of the current embargo was announced
    expired_at = models.DateTimeField(null=True, editable=False)  # when it was announced that it has expired
    credit = models.CharField(_("credit"), max_length=500, blank=True, default="")
    copyright_notice = models.CharField(_("copyright"), max_length=500, blank=True, default="")
    usage_terms = models.TextField(
        _("usage terms"), blank=True, default="", help_text=_("With terms, the story stays out of the open feeds.")
    )
    is_open = models.BooleanField(_("open"), default=False, help_text=_("May go into the public open feeds."))
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    versioned_at = models.DateTimeField(_("this version"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = StoryQuerySet.as_manager()
    known_editions: "Sequence[Edition] | None" = None  # its rows, in the hands of who has just written them

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-versioned_at", "-id"]
        indexes = [
            models.Index(F("versioned_at").desc(), F("id").desc(), name="newsexchange_story_recent"),
            models.Index("broadcaster", F("versioned_at").desc(), F("id").desc(), name="newsexchange_story_origin"),
            models.Index(
                fields=["embargoed_until"],
                name="newsexchange_story_release",
                condition=Q(embargoed_until__isnull=False, released_at__isnull=True),
            ),
            models.Index(F("published_at").desc(), F("id").desc(), name="newsexchange_story_published"),
            models.Index(
                fields=["expires_at"],
                name="newsexchange_story_expiry",
                condition=Q(expires_at__isnull=False, expired_at__isnull=True),
            ),
            GinIndex(fields=["topics"], name="newsexchange_story_topics"),
            # Loops are found by an identity that another feed brought.
            models.Index(fields=["source_guid"], name="newsexchange_story_guid", condition=~Q(source_guid="")),
            models.Index(
                fields=["id"],
                name="newsexchange_story_unsigned",
                condition=Q(signature__isnull=True, status=StoryStatus.PUBLISHED),
            ),
            *(
                # Two signatures that differ in three bits agree in at least one of these quarters.
                models.Index(
                    F("signature").bitrightshift(shift).bitand(65535),
                    F("published_at"),
                    name=f"newsexchange_story_band{shift}",
                    condition=Q(signature__isnull=False) & ~Q(signature=0),
                )
                for shift in (0, 16, 32, 48)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "source_guid"], name="newsexchange_story_source", condition=Q(feed__isnull=False)
            ),
            models.CheckConstraint(
                name="newsexchange_story_pubstatus", condition=Q(pubstatus__in=[value.value for value in PubStatus])
            ),
            models.CheckConstraint(
                name="newsexchange_story_published_has_version",
                condition=Q(status=StoryStatus.DRAFT) | Q(version__gte=1, published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="newsexchange_story_urgency", condition=Q(urgency__isnull=True) | Q(urgency__range=(1, 9))
            ),
        ]

    def __str__(self) -> str:
        """As others may read it, whoever asks. Reads its editions: prefetch them for lists."""
        found = self.headline_for(get_language() or DEFAULT)
        return found.text or self.slugline or str(_("story %(code)s") % {"code": str(self.uid)[:8]})

    def clean(self) -> None:
        super().clean()
        if not self.has_words():
            raise ValidationError(_("Give a headline or text in at least one language."))

    def has_words(self) -> bool:
        """Whether it says anything in any language."""
        headlines = (getattr(self, f"headline_{language}") or "" for language in STORED)
        bodies = (html_to_text(getattr(self, f"body_{language}") or "") for language in STORED)
        if any(text.strip() for text in (*headlines, *bodies)):
            return True
        return bool(self.pk and self.editions.filter(Q(headline__gt="") | Q(body__gt="")).exists())

    def headline_for(self, shown: str, *, with_blocked: bool = False) -> Resolved:
        """The headline alone for a reader of this shown language, passing over what ``text_of`` passes over."""
        editions = list(self.each_edition()) if self.pk else []
        blocked = set() if with_blocked else {each.language for each in editions if each.ai_block_reason()}
        columns = {code: getattr(self, f"headline_{code}") for code in STORED if code not in blocked}
        outside = (each for each in editions if each.headline and each.language not in blocked)
        found = resolve(columns, shown)
        if not found.text and (elsewhere := next(outside, None)):
            return Resolved(elsewhere.headline, elsewhere.language)
        return found

    def is_out_in_the_open(self) -> bool:
        """Whether others may read it, by this process's clock: for bookkeeping. Access asks the database."""
        is_usable = self.status == StoryStatus.PUBLISHED and self.pubstatus == PubStatus.USABLE
        has_expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return is_usable and not has_expired and not self.is_under_embargo()

    def each_edition(self) -> "Iterable[Edition]":
        """Its editions, known or prefetched or asked for."""
        return self.editions.all() if self.known_editions is None else self.known_editions

    @property
    def revision(self) -> str:
        """Names this state of the row, drafts included: they change without a new version."""
        return revision_of(self.version, self.versioned_at)

    def is_under_embargo(self) -> bool:
        """By this process's clock: for display. Access asks the database (``StoryQuerySet.visible_to``)."""
        return self.is_held or (self.embargoed_until is not None and self.embargoed_until > timezone.now())


class Edition(models.Model):
    """How a story stands in one language: where the text comes from and whether its source has moved on since."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="editions", verbose_name=_("story"))
    language = models.CharField(_("language"), max_length=35, validators=[validate_language_tag])
    origin = models.CharField(
        _("comes from"), max_length=15, choices=EditionOrigin.choices, default=EditionOrigin.ORIGINAL
    )
    script = models.CharField(_("typed in"), max_length=4, blank=True, default="", help_text=_("ISO 15924."))
    ai_use = models.CharField(_("use of AI"), max_length=12, choices=AiUse.choices, blank=True, default="")
    ai_tool = models.CharField(_("AI tool"), max_length=200, blank=True, default="")
    digital_source_type = models.CharField(
        _("digital source type"), max_length=60, blank=True, default="", help_text=_("IPTC NewsCodes.")
    )
    ai_label = models.CharField(
        _("visible label"), max_length=200, blank=True, default="", help_text=_("What readers and viewers are told.")
    )
    translated_from_version = models.PositiveIntegerField(_("translated from version"), null=True, blank=True)
    is_stale = models.BooleanField(_("stale"), default=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewer")
    )
    headline = models.CharField(_("headline"), max_length=500, blank=True, default="")
    summary = models.TextField(_("summary"), blank=True, default="")
    body = models.TextField(_("text"), blank=True, default="")
    changed_at = models.DateTimeField(_("changed"), db_default=Now())

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["story", "language"]
        constraints = [
            models.UniqueConstraint(fields=["story", "language"], name="newsexchange_edition_unique"),
            models.CheckConstraint(
                name="newsexchange_edition_text_has_one_home",
                condition=~Q(language__in=STORED) | Q(headline="", summary="", body=""),
            ),
            models.CheckConstraint(
                name="newsexchange_edition_ai_use", condition=Q(ai_use__in=["", *(value.value for value in AiUse)])
            ),
            models.CheckConstraint(
                name="newsexchange_edition_without_ai_has_no_label",
                condition=~Q(ai_use=AiUse.NONE) | Q(ai_tool="", ai_label=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} · {self.get_origin_display()}"

    def ai_block_reason(self) -> str:
        """Why this text is not given to others, as a code, or "". ``EditionQuerySet.blocked`` is the same in SQL.

        A machine translation must be declared and, unless a feed brought the story, approved by a person; synthetic
        text needs IPTC's mark, a visible label and a human reviewer. Reads the story's feed.
        """
        if self.origin == EditionOrigin.MACHINE and self.ai_use in ("", AiUse.NONE):
            return "ai-undeclared"
        if self.origin == EditionOrigin.MACHINE and self.reviewed_by_id is None and self.story.feed_id is None:
            return "ai-unreviewed"
        is_marked = self.digital_source_type in SYNTHETIC and self.ai_label.strip(" ") and self.reviewed_by_id
        if self.ai_use == AiUse.SYNTHETIC and not is_marked:
            return "ai-unmarked"
        return ""


class StoryVersion(models.Model):
    """A published version, whole: what any language said at that time, never changed again."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="versions", verbose_name=_("story"))
    version = models.PositiveIntegerField(_("version"))
    source_version = models.BigIntegerField(null=True)
    kind = models.CharField(_("kind"), max_length=12, choices=VersionKind.choices, default=VersionKind.UPDATE)
    note = models.TextField(_("note"), blank=True, default="")
    snapshot = models.JSONField(_("content"))
    was_open = models.BooleanField(default=True, editable=False)  # partners could read it while it was the current one
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), db_default=Now())

    objects = StoryVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["story", "-version"]
        constraints = [models.UniqueConstraint(fields=["story", "version"], name="newsexchange_version_unique")]

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version}"


class StoryDocument(models.Model):
    """A version rendered once per language and format; reading is a lookup. One of an older version is never given out.

    ``language`` is the shown language it was made for; the columns from ``text_language`` on say what text it holds.
    """

    story = models.ForeignKey(Story, models.CASCADE, related_name="documents", verbose_name=_("story"))
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=35)
    format = models.CharField(_("format"), max_length=20)
    content = models.TextField(_("content"))
    data = models.BinaryField(null=True)  # of formats that are no text; ``content`` is empty then
    text_language = models.CharField(max_length=35, default="und")  # BCP 47
    text_origin = models.CharField(max_length=15, choices=EditionOrigin.choices, default=EditionOrigin.ORIGINAL)
    text_is_stale = models.BooleanField(default=False)

    objects = StoryDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["story", "format", "language"]
        constraints = [
            models.UniqueConstraint(fields=["story", "format", "language"], name="newsexchange_document_unique")
        ]

    def __str__(self) -> str:
        return f"{self.story_id} {self.format} {self.language}"


class DueRendering(models.Model):
    """A story whose cards and details wait to be rendered. Whoever reads earlier renders what they read."""

    story = models.OneToOneField(Story, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("story"))
    due_at = models.DateTimeField(_("due since"), db_default=Now())

    class Meta:
        verbose_name = _("due rendering")
        verbose_name_plural = _("due renderings")
        ordering = ["due_at", "story"]

    def __str__(self) -> str:
        return str(self.pk)


class NearDuplicate(models.Model):
    """Two stories that say nearly the same, whatever feeds they came by; ``story`` is the later one."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="near_duplicates", verbose_name=_("story"))
    other = models.ForeignKey(Story, models.CASCADE, related_name="+", verbose_name=_("resembles"))
    distance = models.PositiveSmallIntegerField(_("difference"))  # differing bits of 64

    objects = NearDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("near-duplicate")
        verbose_name_plural = _("near-duplicates")
        ordering = ["story", "distance"]
        constraints = [
            models.UniqueConstraint(fields=["story", "other"], name="newsexchange_nearduplicate_once"),
            models.CheckConstraint(name="newsexchange_nearduplicate_of_another", condition=~Q(story=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.story_id} ≈ {self.other_id}"
