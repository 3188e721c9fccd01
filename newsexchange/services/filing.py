"""Stories that came of assignments: filed by who sends, listed for whoever sees both."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from correspondents.filed import Filed, FiledKind, register
from correspondents.models import Assignment, CoverageWish
from correspondents.services.event import deliver_wish
from correspondents.services.filing import check_filing
from correspondents.services.telling import tell_of_assignment
from mediaexchange.core.models import User
from newsexchange.models import Story
from newsexchange.models.filing import StoryFiled

MOST = 50  # of the house's stories, the youngest, that a page offers to choose from


@transaction.atomic
def file_story(
    assignment: Assignment, story: Story, *, actor: User | None, wish: CoverageWish | None = None
) -> StoryFiled:
    """Link a story of the own house to the assignment it came of; a wish that it answers is delivered. Safe to repeat.

    Raises ConflictError before the assignment has begun, DomainError for a story of another house, ForbiddenError.
    """
    stored = check_filing(assignment, actor=actor, house_id=story.broadcaster_id, wish=wish)
    filed, is_new = StoryFiled.objects.get_or_create(
        assignment=stored, story=story, defaults={"wish": wish, "filed_by": actor}
    )
    if is_new:
        tell_of_assignment(stored, "story.filed", actor=actor, story=str(story.uid))
    if wish is not None:
        deliver_wish(wish, actor=None)
    return filed


def _listed(ids: Iterable[int], user: User) -> dict[int, list[Filed]]:
    rows = StoryFiled.objects.visible_to(user).filter(assignment__in=list(ids)).select_related("story")
    rows = rows.prefetch_related("story__editions")
    found: dict[int, list[Filed]] = defaultdict(list)
    for row in rows.order_by("pk"):
        address = reverse("admin:newsexchange_story_change", args=[row.story_id])
        found[row.assignment_id].append(Filed(str(row.story), address, row.filed_at))
    return found


def _choices(assignment: Assignment, user: User) -> list[tuple[int, str]]:
    stories = Story.objects.visible_to(user).filter(broadcaster=assignment.broadcaster_id).prefetch_related("editions")
    there = StoryFiled.objects.filter(assignment=assignment).values("story")
    return [(story.pk, str(story)) for story in stories.exclude(pk__in=there).order_by("-pk")[:MOST]]


def _file(assignment: Assignment, pk: int, user: User, wish: CoverageWish | None) -> StoryFiled:
    story = Story.objects.visible_to(user).get(pk=pk)
    return file_story(assignment, story, actor=user, wish=wish)


register(FiledKind("story", _("Stories"), _listed, _choices, _file))
