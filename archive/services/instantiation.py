"""Carriers: tapes, reels and other copies that are catalogued by hand. Files come by ``attachment``."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from archive.constants import InstantiationKind
from archive.errors import invalid
from archive.models import Instantiation
from archive.services.item import locked
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.models import User

TEXTS = frozenset({"identifier", "format", "location", "colours", "note"})
MEASURED = frozenset({"format", "start_timecode", "duration_ms"})  # of a file, which says them itself
WRITABLE = TEXTS | {"generation", "holder", "digitised_on", "start_timecode", "duration_ms"}


@transaction.atomic
def save_carrier(carrier: Instantiation, *, actor: User | None, changed: Iterable[str] = ()) -> Instantiation:
    """Catalogue a physical carrier, or write the ``changed`` fields of any stored one. Returns the stored row.

    Raises DomainError for what cannot be, such as the length of a file, which is measured; ForbiddenError for an item
    of a house for which the actor does not catalogue.
    """
    if carrier.pk:
        locked(carrier.item, actor=actor, permission="archive.change_instantiation")
        stored, names = Instantiation.objects.get(pk=carrier.pk), set(changed) & WRITABLE
        if stored.file_id is not None and names & MEASURED:
            raise DomainError("is-measured", _("Of a file this is measured, not typed in."))
        for name in names:
            setattr(stored, name, getattr(carrier, name))
    else:
        locked(carrier.item, actor=actor, permission="archive.add_instantiation")
        stored, names = carrier, set(WRITABLE)
        stored.kind, stored.file = InstantiationKind.PHYSICAL, None
    for name in names & TEXTS:
        setattr(stored, name, normalise_text(getattr(stored, name) or "", "und").strip())
    try:
        stored.clean_fields(exclude={"item", "file", "holder"})
        stored.validate_constraints()
    except ValidationError as error:
        raise invalid(error) from error
    stored.save(update_fields=names if carrier.pk else None)
    return stored


@transaction.atomic
def delete_carrier(carrier: Instantiation, *, actor: User | None) -> None:
    """Take a carrier out of the catalogue. Safe to repeat. Raises ConflictError for a file: what is kept stays."""
    locked(carrier.item, actor=actor, permission="archive.delete_instantiation")
    if carrier.file_id is not None:
        raise ConflictError("is-kept", _("A file that the archive keeps is not taken away."))
    Instantiation.objects.filter(pk=carrier.pk).delete()
