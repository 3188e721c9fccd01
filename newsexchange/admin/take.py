"""The ledger of takes: who uses which version of what."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from mediaexchange.core.rights.terms import Statement
from mediaexchange.core.rights.words import message
from newsexchange.admin import filters
from newsexchange.admin.deeds import DeedAdmin, ReadOnly
from newsexchange.admin.marks import moment
from newsexchange.admin.reciprocity import ReciprocityPage
from newsexchange.admin.story_rows import LONG_TEXTS, StoryRow, editions_without_texts
from newsexchange.admin.use import REPORT_USE
from newsexchange.models import Take


class TakeList(ChangeList):
    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        listed = super().get_queryset(*args, **kwargs).defer(*LONG_TEXTS)
        return listed.prefetch_related(editions_without_texts("story__editions"))


@admin.register(Take)
class TakeAdmin(StoryRow, ReadOnly, ReciprocityPage, DeedAdmin):
    deeds = (REPORT_USE,)
    list_display = ("title", "origin", "broadcaster", "story_version", "taken")
    list_display_links = ("title",)
    list_select_related = ("story", "story__broadcaster", "broadcaster")
    list_filter = (filters.StoryOriginFilter, filters.TakerFilter, filters.TakenFilter)
    fields = ("story_link", "origin", "broadcaster", "story_version", "taken", "accepted", "uses")
    readonly_fields = fields

    @display(description=_("taken at"), ordering="taken_at")
    def taken(self, take: Take) -> str:
        return moment(take.taken_at)

    @display(description=_("conditions accepted"))
    def accepted(self, take: Take) -> SafeString | str:
        zone = ZoneInfo(take.broadcaster.time_zone)
        said = (message(Statement(each["code"], each.get("values", {})), zone) for each in take.conditions)
        return format_html_join("", "<div>{}</div>", ((line,) for line in said)) or "—"

    @display(description=_("uses"))
    def uses(self, take: Take) -> SafeString | str:
        rows = ((moment(use.used_at), use.get_kind_display(), use.airing.channel if use.airing else use.url)
                for use in take.uses.select_related("airing__channel"))  # fmt: skip
        return format_html_join("", '<div class="mx-address">{} · {} · {}</div>', rows) or "—"

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [(_("taken by"), subject.broadcaster), (_("taken at"), moment(subject.taken_at))]
        return {"title": subject.story, "facts": facts}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TakeList
