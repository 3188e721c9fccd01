"""One newsroom asks another for a story, and the answers."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from newsexchange.constants import RequestStatus
from newsexchange.models import Story, StoryRequest
from newsexchange.notifications import tell_of_answer, tell_of_request
from newsexchange.services.offer import offer_story


@transaction.atomic
def ask_story(
    *,
    asker: Broadcaster,
    of: Broadcaster,
    actor: User,
    subject: str,
    text: str = "",
    language: str = "",
    needed_by: datetime | None = None,
) -> StoryRequest:
    """Ask a partner for a story; both sides hear of it. Raises DomainError for what is asked of oneself, of a partner
    at rest, or for yesterday."""
    require(actor, "newsexchange.ask_story", asker)
    if asker.pk == of.pk:
        raise DomainError("asked-of-oneself", _("A request goes to another broadcaster."))
    if not of.is_active:
        raise DomainError("partner-inactive", _("This partner does not take part at present."))
    if needed_by is not None and needed_by <= timezone.now():
        raise DomainError("needed-in-the-past", _("The time by which it is needed has passed."))
    subject = normalise_text(subject, language or "und").strip()
    if not subject:
        raise DomainError("subject-missing", _("Say what is wanted."))
    wanted = StoryRequest.objects.create(
        from_broadcaster=asker,
        to_broadcaster=of,
        subject=subject,
        text=normalise_text(text, language or "und"),
        language=language,
        needed_by=needed_by,
        asked_by=actor,
    )
    _tell(wanted, "request.asked", actor)
    tell_of_request(wanted, actor=actor)
    return wanted


@transaction.atomic
def acknowledge_request(wanted: StoryRequest, *, actor: User) -> StoryRequest:
    """Say that somebody is at it. Safe to repeat; ConflictError for one that was answered."""
    wanted = _locked(wanted, actor)
    if wanted.status != RequestStatus.ACKNOWLEDGED:
        _answer(wanted, RequestStatus.ACKNOWLEDGED, actor)
    return wanted


@transaction.atomic
def decline_request(wanted: StoryRequest, *, actor: User) -> StoryRequest:
    """Decline without a reason. Safe to repeat; ConflictError for one that was filled."""
    wanted = _locked(wanted, actor)
    if wanted.status != RequestStatus.DECLINED:
        _answer(wanted, RequestStatus.DECLINED, actor)
    return wanted


@transaction.atomic
def fill_request(wanted: StoryRequest, *, story: Story, actor: User) -> StoryRequest:
    """Answer with a story of one's own, which is thereby offered to whoever asked. Safe to repeat with the same story.

    Raises DomainError for a story of another house, and what ``offer_story`` raises for one that cannot be offered.
    """
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    wanted = _locked(wanted, actor)
    if story.broadcaster_id != wanted.to_broadcaster_id:
        raise DomainError("foreign-story", _("A request is filled with a story of the house that was asked."))
    if wanted.status == RequestStatus.FILLED and wanted.story_id != story.pk:
        raise ConflictError(
            "request-filled",
            _("The request was filled with another story."),
            current=wanted.status,
            wanted=str(RequestStatus.FILLED),
        )
    if wanted.status != RequestStatus.FILLED:
        offer_story(story, to=[wanted.from_broadcaster], actor=actor)
        wanted.story = story
        _answer(wanted, RequestStatus.FILLED, actor)
    return wanted


def _locked(wanted: StoryRequest, actor: User) -> StoryRequest:
    """The row, for somebody who answers for the house that was asked."""
    locked = StoryRequest.objects.select_for_update(of=("self",), no_key=True)
    wanted = locked.select_related("from_broadcaster", "to_broadcaster", "story").get(pk=wanted.pk)
    require(actor, "newsexchange.answer_storyrequest", wanted.to_broadcaster_id)
    return wanted


def _answer(wanted: StoryRequest, status: RequestStatus, actor: User) -> None:
    wanted.move_to(status)
    if status != RequestStatus.ACKNOWLEDGED:
        wanted.answered_by, wanted.answered_at = actor, timezone.now()
    wanted.save(update_fields=["status", "story", "answered_by", "answered_at"])
    _tell(wanted, f"request.{status}", actor)
    tell_of_answer(wanted, actor=actor)


def _tell(wanted: StoryRequest, kind: str, actor: User) -> None:
    record(
        kind,
        subject_type="request",
        subject_uid=wanted.uid,
        audience=[wanted.from_broadcaster_id, wanted.to_broadcaster_id],
        actor=actor,
    )
