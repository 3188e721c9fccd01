"""The item: one intellectual whole of the archive, and what is said of it. PBCore calls it an asset."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.constants import (
    Access,
    AssetType,
    Category,
    CreditRole,
    DateType,
    DescriptionType,
    ItemStatus,
    PlaceRelation,
    RightsStatement,
    TitleType,
    ValidationStatus,
)
from archive.models.base import Dated, codes, one_of
from archive.models.collection import Collection, Series
from archive.periods_in_sql import dated_key, days_between, is_dated
from archive.querysets import ItemPartQuerySet, ItemQuerySet
from archive.speech_in_sql import PrimarySubtags
from broadcasters.models import Broadcaster, Person, Place
from broadcasters.models.base import named_in_some_language
from broadcasters.models.organisations import language_tags
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.validators import validate_language_tag


class Item(Dated):
    """``broadcaster`` holds it and decides over it. ``identifier`` is the holder's own, unique within the house.

    ``changed_at`` and ``widest_access`` are kept by triggers: any change of the item or of what hangs on it, and the
    widest circle that could ever read it, which is told when it goes.
    """

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    broadcaster = models.ForeignKey(Broadcaster, models.PROTECT, related_name="items", verbose_name=_("broadcaster"))
    identifier = models.CharField(_("identifier"), max_length=100)
    collection = models.ForeignKey(
        Collection, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("collection")
    )
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("series")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    expected_children = models.PositiveIntegerField(_("expected number of children"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ItemStatus.choices, default=ItemStatus.DRAFT)
    access = models.CharField(_("readable for"), max_length=10, choices=Access.choices, default=Access.HOUSE)
    widest_access = models.CharField(max_length=10, choices=Access.choices, default=Access.HOUSE, editable=False)
    embargoed_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    category = models.CharField(_("category"), max_length=25, choices=Category.choices)
    asset_type = models.CharField(_("kind"), max_length=15, choices=AssetType.choices, default=AssetType.CLIP)
    title = models.CharField(_("title"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True)
    genres = codes(_("genres"), 100)
    topics = codes(_("topics"), 20, help_text=_("IPTC Media Topics, such as medtop:20000038."))
    subjects = codes(_("subjects"), 200)
    speech_languages = language_tags(_("languages spoken"))
    subtitle_languages = language_tags(_("languages of subtitles in the picture"))
    credit_languages = language_tags(_("languages of the credits"))
    rights_statement = models.CharField(
        _("rights statement"), max_length=12, choices=RightsStatement.choices, default=RightsStatement.NOT_EVALUATED
    )
    rights_note = models.TextField(_("note on rights"), blank=True, default="")
    credit_line = models.CharField(_("credit line"), max_length=300, blank=True, default="")
    source_note = models.TextField(_("provenance"), blank=True, default="")
    validation = models.CharField(
        _("validation"), max_length=10, choices=ValidationStatus.choices, default=ValidationStatus.UNCHECKED,
        editable=False,
    )  # fmt: skip
    validation_reasons = models.JSONField(_("reasons"), default=list, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["changed_at", "id"], name="archive_item_changed"),
            models.Index(F("dated_first").asc(nulls_last=True), "id", name="archive_item_dated"),
            models.Index(fields=["broadcaster", "status"], name="archive_item_house"),
            models.Index(fields=["id"], name="archive_item_unchecked", condition=Q(validation="unchecked")),
            # Pages of lists, of each house that the reader may read: see ``archive.bounded``.
            models.Index(fields=["broadcaster", "id"], name="archive_item_newest"),
            models.Index(fields=["broadcaster", "changed_at", "id"], name="archive_item_latest"),
            models.Index("broadcaster", dated_key(), "id", name="archive_item_oldest"),
            models.Index("broadcaster", dated_key(is_descending=True), "id", name="archive_item_youngest"),
            models.Index(
                fields=["broadcaster", "access"], name="archive_item_open", condition=Q(status=ItemStatus.PUBLISHED)
            ),
            GistIndex(days_between("dated_first", "dated_last"), name="archive_item_days", condition=is_dated()),
            models.Index(fields=["category", "id"], name="archive_item_category"),
            GinIndex(PrimarySubtags("speech_languages"), name="archive_item_spoken"),
            GinIndex(fields=["topics"], name="archive_item_topics"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["broadcaster", "identifier"], name="archive_item_identifier"),
            models.CheckConstraint(name="archive_item_identified", condition=~Q(identifier="")),
            models.CheckConstraint(name="archive_item_not_its_parent", condition=~Q(parent=F("id"))),
            named_in_some_language("title", "archive_item_titled"),
            one_of("status", ItemStatus, "archive_item_status"),
            one_of("access", Access, "archive_item_access"),
            one_of("category", Category, "archive_item_category"),
            models.CheckConstraint(
                name="archive_item_dated_in_order",
                condition=Q(dated_first__isnull=True)
                | Q(dated_last__isnull=True)
                | Q(dated_first__lte=F("dated_last")),
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title") or self.identifier


class ItemPart(models.Model):
    """What hangs on an item and is seen by whoever sees the item."""

    objects = ItemPartQuerySet.as_manager()

    class Meta:
        abstract = True


class ItemTitle(ItemPart):
    item = models.ForeignKey(Item, models.CASCADE, related_name="titles", verbose_name=_("item"))
    kind = models.CharField(_("kind"), max_length=12, choices=TitleType.choices)
    text = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=35, validators=[validate_language_tag])

    class Meta:
        verbose_name = _("further title")
        verbose_name_plural = _("further titles")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "language", "text"], name="archive_itemtitle_once")
        ]

    def __str__(self) -> str:
        return self.text


class ItemDescription(ItemPart):
    item = models.ForeignKey(Item, models.CASCADE, related_name="descriptions", verbose_name=_("item"))
    kind = models.CharField(_("kind"), max_length=10, choices=DescriptionType.choices)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=35, validators=[validate_language_tag])

    class Meta:
        verbose_name = _("further description")
        verbose_name_plural = _("further descriptions")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]


class ItemDate(Dated):
    item = models.ForeignKey(Item, models.CASCADE, related_name="dates", verbose_name=_("item"))
    kind = models.CharField(_("kind"), max_length=10, choices=DateType.choices)

    objects = ItemPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("further date")
        verbose_name_plural = _("further dates")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="archive_itemdate_given", condition=~Q(dated=""))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.dated}"


class ItemIdentifier(ItemPart):
    """What others call the item: the identifier of a source that it was imported from, an ISAN, a tape number."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="identifiers", verbose_name=_("item"))
    source = models.CharField(_("given by"), max_length=200)
    value = models.CharField(_("identifier"), max_length=200)

    class Meta:
        verbose_name = _("further identifier")
        verbose_name_plural = _("further identifiers")
        ordering = ["source", "value"]
        constraints = [models.UniqueConstraint(fields=["item", "source", "value"], name="archive_itemidentifier_once")]
        indexes = [models.Index(fields=["source", "value"], name="archive_itemidentifier_found")]

    def __str__(self) -> str:
        return f"{self.source}: {self.value}"


class Credit(ItemPart):
    """A person's part in an item: a record of ours, or a bare ``name`` as the source wrote it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="credits", verbose_name=_("item"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="credits", verbose_name=_("person")
    )
    name = models.CharField(
        _("name"), max_length=200, blank=True, default="", help_text=_("For people without a record.")
    )
    role = models.CharField(_("role"), max_length=12, choices=CreditRole.choices)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("person", "credit")
        verbose_name_plural = _("credits")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="archive_credit_named", condition=Q(person__isnull=False) | ~Q(name="")),
            one_of("role", CreditRole, "archive_credit_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.name} · {self.get_role_display()}"


class ItemPlace(ItemPart):
    item = models.ForeignKey(Item, models.CASCADE, related_name="places", verbose_name=_("item"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="items", verbose_name=_("place"))
    relation = models.CharField(
        _("relation"), max_length=10, choices=PlaceRelation.choices, default=PlaceRelation.SHOWN
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "place", "relation"], name="archive_itemplace_once"),
        ]

    def __str__(self) -> str:
        return str(self.place)
