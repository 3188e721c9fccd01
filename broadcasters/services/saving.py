"""What deeds on agreements share: who may, rows checked and written, and what the database refuses told in words."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Memorandum
from broadcasters.permissions import may
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError, Message
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User

_CONFLICTS: dict[str, Message] = {
    "broadcasters_clause_number_once": _("The memorandum has a clause of this number."),
    "broadcasters_text_language_once": _("There is a text in this language already."),
    "broadcasters_text_holds_something": _("Give the words, a document, or the address where it lies."),
    "broadcasters_notice_stands_once": _("This party has given notice already."),
    "broadcasters_minutes_stand": _("A party has approved these minutes; their words stand."),
    "broadcasters_minutes_of_parties": _("Minutes name parties of the memorandum."),
    "broadcasters_item_position_once": _("Two points have the same place on the agenda."),
    "broadcasters_item_action_owned": _("Say which party does it."),
    "broadcasters_review_stands": _("A move of the module rests on this review."),
    "broadcasters_demand_percent": _("A share is at most 100 per cent."),
    "broadcasters_evidence_once": _("This evidence is named already."),
    "broadcasters_evidence_with_another": _("A house is not its own partner."),
    "broadcasters_initiative_area": _("An initiative stands under a module of digital development."),
    "broadcasters_initiative_owned_by_party": _("The owners of an initiative are parties of its module."),
    "broadcasters_initiative_owner_once": _("An owner is named twice."),
    "broadcasters_milestone_of_party": _("The owner of a milestone is a party of the module."),
    "broadcasters_initiativemilestone_reached_or_called_off": _("The milestone has been reached."),
    "broadcasters_guideline_stands": _("A house has adopted this version; write a new one."),
    "broadcasters_event_stays": _("What is published stays published: others may have quoted it. Call it off instead."),
    "broadcasters_claim_stays": _("What is published stays published: others may have quoted it."),
    "broadcasters_party_corroborated": _("Two independent sources corroborate a signature; there are fewer."),
    "broadcasters_partysource_unique": _("This source is named already."),
    "broadcasters_party_unique": _("This house is a party already."),
}


def require_one(actor: User | None, permission: str, houses: Iterable[int]) -> None:
    """Raise ForbiddenError unless the actor may at one of these houses; None is the system itself."""
    if actor is not None and not any(may(actor, permission, house) for house in houses):
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)


def parties_of(memorandum: Memorandum) -> list[int]:
    return list(memorandum.parties.order_by("pk").values_list("broadcaster_id", flat=True))


def lock_memorandum(pk: int) -> Memorandum:
    return Memorandum.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def write_whole(row: Any) -> None:
    """A new row of which every column is checked, also those that nobody has filled in."""
    write(row, {field.name for field in row._meta.concrete_fields if field.editable}, is_new=True)


def write(row: Any, names: set[str], *, is_new: bool, named: str = "") -> None:
    """Normalise texts, check the fields and the row, save. Raises DomainError, ConflictError for what refuses it."""
    for field in names:
        language = field.rpartition("_")[2]
        if language in STORED and isinstance(getattr(row, field), str):
            setattr(row, field, normalise_text(getattr(row, field), language).strip())
    if named and not any(getattr(row, f"{named}_{language}") for language in STORED):
        raise DomainError("text-missing", _("Give the text in at least one language."))
    try:
        row.clean_fields(exclude={field.name for field in row._meta.get_fields()} - names)
        row.clean()
    except ValidationError as error:
        raise invalid(error) from error
    with refusals():
        row.save(update_fields=None if is_new else names)


def invalid(error: ValidationError) -> DomainError:
    """A validator says no: the first message, with the field's name if it is known."""
    field = next(iter(error.message_dict), None) if hasattr(error, "error_dict") else None
    return DomainError("invalid", error.messages[0], field=field)


@contextmanager
def refusals(*, at_once: bool = False) -> Iterator[None]:
    """Raises the ConflictError of a constraint or trigger that stops what is written inside.

    ``at_once`` asks also those that wait for the end of the transaction.
    """
    try:
        with transaction.atomic():
            yield
            if at_once:
                with transaction.get_connection().cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        refused = _refused(name)
        if refused is None:
            raise
        raise refused from error


def _refused(constraint: str) -> DomainError | None:
    if constraint.endswith("_module_runs"):
        return ConflictError("module-not-running", _("The module is not running."), wanted="active")
    if constraint.endswith("_slug_key"):
        return ConflictError("slug-taken", _("This slug is taken."))
    if constraint == "broadcasters_briefsubscription_once":
        return DomainError("subscribed-already", _("You have this brief sent in this format already."))
    if constraint in _CONFLICTS:
        code = constraint.removeprefix("broadcasters_").replace("_", "-")
        return ConflictError(code, _CONFLICTS[constraint])
    return None
