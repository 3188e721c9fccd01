"""Two houses that deal with each other and a third that does not, with somebody for each role."""

from dataclasses import dataclass, field

from django.core.mail import EmailMessage
from django.test import Client

from broadcasters.constants import Role
from broadcasters.models import Broadcaster, Membership
from mediaexchange.core.models import User
from tests.broadcasters.admin_pages import signed_in
from tests.factories import make_broadcaster, make_place, make_user
from tests.notifications.words import ABROAD, HOME, OTHER, OWN, PARTNER, Words

Expected = dict[str, tuple[object, ...]]  # by kind: names in each variant, what is the same in all, days, moments


@dataclass
class Houses:
    """``told`` collects what each kind's sentence must hold; ``stranger`` has every role at the third house.

    Everybody is signed in already, by ``browsers``; ``opened`` are the answers of pages
    that were looked at, ``mailed`` what went out meanwhile.
    """

    own: Broadcaster
    partner: Broadcaster
    other: Broadcaster
    people: dict[tuple[str, str], User]
    stranger: User
    browsers: dict[int, Client]
    told: Expected = field(default_factory=dict)
    mailed: list[EmailMessage] = field(default_factory=list)
    opened: dict[tuple[int, str], int] = field(default_factory=dict)

    def at_own(self, role: str) -> User:
        return self.people["rts", role]

    def at_partner(self, role: str) -> User:
        return self.people["ptrc", role]

    @property
    def readers(self) -> list[User]:
        return list(self.people.values())


def make_houses() -> Houses:
    make_place(**HOME.fields("name"))
    make_place("astana", country_code="KZ", time_zone="Asia/Almaty", **ABROAD.fields("name"))
    own, partner, other = (_house(slug, words) for slug, words in (("rts", OWN), ("ptrc", PARTNER), ("rtv", OTHER)))
    people = {
        (house.slug, str(role)): make_user(
            house, role, username=f"{role}-{house.slug}", email=f"{role}@{house.slug}.org"
        )
        for house in (own, partner)
        for role in Role.values
    }
    stranger = make_user(other, Role.ADMINISTRATOR, username="stranger")
    for role in set(Role.values) - {Role.ADMINISTRATOR}:
        Membership.objects.create(user=stranger, broadcaster=other, role=role)
    browsers = {person.pk: signed_in(person) for person in (*people.values(), stranger)}
    return Houses(own, partner, other, people, stranger, browsers)


def _house(slug: str, words: Words) -> Broadcaster:
    return make_broadcaster(slug, **words.fields("name"))
