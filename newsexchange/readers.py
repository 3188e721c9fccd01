"""The rights of a person, who reads for every broadcaster they belong to: what one of them may use, they may read."""

from datetime import datetime
from typing import Any

from broadcasters.models import Broadcaster
from mediaexchange.core.models import User
from mediaexchange.core.rights.terms import Decision
from newsexchange.constants import OPENING_OFFERS
from newsexchange.models import Offer, Story, StoryVersion
from newsexchange.rights import may_use, use_refused


def decision_for_reader(
    story: Story, user: User, *, platform: str = "", territory: str = "", at: datetime | None = None
) -> tuple[Decision, Broadcaster]:
    """The best answer among the user's broadcasters that see the story, and whose it is; the origin's is always yes.

    Raises Story.DoesNotExist for somebody who does not see it.
    """
    members = Broadcaster.objects.of(user).order_by("pk")
    if own := members.filter(pk=story.broadcaster_id).first():
        return Decision(True), own
    offered = Offer.objects.filter(story=story, status__in=OPENING_OFFERS).values("to_broadcaster")
    refusal: tuple[Decision, Broadcaster] | None = None
    for broadcaster in members.filter(pk__in=offered):
        decision = may_use(story, broadcaster, platform=platform, territory=territory, at=at)
        if decision.is_allowed:
            return decision, broadcaster
        refusal = refusal or (decision, broadcaster)
    if refusal is None:
        raise Story.DoesNotExist
    return refusal


def require_reading(story: Story, user: User) -> None:
    """Let nobody read more than the card of what none of their broadcasters may use: ForbiddenError "use-refused"."""
    decision, broadcaster = decision_for_reader(story, user)
    if not decision.is_allowed:
        raise use_refused(decision, broadcaster)


def given_snapshot(version: StoryVersion) -> dict[str, Any]:
    """A version for others: without the texts that were not given to them then or are not now.

    Reads ``version.story.editions``.
    """
    blocked = {edition.language for edition in version.story.editions.all() if edition.ai_block_reason()}
    blocked.update(version.snapshot.get("withheld_languages", ()))
    hidden = {f"{field}_{language}" for field in ("headline", "summary", "body") for language in blocked}
    given = {name: value for name, value in version.snapshot.items() if name not in hidden}
    texts = given.get("other_languages", {})
    given["other_languages"] = {tag: text for tag, text in texts.items() if tag not in blocked}
    if blocked:
        given.pop("source_texts", None)  # the same words once more
    return given


def is_own(story: Story, user: User) -> bool:
    return Broadcaster.objects.of(user).filter(pk=story.broadcaster_id).exists()
