"""Guidelines: written in versions, adopted by each house on a day of its own."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster, Guideline, GuidelineAdoption, GuidelineVersion
from broadcasters.permissions import require
from broadcasters.services.recipients import people_with
from broadcasters.services.saving import require_one, write
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify
from mediaexchange.core.outbox import record
from mediaexchange.core.search.indexing import refresh_record

ADOPT = "broadcasters.adopt_guideline"
WRITABLE = frozenset({*(f"name_{language}" for language in STORED), "kind", "initiative"})
VERSION_WRITABLE = frozenset({*(f"text_{language}" for language in STORED), "change_note"})


@transaction.atomic
def save_guideline(guideline: Guideline, *, actor: User | None, changed: Iterable[str] = ()) -> Guideline:
    """Put a guideline before the parties of a module, or write the ``changed`` fields of a stored one."""
    is_new = guideline.pk is None
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_guideline", _parties(guideline))
    if guideline.initiative is not None and guideline.initiative.module_id != guideline.module_id:
        raise DomainError("foreign-initiative", _("The initiative is of another module."))
    if is_new and not guideline.module.is_running:
        raise ConflictError(
            "module-not-running", _("The module is not running."), current=guideline.module.state, wanted="active"
        )
    names = {*WRITABLE, "slug", "module"} if is_new else set(changed) & WRITABLE
    write(guideline, names, is_new=is_new, named="name")
    refresh_record(guideline)
    tell_of_guideline(guideline, "guideline.created" if is_new else "guideline.changed", actor)
    return guideline


@transaction.atomic
def save_version(version: GuidelineVersion, *, actor: User | None, changed: Iterable[str] = ()) -> GuidelineVersion:
    """Write the next version, or change one that no house has adopted. Raises ConflictError for one that was."""
    is_new = version.pk is None
    guideline = _lock(version.guideline_id)
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_guidelineversion", _parties(guideline))
    if is_new:
        last = guideline.versions.order_by("-number").values_list("number", flat=True).first()
        version.number = (last or 0) + 1
        version.written_by = actor
    names = {*VERSION_WRITABLE, "guideline"} if is_new else set(changed) & VERSION_WRITABLE
    write(version, names, is_new=is_new, named="text")
    refresh_record(guideline)
    tell_of_guideline(guideline, "guideline.version", actor, number=version.number)
    if is_new:
        notify(
            "broadcasters.guideline-written", to=people_with(ADOPT, _parties(guideline)),
            subject_type="guideline-version", subject_uid=version.uid, actor=actor,
        )  # fmt: skip
    return version


@transaction.atomic
def adopt_version(
    version: GuidelineVersion, *, actor: User | None, broadcaster: Broadcaster, adopted_on: date | None = None
) -> GuidelineAdoption:
    """Say that a house works by this version from a day on, today without one. Safe to repeat: the first day stays."""
    guideline = _lock(version.guideline_id)
    require(actor, ADOPT, broadcaster)
    if broadcaster.pk not in _parties(guideline):
        raise DomainError("not-a-party", _("A guideline is adopted by the parties of its module."))
    adoption, created = GuidelineAdoption.objects.get_or_create(
        version=version, broadcaster=broadcaster,
        defaults={"adopted_on": adopted_on or broadcaster.today(), "adopted_by": actor},
    )  # fmt: skip
    if created:
        tell_of_guideline(guideline, "guideline.adopted", actor, number=version.number, party=broadcaster.slug)
    return adoption


def _lock(pk: int) -> Guideline:
    return Guideline.objects.select_for_update(of=("self",), no_key=True).select_related("module").get(pk=pk)


def _parties(guideline: Guideline) -> list[int]:
    return list(guideline.module.parties.order_by("pk").values_list("pk", flat=True))


def tell_of_guideline(guideline: Guideline, kind: str, actor: User | None, **data: Any) -> None:
    """To all parties of the module."""
    record(
        kind, subject_type="guideline", subject_uid=guideline.uid, audience=_parties(guideline), actor=actor,
        guideline=guideline.slug, **data,
    )  # fmt: skip
