"""Stories that came of assignments."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from correspondents.models import Assignment, CoverageWish
from newsexchange.models.story import Story
from newsexchange.querysets import StoryFiledQuerySet


class StoryFiled(models.Model):
    """A story that came of an assignment, and the wish that it answers, if any."""

    uid = models.UUIDField(_("UID"), default=uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="stories_filed", verbose_name=_("assignment")
    )
    story = models.ForeignKey(Story, models.PROTECT, related_name="filed_for", verbose_name=_("story"))
    wish = models.ForeignKey(
        CoverageWish, models.PROTECT, null=True, blank=True, related_name="stories_filed",
        verbose_name=_("coverage wanted"),
    )  # fmt: skip
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    filed_at = models.DateTimeField(_("filed at"), db_default=Now(), editable=False)

    objects = StoryFiledQuerySet.as_manager()

    class Meta:
        verbose_name = _("story filed")
        verbose_name_plural = _("stories filed")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "story"], name="newsexchange_filing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.story}"
