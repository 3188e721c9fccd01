"""Before whom the stories of a feed stand: the parties of its module, and whom its rules name."""

from collections.abc import Iterable, Sequence

from broadcasters.models import Broadcaster, Module
from newsexchange.constants import PubStatus
from newsexchange.models import Feed, Offer
from newsexchange.services.feed_change import Change
from newsexchange.services.resting import resting_between


def offer_changes(
    feed: Feed, changes: Sequence[Change], *, all_by_module: bool, restored: Iterable[Change] = ()
) -> None:
    """Offer usable stories; an offer that was ever made, whatever became of it, is not made again.

    While the feed's module runs, its new and restored stories stand before all its other parties. Partners whom rules
    name are left out while the news exchange with them rests.
    """
    by_module = {id(change) for change in restored}
    wants_parties = all_by_module or by_module or any(change.offers_by_module for change in changes)
    parties = _parties(feed) if wants_parties else []
    named = {pk for change in changes for pk in change.offers_to}
    resting = resting_between(feed.broadcaster_id, named - {party.pk for party in parties}) if named else {}
    Offer.objects.bulk_create(
        [
            Offer(story=change.story, to_broadcaster_id=partner, module=module)
            for change in changes
            if change.story.pubstatus == PubStatus.USABLE
            for partner, module in _partners(
                feed, change, parties, by_module=all_by_module or id(change) in by_module or change.offers_by_module
            )
            if partner not in resting
        ],
        ignore_conflicts=True,
    )


def _partners(
    feed: Feed, change: Change, parties: Sequence[Broadcaster], *, by_module: bool
) -> list[tuple[int, Module | None]]:
    partners: dict[int, Module | None] = {party.pk: feed.module for party in parties} if by_module else {}
    for pk in change.offers_to:
        partners.setdefault(pk, None)
    partners.pop(feed.broadcaster_id, None)
    return list(partners.items())


def _parties(feed: Feed) -> list[Broadcaster]:
    """The active parties of the feed's module while it runs and the feed's own broadcaster is among them."""
    module = feed.module
    if module is None or not module.is_running:
        return []
    parties = list(module.active_parties())
    return parties if feed.broadcaster in parties else []
