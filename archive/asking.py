"""For which houses somebody may ask whether they may use an item, and how much of the answer is theirs to know."""

from django.db.models import Q, QuerySet

from archive.models import Item
from archive.rights import shared_modules
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.models import User


def houses_to_ask_for(item: Item, user: User) -> QuerySet[Broadcaster]:
    """The holder's people ask for everybody; others for their own houses and for parties to a module of the archive
    that they share with the holder."""
    own = Broadcaster.objects.of(user)
    if own.filter(pk=item.broadcaster_id).exists():
        return Broadcaster.objects.visible_to(user).order_by("pk")
    modules = [module for house in own for module in shared_modules([item.broadcaster_id], house)[item.broadcaster_id]]
    parties = Module.parties.through.objects.filter(module__in=modules).values("broadcaster")
    return Broadcaster.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=parties)).order_by("pk")


def limits_of(item: Item, user: User, house: Broadcaster) -> User | None:
    """The user, if what is agreed between the holder and this house is not the user's to know: ``known_to``."""
    concerned = {item.broadcaster_id, house.pk}
    return None if Broadcaster.objects.of(user).filter(pk__in=concerned).exists() else user
