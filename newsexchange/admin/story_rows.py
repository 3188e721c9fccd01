"""Columns of lists whose rows belong to a story."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from mediaexchange.core.languages.tags import STORED
from newsexchange.admin.marks import who
from newsexchange.models import Edition

LONG_TEXTS = [f"story__{field}" for field in ("summary", "body", "editors_note", "usage_terms")] + [
    f"story__{field}_{language}" for field in ("summary", "body") for language in STORED
]


def editions_without_texts(path: str) -> Prefetch:
    """What stories are called by needs their editions, and none of their long texts."""
    return Prefetch(path, Edition.objects.defer("summary", "body").order_by("language"))


class StoryRow:
    """Needs ``list_select_related`` to hold ``story__broadcaster``, and lists ``editions_without_texts``."""

    def name_of(self, row: Any) -> object:
        """What the row may call its story."""
        return row.story

    @display(description=_("story"))
    def title(self, row: Any) -> SafeString:
        return format_html('<span class="mx-headline">{}</span>', self.name_of(row))

    @display(description=_("story"))
    def story_link(self, row: Any) -> SafeString:
        address = reverse("admin:newsexchange_story_change", args=[row.story_id])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, row.story)

    @display(description=_("origin"), ordering="story__broadcaster")
    def origin(self, row: Any) -> SafeString:
        return who(row.story.broadcaster)
