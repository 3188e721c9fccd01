"""Programmes: written by the house that looks after them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from broadcasters.constants import Area
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record
from training.models import Programme

WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("name", "description") for language in STORED),
     "topics", "languages", "is_active", "module"}
)  # fmt: skip


@transaction.atomic
def save_programme(programme: Programme, *, actor: User | None, changed: Iterable[str] = ()) -> Programme:
    """Create a programme, or write the ``changed`` fields of a stored one. Returns the stored row.

    Raises DomainError for what cannot be, ConflictError for a slug that is taken, ForbiddenError.
    """
    is_new = programme.pk is None
    if is_new:
        require(actor, "training.add_programme", programme.broadcaster)
        stored, names = programme, set(WRITABLE) | {"slug"}
    else:
        stored = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
        require(actor, "training.change_programme", stored.broadcaster_id)
        names = set(changed) & WRITABLE
        for field in names:
            setattr(stored, field, getattr(programme, field))
    module = stored.module
    if module.area != Area.TRAINING or not module.parties.filter(pk=stored.broadcaster_id).exists():
        raise DomainError("not-a-party", _("Choose a module of journalist training that the house is a party of."))
    write(stored, names, is_new=is_new)
    refresh_record(stored)
    tell_parties(stored, "programme.created" if is_new else "programme.changed", actor)
    return stored


def write(row: Any, names: set[str], *, is_new: bool) -> None:
    """Normalise the texts, check the fields, save them. Shared by programmes and workshops."""
    for field in names:
        language = field.rpartition("_")[2]
        if language in STORED and isinstance(getattr(row, field), str):
            setattr(row, field, normalise_text(getattr(row, field), language).strip())
    if not any(getattr(row, f"name_{language}") for language in STORED):
        raise DomainError("name-missing", _("Give the name in at least one language."))
    try:
        row.clean_fields(exclude={field.name for field in row._meta.get_fields()} - names)
    except ValidationError as error:
        raise invalid(error) from error
    try:
        with transaction.atomic():
            row.save(update_fields=None if is_new else names)
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise ConflictError("slug-taken", _("This slug is taken."), slug=row.slug) from error


def tell_parties(programme: Programme, kind: str, actor: User | None) -> None:
    record(
        kind,
        subject_type="programme",
        subject_uid=programme.uid,
        audience=[programme.broadcaster_id, *programme.module.parties.values_list("pk", flat=True)],
        actor=actor,
    )
