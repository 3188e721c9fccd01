"""Collections and series: written by the house that keeps them, found as soon as they are."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from archive.models import Collection, Series
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record

TEXT_FIELDS = ("name", "description")
TEXT_COLUMNS = frozenset(f"{field}_{language}" for field in TEXT_FIELDS for language in STORED)
WRITABLE = TEXT_COLUMNS | {"parent", "collection", "expected_items"}
_DEEPEST = 50

R = TypeVar("R", Collection, Series)


@transaction.atomic
def save_collection(record: R, *, actor: User | None, changed: Iterable[str] = ()) -> R:
    """Create a collection or series, or write the ``changed`` fields of a stored one. Returns the stored row.

    Its slug never changes. Raises DomainError for what cannot be, ConflictError for a slug that is taken,
    ForbiddenError for a house for which the actor does not catalogue.
    """
    model: Any = type(record)
    name = model._meta.model_name
    if record.pk:
        stored = model.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        require(actor, f"archive.change_{name}", stored.broadcaster_id)
        names = {field for field in changed if field in WRITABLE}
        for field in names:
            setattr(stored, field, getattr(record, field))
    else:
        require(actor, f"archive.add_{name}", record.broadcaster)
        stored, names = record, {field for field in WRITABLE if hasattr(record, field)} | {"slug"}
    for field in names & TEXT_COLUMNS:
        setattr(stored, field, normalise_text(getattr(stored, field) or "", field.rpartition("_")[2]).strip())
    _check(stored, names)
    try:
        with transaction.atomic():
            stored.save(update_fields=names if record.pk else None)
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise ConflictError("slug-taken", _("This slug is taken."), slug=stored.slug) from error
    refresh_record(stored)
    found: R = stored
    return found


def _check(record: Any, names: set[str]) -> None:
    if not any(getattr(record, f"name_{language}") for language in STORED):
        raise DomainError("name-missing", _("Give the name in at least one language."))
    relations = {"parent", "collection"}
    try:
        record.clean_fields(exclude={field.name for field in record._meta.get_fields()} - (names - relations))
    except ValidationError as error:
        raise invalid(error) from error
    for field in relations & names:
        related = getattr(record, field)
        if related is not None and related.broadcaster_id != record.broadcaster_id:
            raise DomainError("other-house", _("Choose a collection of the same house."))
    above = getattr(record, "parent", None) if record.pk else None
    for _level in range(_DEEPEST):
        if above is None:
            return
        if above.pk == record.pk:
            break
        above = above.parent
    if above is not None:
        raise DomainError("part-of-itself", _("A collection cannot be a part of itself."))
