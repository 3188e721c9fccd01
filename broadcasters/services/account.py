"""Accounts of people and of partners' API clients."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.keys import issue_key
from mediaexchange.core.models import ApiKey, User

# What a scope lets a key do needs a role at the house as well; the account has those that its keys were given.
_ROLES = {"archive:write": Role.ARCHIVIST, "licences:write": Role.RIGHTS_OFFICER, "productions:write": Role.PRODUCER}


@transaction.atomic
def issue_api_key(
    broadcaster: Broadcaster,
    *,
    actor: User | None,
    name: str,
    scopes: list[str],
    expires_at: datetime | None = None,
    networks: Sequence[str] = (),
) -> tuple[ApiKey, str]:
    """Give a broadcaster's newsroom a key; the text is shown once. Its account belongs to this broadcaster alone.

    Raises what ``issue_key`` raises, and ForbiddenError unless the actor administers the broadcaster.
    """
    require(actor, "core.add_apikey", broadcaster)
    user, _created = User.objects.get_or_create(username=f"api-{broadcaster.slug}", defaults={"is_service": True})
    if not user.is_service or user.memberships.exclude(broadcaster=broadcaster).exists():
        raise ConflictError("account-taken", _("An account of another owner has the name of this service account."))
    for role in (Role.EXCHANGE_DESK, *(role for scope, role in _ROLES.items() if scope in scopes)):
        Membership.objects.get_or_create(user=user, broadcaster=broadcaster, role=role)
    return issue_key(user, name=name, scopes=scopes, expires_at=expires_at, networks=networks)
