"""Withdrawing a story from everybody who ever had it, and their acknowledgements."""

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.permissions import require
from broadcasters.services.airing import forget_titles
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from newsexchange.constants import ACKNOWLEDGE_WITHIN, RECALLED_AS, PubStatus, RecallKind, StoryStatus
from newsexchange.models import Recall, RecallNotice, Story
from newsexchange.notifications import tell_of_overdue, tell_of_recall
from newsexchange.services.alive import require_alive
from newsexchange.services.publishing import announce, write_versions
from newsexchange.services.receipt import note_opening, recipients_of
from newsexchange.services.translation_order import forget_orders_of_killed


@transaction.atomic
def recall_story(story: Story, *, actor: User | None, kind: RecallKind, reason: str) -> Recall:
    """Kill or withhold a story for everybody who ever received any version of it. Safe to repeat.

    A kill is final and may follow a withholding; nothing follows a kill. Raises ConflictError for a draft and for
    withholding what was killed.
    """
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    require(actor, "newsexchange.recall_story", story.broadcaster_id)
    wanted = RECALLED_AS[kind]
    if story.pubstatus == wanted and (done := story.recalls.filter(kind=kind).order_by("id").last()):
        return done
    if (story.pubstatus == PubStatus.CANCELED and wanted != PubStatus.CANCELED) or story.status == StoryStatus.DRAFT:
        raise ConflictError(
            "recall-refused",
            _("The story is “%(current)s” and cannot be recalled this way.")
            % {"current": PubStatus(story.pubstatus).label if story.version else StoryStatus.DRAFT.label},
            current=story.pubstatus,
            wanted=str(wanted),
        )
    note_opening([story.pk])
    recipients = recipients_of(story)
    story.pubstatus = wanted
    story.version += 1
    story.versioned_at = timezone.now()
    story.save(update_fields=["pubstatus", "version", "versioned_at"])
    recall = Recall.objects.create(
        story=story, kind=kind, reason=reason, story_version=story.version, recalled_by=actor
    )
    due_at = timezone.now() + ACKNOWLEDGE_WITHIN
    notices = RecallNotice.objects.bulk_create(
        RecallNotice(recall=recall, broadcaster_id=recipient, due_at=due_at) for recipient in sorted(recipients)
    )
    for notice in notices:
        tell_of_recall(notice, actor=actor)
    write_versions([story], actor=actor, notes={story.pk: reason})
    forget_titles("story", story.uid)
    forget_orders_of_killed([story.pk])
    record(
        "story.recalled",
        subject_type="story",
        subject_uid=story.uid,
        subject_version=story.version,
        audience={story.broadcaster_id, *recipients},
        actor=actor,
        is_retraction=True,
        recall=str(recall.uid),
        recall_kind=str(kind),
        reason=reason,
        acknowledge_by=due_at.isoformat(),
    )
    return recall


@transaction.atomic
def acknowledge_recall(notice: RecallNotice, *, actor: User) -> RecallNotice:
    """Confirm that the story is gone at the actor's broadcaster. Safe to repeat: the first confirmation stands."""
    notice = (
        RecallNotice.objects.select_for_update(of=("self",), no_key=True)
        .select_related("recall__story")
        .get(pk=notice.pk)
    )
    require(actor, "newsexchange.acknowledge_recall", notice.broadcaster_id)
    if notice.acknowledged_at is None:
        notice.acknowledged_at, notice.acknowledged_by = timezone.now(), actor
        notice.save(update_fields=["acknowledged_at", "acknowledged_by"])
        story = notice.recall.story
        record(
            "recall.acknowledged",
            subject_type="recall",
            subject_uid=notice.recall.uid,
            audience=[story.broadcaster_id, notice.broadcaster_id],
            actor=actor,
        )
    return notice


@transaction.atomic
def restore_story(story: Story, *, actor: User | None) -> Story:
    """Make a withheld story usable again, as a new version; nobody has to acknowledge its recall any more.

    A killed one stays dead: ConflictError. Safe to repeat.
    """
    story = Story.objects.select_for_update(of=("self",), no_key=True).get(pk=story.pk)
    require(actor, "newsexchange.recall_story", story.broadcaster_id)
    require_alive(story)
    if story.pubstatus == PubStatus.WITHHELD:
        story.pubstatus = PubStatus.USABLE
        story.version += 1
        story.versioned_at = timezone.now()
        story.save(update_fields=["pubstatus", "version", "versioned_at"])
        lift_notices([story])
        write_versions([story], actor=actor)
        announce([story], kinds={story.pk: "story.restored"}, actor=actor)
    return story


def lift_notices(stories: Collection[Story]) -> None:
    """What is usable again has to be acknowledged by nobody any more."""
    RecallNotice.objects.unanswered().filter(recall__story__in=stories).update(lifted_at=Now())


@transaction.atomic
def remind_of_recalls(limit: int = 200) -> int:
    """Tell both sides, once, of each notice whose time has passed without an acknowledgement; returns how many."""
    overdue = (
        RecallNotice.objects.overdue()
        .filter(reminded_at__isnull=True)
        .select_related("recall__story", "broadcaster")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("due_at")
    )
    notices = list(overdue[:limit])
    for notice in notices:
        record(
            "recall.overdue",
            subject_type="recall",
            subject_uid=notice.recall.uid,
            audience=[notice.recall.story.broadcaster_id, notice.broadcaster_id],
            actor=None,
            broadcaster=notice.broadcaster.slug,
            notice=str(notice.uid),
            acknowledge_by=notice.due_at.isoformat(),
        )
        tell_of_overdue(notice)
    RecallNotice.objects.filter(pk__in=[notice.pk for notice in notices]).update(reminded_at=Now())
    return len(notices)
