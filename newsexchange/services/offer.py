"""Putting stories before partners, and the partners' answers."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster, Module
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from newsexchange.constants import OfferStatus, PubStatus, StoryStatus
from newsexchange.models import Offer, Story, Take
from newsexchange.notifications import tell_of_offer
from newsexchange.rights import require_use
from newsexchange.services.receipt import note_opening
from newsexchange.services.resting import resting_between


@transaction.atomic
def offer_story(
    story: Story, *, to: Iterable[Broadcaster], actor: User | None, module: Module | None = None
) -> list[Offer]:
    """Offer a published story to partners. Safe to repeat: an open or taken offer stays; a declined one opens again.

    Under a module the partners are among its parties; none named means all of them.
    Raises ConflictError for a draft, a recalled story or a module at rest; DomainError for an offer to oneself.
    """
    story = _locked(story.pk)
    require(actor, "newsexchange.offer_story", story.broadcaster)
    if story.status != StoryStatus.PUBLISHED or story.pubstatus != PubStatus.USABLE:
        raise ConflictError(
            "story-not-usable",
            _("Only a published, usable story can be offered."),
            current=story.pubstatus if story.status == StoryStatus.PUBLISHED else story.status,
            wanted=str(PubStatus.USABLE),
        )
    if story.expires_at is not None and story.expires_at <= timezone.now():
        raise ConflictError("story-expired", _("The story has expired."), current="expired")
    if module is not None and not module.is_running:
        raise ConflictError(
            "module-not-running", _("The module is not running."), current=module.state, wanted="active"
        )
    partners = _partners(story, list(to), module)
    if module is None and (resting := resting_between(story.broadcaster_id, [house.pk for house in partners])):
        rests = next(iter(resting.values()))
        raise ConflictError(
            "module-not-running", _("The module is not running."), current=rests.state, wanted="active",
            reason=rests.reason,
        )  # fmt: skip
    offers, fresh = [], []
    for broadcaster in partners:
        if broadcaster.pk == story.broadcaster_id:
            raise DomainError("offer-to-oneself", _("A story is not offered to its own broadcaster."))
        offer, created = Offer.objects.select_for_update(of=("self",), no_key=True).get_or_create(
            story=story, to_broadcaster=broadcaster, defaults={"offered_by": actor, "module": module}
        )
        is_again = not created and offer.status in (OfferStatus.DECLINED, OfferStatus.WITHDRAWN)
        if is_again:
            offer.move_to(OfferStatus.OPEN)
            offer.offered_by, offer.offered_at, offer.answered_at, offer.answered_by = actor, timezone.now(), None, None
            offer.save(update_fields=["status", "offered_by", "offered_at", "answered_at", "answered_by"])
        offers.append(offer)
        if created or is_again:
            fresh.append(broadcaster.pk)
            tell_of_offer(offer, actor=actor, is_again=is_again)
    if fresh:
        note_opening([story.pk])
        _tell(story, "story.offered", audience=[story.broadcaster_id, *fresh], actor=actor)
    return offers


@transaction.atomic
def take_offer(offer: Offer, *, actor: User, accepts_credit: bool) -> Take:
    """Take an offered story for the broadcaster it was offered to. Safe to repeat: the first take stands.

    Taking means accepting the credit duty: DomainError without it. ConflictError if the offer was answered otherwise
    or the story is not out in the open any more; ForbiddenError "use-refused" with reasons if its rights leave nothing.
    What the rights demand is accepted with it and kept on the take.
    """
    story, offer = _locked_with_story(offer)
    require(actor, "newsexchange.answer_offer", offer.to_broadcaster)
    if offer.status == OfferStatus.TAKEN:
        return Take.objects.get(offer=offer)
    if not accepts_credit:
        raise DomainError("credit-duty", _("Taking a story means accepting the duty to credit its source."))
    if not Story.objects.out_in_the_open().filter(pk=story.pk).exists():
        raise ConflictError(
            "story-not-usable",
            _("The story cannot be used now."),
            current=story.pubstatus,
            wanted=str(PubStatus.USABLE),
        )
    decision = require_use(story, offer.to_broadcaster)
    note_opening([story.pk])
    _answer(offer, OfferStatus.TAKEN, actor)
    take = Take.objects.create(
        story=story,
        broadcaster=offer.to_broadcaster,
        offer=offer,
        story_version=story.version,
        conditions=[{"code": each.code, "values": dict(each.values)} for each in decision.conditions],
        taken_by=actor,
    )
    _tell(story, "story.taken", audience=[story.broadcaster_id, offer.to_broadcaster_id], actor=actor)
    return take


@transaction.atomic
def decline_offer(offer: Offer, *, actor: User) -> Offer:
    """Decline without a reason. Safe to repeat."""
    story, offer = _locked_with_story(offer)
    require(actor, "newsexchange.answer_offer", offer.to_broadcaster)
    if offer.status != OfferStatus.DECLINED:
        note_opening([story.pk])
        _answer(offer, OfferStatus.DECLINED, actor)
        _tell(story, "offer.declined", audience=[story.broadcaster_id, offer.to_broadcaster_id], actor=actor)
    return offer


@transaction.atomic
def withdraw_offer(offer: Offer, *, actor: User) -> Offer:
    """Take an unanswered offer back; the partner no longer sees the story and is told so. Safe to repeat.

    The origin hears of it as news: it keeps its story.
    """
    story, offer = _locked_with_story(offer)
    require(actor, "newsexchange.offer_story", story.broadcaster_id)
    if offer.status != OfferStatus.WITHDRAWN:
        note_opening([story.pk])
        _answer(offer, OfferStatus.WITHDRAWN, actor)
        was_seen = Offer.objects.filter(pk=offer.pk, opened_at__isnull=False).exists()
        _tell(story, "offer.withdrawn", audience=[story.broadcaster_id], actor=actor)
        if was_seen:
            _tell(story, "offer.withdrawn", audience=[offer.to_broadcaster_id], actor=actor, is_retraction=True)
    return offer


def _partners(story: Story, named: list[Broadcaster], module: Module | None) -> list[Broadcaster]:
    if module is None:
        return named
    parties = module.active_parties()
    if story.broadcaster not in parties or not set(named) <= set(parties):
        raise DomainError("not-a-party", _("Under a module a story goes from one of its parties to others."))
    return named or [party for party in parties if party.pk != story.broadcaster_id]


def _locked(story_id: int) -> Story:
    """The story's row, locked against other deeds. Always taken before its offers: one order, no deadlock."""
    locked = Story.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("broadcaster").get(pk=story_id)


def _locked_with_story(offer: Offer) -> tuple[Story, Offer]:
    story = _locked(offer.story_id)
    locked = Offer.objects.select_for_update(of=("self",), no_key=True)
    return story, locked.select_related("to_broadcaster").get(pk=offer.pk)


def _answer(offer: Offer, status: OfferStatus, actor: User) -> None:
    offer.move_to(status)
    offer.answered_by = actor
    offer.save(update_fields=["status", "answered_by"])
    Offer.objects.filter(pk=offer.pk).update(answered_at=Now())
    offer.refresh_from_db(fields=["answered_at"])


def _tell(story: Story, kind: str, *, audience: Iterable[int], actor: User | None, is_retraction: bool = False) -> None:
    record(
        kind,
        subject_type="story",
        subject_uid=story.uid,
        subject_version=story.version,
        audience=audience,
        actor=actor,
        is_retraction=is_retraction,
    )
