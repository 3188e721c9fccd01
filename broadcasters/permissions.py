"""What each role may do. Apps above add their own grants; Django's permission names are the one vocabulary."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership
from mediaexchange.core.errors import DomainError, ForbiddenError
from mediaexchange.core.models import User

_GRANTS: dict[str, set[str]] = {role: set() for role in Role.values}


def grant(roles: Iterable[str], *permissions: str) -> None:
    """Let these roles do this; called at import time by each app's ``permissions`` module."""
    for role in roles:
        _GRANTS[role].update(permissions)


def roles_of(user: User) -> dict[int, set[str]]:
    """Broadcaster id → roles there. One query per request: kept on the user object."""
    cached: dict[int, set[str]] | None = getattr(user, "_roles", None)
    if cached is None:
        cached = {}
        rows = Membership.objects.filter(user=user, broadcaster__is_active=True).values_list("broadcaster_id", "role")
        for broadcaster_id, role in rows:
            cached.setdefault(broadcaster_id, set()).add(role)
        user._roles = cached  # type: ignore[attr-defined]
    return cached


def permissions_of(user: User) -> set[str]:
    """Everything the user may do at any of their broadcasters; kept on the user object, as their roles are."""
    kept: set[str] | None = getattr(user, "_granted", None)
    if kept is None:
        kept = {permission for roles in roles_of(user).values() for role in roles for permission in _GRANTS[role]}
        user._granted = kept  # type: ignore[attr-defined]
    return kept


def roles_with(permission: str) -> list[str]:
    """The roles that carry the permission."""
    return sorted(role for role, granted in _GRANTS.items() if permission in granted)


def may(user: User | AnonymousUser, permission: str, broadcaster_id: int) -> bool:
    """Whether one of the user's roles *at this broadcaster* carries the permission."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return any(permission in _GRANTS[role] for role in roles_of(user).get(broadcaster_id, ()))


def require(actor: User | None, permission: str, broadcaster: Broadcaster | int) -> None:
    """Raise ForbiddenError unless the actor may; None is the system itself, which follows rows already authorised."""
    broadcaster_id = broadcaster if isinstance(broadcaster, int) else broadcaster.pk
    if actor is not None and not may(actor, permission, broadcaster_id):
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)


def house_of(actor: User, permission: str, named: Broadcaster | None = None) -> Broadcaster:
    """The broadcaster for which the actor does something: the one named, else the only one where they may.

    Raises ForbiddenError where they may not, DomainError where it must be said which one.
    """
    if named is not None:
        require(actor, permission, named)
        return named
    houses = Broadcaster.objects.filter(pk__in=[pk for pk in roles_of(actor) if may(actor, permission, pk)])[:2]
    if not houses:
        raise ForbiddenError("role-missing", _("Your role does not allow this."), permission=permission)
    if len(houses) > 1:
        raise DomainError("broadcaster-missing", _("Say for which broadcaster."))
    return houses[0]


_REFERENCE = ("broadcaster", "channel", "place", "person", "institution", "memorandum", "party", "module", "obligation")

grant(Role.values, *(f"broadcasters.view_{name}" for name in _REFERENCE), "broadcasters.view_membership")
_CALENDAR = ("diplomaticevent", "eventsource", "claim", "claimtopic")

grant(Role.values, "broadcasters.view_airing", *(f"broadcasters.view_{name}" for name in _CALENDAR))
grant(
    (Role.EDITOR, Role.EXCHANGE_DESK, Role.PRODUCER, Role.ADMINISTRATOR),
    *(f"broadcasters.{verb}_{name}" for verb in ("add", "change") for name in _CALENDAR),
)
grant([Role.ADMINISTRATOR], "broadcasters.keep_calendar")  # changes what belongs to no house
grant(Role.values, "core.view_searchentry")
# Everybody takes briefs of the agreements that they see, and has them sent, for themselves alone.
grant(
    Role.values,
    "broadcasters.view_brief",
    "broadcasters.add_brief",
    *(f"broadcasters.{verb}_briefsubscription" for verb in ("view", "add", "change", "delete")),
)
_LOGS = ("airingimport", "airingimportrow", "airingmatch", "audiencefigure")
grant(Role.values, *(f"broadcasters.view_{name}" for name in _LOGS))
_SAYS = [f"broadcasters.{verb}_{name}" for verb in ("add", "change") for name in _LOGS]
grant((Role.PRODUCER,), *_SAYS)
grant(
    (Role.EDITOR, Role.EXCHANGE_DESK, Role.ADMINISTRATOR),
    "broadcasters.add_airing",
    "broadcasters.change_airing",
    *_SAYS,
)
grant(Role.values, "broadcasters.view_glossaryterm", "core.view_keepword")
grant((Role.EDITOR, Role.ADMINISTRATOR), "core.add_keepword", "core.change_keepword")
grant(
    [Role.ADMINISTRATOR],
    "broadcasters.add_glossaryterm",
    "broadcasters.change_glossaryterm",
    *(f"broadcasters.{verb}_{name}" for verb in ("add", "change") for name in (*_REFERENCE, "membership")),
    "broadcasters.delete_membership",
    "broadcasters.move_module",
    "core.view_user",
    "core.add_user",
    "core.change_user",
    "core.view_apikey",
    "core.add_apikey",
    "core.change_apikey",
    "core.view_auditentry",
)

# What hangs on memoranda and modules: parties read it, their administrators write it down.
_AGREED = ("memorandumtext", "clause", "minutes", "terminationnotice", "renewalconsent", "modulereview")
_DIGITAL = ("initiative", "initiativemilestone", "result", "guideline", "guidelineversion", "guidelineadoption")
grant(Role.values, *(f"broadcasters.view_{name}" for name in (*_AGREED, *_DIGITAL)))
grant(
    [Role.ADMINISTRATOR],
    *(f"broadcasters.{verb}_{name}" for verb in ("add", "change") for name in _AGREED),
    "broadcasters.move_initiative",
    "broadcasters.adopt_guideline",
)
grant(
    (Role.PRODUCER, Role.ADMINISTRATOR),
    *(f"broadcasters.{verb}_{name}" for verb in ("add", "change") for name in _DIGITAL[:-1]),
)
