"""Who is told of something that concerns a house: those of its people whose role may deal with it."""

from collections.abc import Iterable

from broadcasters.models import Broadcaster, Membership
from broadcasters.permissions import roles_with


def people_with(permission: str, broadcasters: Iterable[Broadcaster | int]) -> list[int]:
    """The ids of the active people who hold the permission at one of these broadcasters."""
    return people_in(roles_with(permission), broadcasters)


def people_in(roles: Iterable[str], broadcasters: Iterable[Broadcaster | int]) -> list[int]:
    """The same of those who have one of these roles."""
    houses = [house if isinstance(house, int) else house.pk for house in broadcasters]
    members = Membership.objects.filter(
        broadcaster__in=houses,
        broadcaster__is_active=True,
        role__in=list(roles),
        user__is_active=True,
        user__is_service=False,
    )
    return sorted(set(members.values_list("user_id", flat=True)))
