"""The ledger of takes: who uses which version of what."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from mediaexchange.core.admin_base import ExchangeAdmin
from newsexchange.admin import filters
from newsexchange.admin.deeds import ReadOnly
from newsexchange.admin.marks import moment
from newsexchange.admin.story_rows import LONG_TEXTS, StoryRow
from newsexchange.models import Take


class TakeList(ChangeList):
    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        return super().get_queryset(*args, **kwargs).defer(*LONG_TEXTS)


@admin.register(Take)
class TakeAdmin(StoryRow, ReadOnly, ExchangeAdmin):
    list_display = ("title", "origin", "broadcaster", "story_version", "taken")
    list_display_links = ("title",)
    list_select_related = ("story", "story__broadcaster", "broadcaster")
    list_filter = (filters.StoryOriginFilter, filters.TakerFilter)
    fields = ("story_link", "origin", "broadcaster", "story_version", "taken")
    readonly_fields = fields

    class Media:
        css = {"all": ["newsexchange/desk.css"]}

    @display(description=_("taken at"), ordering="taken_at")
    def taken(self, take: Take) -> str:
        return moment(take.taken_at)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TakeList
