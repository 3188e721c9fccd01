"""What all deeds here share: rows are checked and written, and what the database refuses is told in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from correspondents.constants import PaperKind
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED


def write(row: Any, names: set[str], *, is_new: bool, named: str = "name") -> None:
    """Normalise texts, check the fields, save them. Raises DomainError, ConflictError for what stands against it."""
    for field in names:
        language = field.rpartition("_")[2]
        if language in STORED and isinstance(getattr(row, field), str):
            setattr(row, field, normalise_text(getattr(row, field), language).strip())
    if named and not any(getattr(row, f"{named}_{language}") for language in STORED):
        raise DomainError("name-missing", _("Give the name in at least one language."))
    try:
        row.clean_fields(exclude={field.name for field in row._meta.get_fields()} - names)
    except ValidationError as error:
        raise invalid(error) from error
    with refusals():
        row.save(update_fields=None if is_new else names)


def reason_of(text: str) -> str:
    """Raises DomainError for none."""
    if not text.strip():
        raise DomainError("reason-missing", _("Say why."))
    return text.strip()[:500]


@contextmanager
def refusals() -> Iterator[None]:
    """Raises the DomainError of a constraint or trigger that stops what is written inside."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        refused = _refused(getattr(diag, "constraint_name", "") or "", getattr(diag, "message_detail", "") or "")
        if refused is None:
            raise
        raise refused from error


def _refused(constraint: str, detail: str) -> DomainError | None:
    if constraint == "correspondents_person_once":
        return ConflictError("person-twice", _("The person has another assignment at that time."))
    if constraint == "correspondents_kit_once_at_a_time":
        return ConflictError("kit-twice", _("The equipment is booked at that time."))
    if constraint == "correspondents_assignment_papers":
        return ConflictError(
            "paper-missing",
            _("The country demands a paper that is not held: %(paper)s.") % {"paper": PaperKind(detail).label},
            paper=detail,
        )
    if constraint == "correspondents_assignment_term":
        return ConflictError(
            "paper-ends-within",
            _("A paper ends within the assignment: %(paper)s.") % {"paper": PaperKind(detail).label},
            paper=detail,
        )
    if constraint == "correspondents_assignment_house":
        return DomainError("foreign-correspondent", _("A house sends its own people."))
    if constraint == "correspondents_kit_once":
        return ConflictError("inventory-number-taken", _("This inventory number is taken."))
    if constraint == "correspondents_account_once":
        return ConflictError("account-taken", _("Somebody of the house has this account already."))
    if constraint == "correspondents_footage_once":
        return ConflictError("filed-already", _("This is filed for the assignment already."))
    if constraint == "correspondents_access_once":
        return ConflictError("asked-already", _("This access is asked for or answered already."))
    if constraint.endswith("_slug_key") or "_slug_" in constraint:
        return ConflictError("slug-taken", _("This slug is taken."))
    return None
