"""Which partners cannot be offered anything now, because the cooperation with them rests."""

from collections.abc import Iterable

from broadcasters.constants import Area, ModuleState
from broadcasters.models import Module

_RESTING = (ModuleState.PAUSED, ModuleState.ENDED)


def resting_between(house_id: int, partner_ids: Iterable[int]) -> dict[int, Module]:
    """Partner → a module of news exchange that both are parties to, where some have begun and none of them runs.

    An offer that names no module is no way round a pause. One query.
    """
    wanted = set(partner_ids)
    links = Module.parties.through.objects.filter(
        broadcaster__in=wanted, module__area=Area.NEWS_EXCHANGE, module__parties=house_id
    )
    running: set[int] = set()
    resting: dict[int, Module] = {}
    for link in links.select_related("module").order_by("pk"):
        if link.module.is_running:
            running.add(link.broadcaster_id)
        elif link.module.state in _RESTING:
            resting.setdefault(link.broadcaster_id, link.module)
    return {partner: module for partner, module in resting.items() if partner not in running}
