"""Windows of rights: planned, changed and called off; what stands against one is named before it is stored."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from archive.models.base import scope_errors
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from productions.models import Production, Window
from productions.services.production import lock_production, partner_ids, require_partner
from productions.window_words import codes_in_common, exclusivity_of, overlap_of

CHANGE = "productions.change_window"
WRITABLE = frozenset({
    "holder", "territories", "is_elsewhere", "platforms", "languages", "is_exclusive", "starts_at", "ends_at",
    "time_zone", "runs", "repeat_length", "repeat_unit", "note",
})  # fmt: skip
_TOLD = WRITABLE - {"runs", "repeat_length", "repeat_unit", "note"}  # what stands in calendars
_EXCLUSIONS = ("productions_window_exclusive", "productions_window_beside_exclusive")
MOST_CONFLICTS = 20


@transaction.atomic
def save_window(window: Window, *, actor: User | None, changed: Iterable[str] = ()) -> Window:
    """Store a new window, or write the ``changed`` fields of a stored one; without a zone it has its holder's.

    Raises ConflictError "window-conflict" with every window that stands against it, "runs-used-up" or "outside-window"
    if showings that are counted would not fit any more; DomainError for terms that cannot be, ForbiddenError.
    """
    is_new = window._state.adding
    production = lock_production(window.production)
    require_partner(actor, "productions.add_window" if is_new else CHANGE, production)
    if is_new:
        stored, names = window, set(WRITABLE)
        stored.created_by = actor
    else:
        stored = lock_window(window)
        _refuse_cancelled(stored)
        names = set(changed) & WRITABLE
        if "holder" in names and window.holder_id != stored.holder_id:
            _refuse_used(stored)
        for field in names:
            setattr(stored, field, getattr(window, field))
    check_terms(stored)
    refuse_conflicts(stored)
    try:
        with transaction.atomic():
            _write(stored, names, is_new=is_new)
    except IntegrityError as error:
        raise refusal_of(error, stored) from error
    stored.refresh_from_db(fields=["runs_used"])
    _tell("window.created" if is_new else "window.changed", production, stored, actor)
    return stored


@transaction.atomic
def cancel_window(window: Window, *, actor: User | None, reason: str) -> Window:
    """Call a window off; it stays, for calendars have it. Safe to repeat: the first reason stays.

    Raises ConflictError while showings are counted under it, DomainError without a reason, ForbiddenError.
    """
    production = lock_production(window.production)
    require_partner(actor, CHANGE, production)
    stored = lock_window(window)
    if not stored.is_active:
        return stored
    if not reason.strip():
        raise DomainError("reason-missing", _("Say why."), field="reason")
    _refuse_used(stored)
    stored.cancelled_at, stored.cancelled_reason = timezone.now(), reason.strip()[:500]
    stored.changed_at, stored.sequence = timezone.now(), stored.sequence + 1
    stored.save(update_fields=["cancelled_at", "cancelled_reason", "changed_at", "sequence"])
    _tell("window.cancelled", production, stored, actor)
    return stored


def conflicts_of(window: Window) -> list[Window]:
    """The windows with which this one, stored or not, cannot stand. Raises DomainError for terms that cannot be."""
    check_terms(window)
    window.set_derived()
    rows = Window.objects.against(window).select_related("production", "holder__broadcaster")
    return list(rows.order_by("starts_at", "pk")[:MOST_CONFLICTS])


def conflict_reason(window: Window, other: Window) -> dict[str, Any]:
    """One window that stands against another, for people and for programs; ``link`` is its page."""
    said = _t("%(holder)s, %(exclusive)s: %(overlap)s") % {
        "holder": other.holder,
        "exclusive": exclusivity_of(other),
        "overlap": overlap_of(window, other),
    }
    return {
        "code": "window-stands",
        "message": said,
        "link": reverse("admin:productions_window_change", args=[other.pk]),
        "window": str(other.uid),
        "holder": other.holder.broadcaster.slug,
        "is_exclusive": other.is_exclusive,
        "territories": codes_in_common(window, other),
        "starts_at": other.starts_at.isoformat(),
        "ends_at": other.ends_at.isoformat() if other.ends_at else None,
    }


def refuse_conflicts(window: Window) -> None:
    """Raises ConflictError "window-conflict" that names in its reasons whatever stands against it."""
    if found := conflicts_of(window):
        raise ConflictError(
            "window-conflict",
            _("Another window for the same time, territory and platform stands against it:"),
            reasons=[conflict_reason(window, other) for other in found],
        )


def check_terms(window: Window) -> None:
    """Raises DomainError, with the field where one is to blame, for terms that cannot be. Fills in the zone."""
    if window.holder.production_id != window.production_id:
        raise DomainError("foreign-holder", _("A partner of the production holds the window."), field="holder")
    window.time_zone = window.time_zone or window.holder.broadcaster.time_zone
    errors = scope_errors(window.territories, window.platforms, is_elsewhere=window.is_elsewhere)
    if errors:
        field, message = next(iter(errors.items()))
        raise DomainError("bad-scope", message, field=field)
    if window.ends_at is not None and window.ends_at <= window.starts_at:
        raise DomainError("period-empty", _("The window ends after it has begun."), field="ends_at")
    if window.repeat_length > 9000:
        raise DomainError("repeat-too-long", _("Nothing repeats after so long a time."), field="repeat_length")
    for name in ("territories", "platforms", "languages"):
        setattr(window, name, list(dict.fromkeys(getattr(window, name))))
    try:
        window.clean_fields(exclude={field.name for field in window._meta.get_fields()} - {"languages", "time_zone"})
        window.set_derived()
    except ValidationError as error:
        raise invalid(error) from error
    if not window.territory_numbers:
        raise DomainError("bad-scope", _("Nothing is left of the world."), field="territories")


def refusal_of(error: IntegrityError, window: Window) -> Exception:
    """What the database refused, as a rule's refusal; the error itself if it is about something else."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if name in _EXCLUSIONS:  # stored by a road that takes no lock, since we looked
        reasons = [conflict_reason(window, other) for other in conflicts_of(window)]
        return ConflictError(
            "window-conflict",
            _("Another window for the same time, territory and platform stands against it:"),
            reasons=reasons,
        )
    if name == "productions_window_runs":
        return ConflictError(
            "runs-used-up",
            _("The window allows fewer runs than that: %(runs)d.") % {"runs": window.runs or 0},
            allowed=window.runs,
        )
    if name == "productions_run_inside_window":
        return ConflictError("outside-window", _("A showing lies outside of the window’s time or platforms."))
    return error


def lock_window(window: Window) -> Window:
    """The stored row, locked; its production is locked already."""
    locked = Window.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("holder__broadcaster", "production").get(pk=window.pk)


def _write(row: Window, names: set[str], *, is_new: bool) -> None:
    if is_new:
        row.save()
    elif names:
        row.changed_at = timezone.now()
        row.sequence += bool(names & _TOLD)
        row.save(update_fields=[*names, "changed_at", "sequence"])


def _refuse_used(window: Window) -> None:
    if count := window.showings.counted().count():
        raise ConflictError(
            "window-in-use", _("Showings are counted under it. Take them back, or let it end instead."), showings=count
        )


def _refuse_cancelled(window: Window) -> None:
    if not window.is_active:
        raise ConflictError("window-cancelled", _("The window was called off."), current="cancelled")


def _tell(kind: str, production: Production, window: Window, actor: User | None) -> None:
    record(
        kind, subject_type="window", subject_uid=window.uid, audience=partner_ids(production), actor=actor,
        production=str(production.uid),
    )  # fmt: skip
