"""What became of a story at the house that took it: an airing, or a link to where it stands."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Channel
from broadcasters.permissions import require
from broadcasters.services.airing import report_airing
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from newsexchange.constants import PubStatus, UseKind
from newsexchange.models import Story, Take, Use

_CLOCKS_DIFFER = timedelta(minutes=5)


@transaction.atomic
def report_use(
    take: Take,
    *,
    actor: User,
    kind: UseKind,
    channel: Channel | None = None,
    started_at: datetime | None = None,
    duration_ms: int | None = None,
    language: str = "",
    title: str = "",
    url: str = "",
    used_at: datetime | None = None,
    note: str = "",
) -> Use:
    """Tell the origin how its story was used. Safe to repeat: the same channel and moment, or the same link, is the
    same use; an airing also counts for its channel.

    A use before a recall, the end or an embargo of the story is evidence of who was reached, and is taken down after it
    too. Raises ConflictError for one after that; DomainError for a use that names neither airing nor link, for somebody
    else's channel and for the future.
    """
    story = (
        Story.objects.select_for_update(of=("self",), no_key=True).select_related("broadcaster").get(pk=take.story_id)
    )
    require(actor, "newsexchange.report_use", take.broadcaster_id)
    used_at = (started_at if kind == UseKind.AIRING else used_at) or timezone.now()
    if used_at > timezone.now() + _CLOCKS_DIFFER:
        raise DomainError("use-in-the-future", _("Only what has happened is reported."))
    is_open = Story.objects.out_in_the_open().filter(pk=story.pk).exists()
    if not is_open:
        _refuse_use_after_the_end(story, used_at)
        title = ""  # it may repeat what was recalled
    airing = None
    if kind == UseKind.AIRING:
        if channel is None or started_at is None or duration_ms is None:
            raise DomainError("airing-incomplete", _("An airing has a channel, a moment and a duration."))
        if channel.broadcaster_id != take.broadcaster_id:
            raise DomainError("foreign-channel", _("A use is reported for a channel of the house that took the story."))
        airing = report_airing(
            channel,
            actor=actor,
            started_at=started_at,
            duration_ms=duration_ms,
            origin=story.broadcaster,
            title=title,
            language=language,
            subject_type="story",
            subject_uid=story.uid,
        )
        known = Use.objects.filter(airing=airing).first()
    else:
        if not url:
            raise DomainError("link-missing", _("Give the address where the story stands."))
        known = take.uses.filter(kind=UseKind.LINK, url=url).first()
    if known is not None:
        return known
    use = Use.objects.create(
        take=take,
        kind=kind,
        airing=airing,
        url="" if airing else url,
        used_at=used_at,
        note=note,
        reported_by=actor,
    )
    record(
        "story.used",
        subject_type="story",
        subject_uid=story.uid,
        subject_version=take.story_version,
        audience=[story.broadcaster_id, take.broadcaster_id],
        actor=actor,
        use=str(use.uid),
        use_kind=str(kind),
    )
    return use


def _refuse_use_after_the_end(story: Story, used_at: datetime) -> None:
    """For a story that is not out in the open. Raises ConflictError unless it still was when it was used."""
    last_open = story.versions.filter(was_open=True).order_by("-version").first()
    closing = story.versions.filter(version__gt=last_open.version if last_open else 0).order_by("version").first()
    ends = [closing.published_at] if closing else []
    has_expired = story.expires_at is not None and story.expires_at <= timezone.now()
    if has_expired and story.expires_at:
        ends.append(story.expires_at)
    if last_open is None or not ends or used_at >= min(ends):
        message = (
            _("The story was recalled before that time; no use of it is reported.")
            if story.pubstatus != PubStatus.USABLE
            else _("The story had expired before that time; no use of it is reported.")
            if has_expired
            else _("The story is under embargo.")
        )
        ended = {"ended_at": min(ends).isoformat()} if ends else {}
        raise ConflictError("story-not-usable", message, current=story.pubstatus, wanted=str(PubStatus.USABLE), **ended)
