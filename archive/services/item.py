"""What an archivist writes of an item: checked, kept, found, and told to whoever begins or ceases to read it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from archive.constants import ItemStatus
from archive.errors import invalid
from archive.models import Credit, Item, ItemDate, ItemDescription, ItemIdentifier, ItemPlace, ItemTitle
from archive.querysets import readers_of
from archive.search import ITEM
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED, stored_language
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh

TEXT_FIELDS = ("title", "description")
TEXT_COLUMNS = frozenset(f"{field}_{language}" for field in TEXT_FIELDS for language in STORED)
PLAIN_TEXTS = frozenset({"identifier", "rights_note", "credit_line", "source_note"})
WORD_LISTS = frozenset({"genres", "subjects"})
WRITABLE = TEXT_COLUMNS | PLAIN_TEXTS | WORD_LISTS | {
    "collection", "series", "parent", "expected_children", "access", "embargoed_until", "category", "asset_type",
    "dated", "topics", "speech_languages", "subtitle_languages", "credit_languages", "rights_statement",
}  # fmt: skip
# What makes two rows of a part the same; the values that are written.
PART_FIELDS: Mapping[str, tuple[str, ...]] = {
    "titles": ("kind", "text", "language"),
    "descriptions": ("kind", "text", "language"),
    "dates": ("kind", "dated"),
    "identifiers": ("source", "value"),
    "credits": ("person_id", "name", "role", "note", "position"),
    "places": ("place_id", "relation"),
}
PART_MODELS: Mapping[str, type[models.Model]] = {
    "titles": ItemTitle, "descriptions": ItemDescription, "dates": ItemDate, "identifiers": ItemIdentifier,
    "credits": Credit, "places": ItemPlace,
}  # fmt: skip
_RELATIONS = ("collection", "series", "parent")
_DEEPEST = 50

Parts = Mapping[str, Sequence[Any]]


@transaction.atomic
def save_item(item: Item, *, actor: User | None, changed: Iterable[str] = (), parts: Parts | None = None) -> Item:
    """Create an item, or write the ``changed`` fields of a stored one (``title_kk``, ``dated`` …) and nothing else.

    ``parts`` replaces whole lists by unsaved rows: titles, descriptions, dates, identifiers, credits, places; a list
    that is not named stays. Rows that say the same are left alone, and a save that changes nothing makes no new
    version. Serbian in Latin letters is stored in Cyrillic. Returns the stored row.

    Raises DomainError for what cannot be, ConflictError for an identifier that the house has given already,
    ForbiddenError for an item of a house for which the actor does not catalogue.
    """
    if not item.pk:
        return _create(item, actor=actor, parts=parts or {})
    stored = locked(item, actor=actor)
    before = readers_of(stored)
    differing = {name for name in set(changed) & WRITABLE if _take_over(stored, item, name)}
    _check(stored, differing)
    is_changed = _write_parts(stored, parts or {}) or bool(differing)
    if is_changed:
        stored.version += 1
        _save(stored, update_fields={*differing, "version"})
        refresh(ITEM, [stored.pk])
        _tell(stored, before, actor=actor)
    stored.refresh_from_db()  # what triggers have written
    return stored


@transaction.atomic
def follow_parts(item: Item, *, actor: User | None) -> None:
    """Rows that hang on the item were written elsewhere (a page's inlines): count a version and let them be found."""
    stored = locked(item, actor=actor)
    Item.objects.filter(pk=stored.pk).update(version=F("version") + 1)
    refresh(ITEM, [stored.pk])


@transaction.atomic
def publish_item(item: Item, *, actor: User | None) -> Item:
    """Let those read the record for whom its access is meant. Safe to repeat."""
    return _move(item, ItemStatus.PUBLISHED, actor=actor)


@transaction.atomic
def withdraw_item(item: Item, *, actor: User | None, reason: str = "") -> Item:
    """Take a published record back from all other readers, who are told, with the reason. Safe to repeat.

    Raises ConflictError for a draft: nobody has read it.
    """
    return _move(item, ItemStatus.WITHDRAWN, actor=actor, reason=normalise_text(reason, "und").strip())


def locked(item: Item, *, actor: User | None, permission: str = "archive.change_item") -> Item:
    """The row as it stands, locked for a change. Raises ForbiddenError where the actor may not."""
    stored = Item.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    require(actor, permission, stored.broadcaster_id)
    return stored


def tagged(tag: str) -> str:
    """The tag under which a text is stored: Serbian in Latin letters becomes Cyrillic."""
    return "sr" if stored_language(tag) == "sr" else tag


def _create(item: Item, *, actor: User | None, parts: Parts) -> Item:
    require(actor, "archive.add_item", item.broadcaster)
    item.created_by, item.status, item.version = actor, ItemStatus.DRAFT, 1
    _clean(item, WRITABLE)
    _check(item, WRITABLE)
    _save(item)
    _write_parts(item, parts)
    refresh(ITEM, [item.pk])
    item.refresh_from_db()
    return item


def _move(item: Item, status: ItemStatus, *, actor: User | None, reason: str = "") -> Item:
    stored = locked(item, actor=actor)
    if stored.status == status:
        return stored
    if status == ItemStatus.WITHDRAWN and stored.status == ItemStatus.DRAFT:
        raise ConflictError(
            "not-published", _("Only what was published is withdrawn."), current=stored.status, wanted=str(status)
        )
    before = readers_of(stored)
    stored.status = status
    stored.version += 1
    stored.save(update_fields=["status", "version"])
    stored.refresh_from_db()
    refresh(ITEM, [stored.pk])
    _tell(stored, before, actor=actor, moved=status, reason=reason)
    return stored


def _tell(item: Item, before: set[int], *, actor: User | None, moved: str = "", reason: str = "") -> None:
    """Announce the item to whoever begins to read it, and its going to whoever does so no more.

    Its own house hears of every move. What is under embargo is announced to nobody else.
    """
    after = readers_of(item)
    about: dict[str, Any] = {
        "subject_type": "item", "subject_uid": item.uid, "subject_version": item.version, "actor": actor
    }  # fmt: skip
    own = {item.broadcaster_id}
    if after - before or moved == ItemStatus.PUBLISHED:
        record("item.published", audience=(after - before) | own, **about)
    if before - after or moved == ItemStatus.WITHDRAWN:
        said: dict[str, Any] = {"reason": reason} if reason else {}
        record("item.withdrawn", audience=(before - after) | own, is_retraction=True, **about, **said)


def _take_over(stored: Item, item: Item, name: str) -> bool:
    """Write one field of what was typed into the stored row; whether that changes it."""
    before = getattr(stored, name)
    setattr(stored, name, getattr(item, name))
    _clean(stored, {name})
    after = getattr(stored, name)
    return after != before and not (after in (None, "", []) and before in (None, "", []))


def _clean(item: Item, names: Iterable[str]) -> None:
    """What was typed as it is stored: normalised, lists without empty and double words."""
    for name in names:
        value = getattr(item, name)
        if name in TEXT_COLUMNS:
            language = name.rpartition("_")[2]
            setattr(item, name, normalise_text(value or "", language).strip())
        elif name in PLAIN_TEXTS:
            setattr(item, name, normalise_text(value or "", "und").strip())
        elif name in WORD_LISTS:
            words = (normalise_text(word, "und").strip() for word in value or ())
            setattr(item, name, list(dict.fromkeys(word for word in words if word)))


def _check(item: Item, names: Iterable[str]) -> None:
    names = set(names)
    if not item.identifier:
        raise DomainError("identifier-missing", _("Give the identifier by which the house calls the item."))
    if not any(getattr(item, f"title_{language}") for language in STORED):
        raise DomainError("title-missing", _("Give the title in at least one language."))
    others = {field.name for field in item._meta.get_fields() if field.name not in names - set(_RELATIONS)}
    try:
        item.clean_fields(exclude=others)
    except ValidationError as error:
        raise invalid(error) from error
    for name in _RELATIONS:
        related = getattr(item, name) if name in names else None
        if related is not None and related.broadcaster_id != item.broadcaster_id:
            raise DomainError("other-house", _("Choose a collection, series and whole of the item’s own house."))
    if "parent" in names:
        _check_parent(item)


def _check_parent(item: Item) -> None:
    """Raises DomainError where an item would be a part of itself."""
    above, seen = item.parent_id, 0
    while above is not None:
        if above == item.pk or seen > _DEEPEST:
            raise DomainError("part-of-itself", _("An item cannot be a part of itself."))
        above = Item.objects.filter(pk=above).values_list("parent_id", flat=True).first()
        seen += 1


def _save(item: Item, update_fields: set[str] | None = None) -> None:
    try:
        with transaction.atomic():
            item.save(update_fields=update_fields)
    except IntegrityError as error:
        if "archive_item_identifier" not in str(error):
            raise
        raise ConflictError(
            "identifier-taken",
            _("The house calls another item “%(identifier)s”.") % {"identifier": item.identifier},
            identifier=item.identifier,
        ) from error


def _write_parts(item: Item, parts: Parts) -> bool:
    """Bring the lists to what was given; whether anything differed."""
    is_changed = False
    if unknown := sorted(set(parts) - set(PART_FIELDS)):
        raise DomainError("unknown-part", _("An item has no such part."), parts=unknown)
    for name, given in parts.items():
        fields, manager = PART_FIELDS[name], getattr(item, name)
        wanted: dict[tuple[Any, ...], Any] = {}
        for position, row in enumerate(given):
            _clean_part(row, item, position)
            wanted.setdefault(tuple(getattr(row, field) for field in fields), row)
        stored = {tuple(getattr(row, field) for field in fields): row for row in manager.all()}
        gone = [row.pk for key, row in stored.items() if key not in wanted]
        new = [row for key, row in wanted.items() if key not in stored]
        if gone:
            manager.filter(pk__in=gone).delete()
        if new:
            PART_MODELS[name]._default_manager.bulk_create(new)
        is_changed = is_changed or bool(gone or new)
    return is_changed


def _clean_part(row: Any, item: Item, position: int) -> None:
    row.item = item
    if hasattr(row, "language"):
        row.text = normalise_text(row.text, row.language).strip()
        row.language = tagged(row.language)
    for name in ("source", "value", "name", "note"):
        if hasattr(row, name):
            setattr(row, name, normalise_text(getattr(row, name), "und").strip())
    if isinstance(row, Credit):
        row.position = position
    if isinstance(row, Credit) and row.person_id is None and not row.name:
        raise DomainError("credit-nameless", _("Name the person of each credit."))
    try:
        row.clean_fields(exclude={"item", "person", "place"})
        if isinstance(row, ItemDate):
            row.set_span()
    except ValidationError as error:
        raise invalid(error) from error
