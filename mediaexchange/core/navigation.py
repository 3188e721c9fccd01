"""The admin's sidebar: the desk's daily work first, then agreements and directories, access last.

A page is listed for those who may open it; one that is not registered is left out.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is no list of rows, for those who may see the rows of ``model``."""

    model: str
    name: str
    title: Message
    icon: str


GROUPS: tuple[tuple[Message, tuple[Page | tuple[str, str], ...]], ...] = (
    (
        _("News exchange"),
        (
            ("newsexchange.story", "newspaper"),
            ("newsexchange.offer", "move_to_inbox"),
            ("newsexchange.take", "download"),
            ("newsexchange.use", "campaign"),
            ("newsexchange.storyrequest", "contact_support"),
            Page("newsexchange.take", "newsexchange_reciprocity", _("Reciprocity"), "balance"),
            ("newsexchange.recall", "undo"),
            ("newsexchange.recallnotice", "mark_email_read"),
            ("newsexchange.feed", "rss_feed"),
            ("newsexchange.quarantinedentry", "report"),
            ("newsexchange.inbounddelivery", "input"),
            ("newsexchange.subscription", "notifications"),
            ("newsexchange.delivery", "receipt_long"),
        ),
    ),
    (
        _("Translation"),
        (
            ("newsexchange.translationorder", "translate"),
            ("newsexchange.memorysegment", "history_edu"),
            ("broadcasters.glossaryterm", "dictionary"),
            ("core.keepword", "match_word"),
            Page("core.keepword", "core_both_scripts", _("Both scripts"), "compare_arrows"),
            ("newsexchange.translationprovider", "robot_2"),
        ),
    ),
    (
        _("Agreements"),
        (
            ("broadcasters.memorandum", "handshake"),
            ("broadcasters.module", "widgets"),
        ),
    ),
    (
        _("Directory"),
        (
            ("broadcasters.broadcaster", "cell_tower"),
            ("broadcasters.channel", "tv"),
            ("broadcasters.airing", "live_tv"),
            ("broadcasters.person", "person"),
            ("broadcasters.institution", "account_balance"),
            ("broadcasters.place", "location_on"),
        ),
    ),
    (
        _("Access"),
        (
            ("core.user", "group"),
            ("broadcasters.membership", "badge"),
            ("core.apikey", "key"),
            ("core.auditentry", "history"),
        ),
    ),
    (
        _("Timetable"),
        (
            ("django_celery_beat.periodictask", "schedule"),
            ("django_celery_beat.intervalschedule", "timer"),
            ("django_celery_beat.crontabschedule", "calendar_month"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation for this user."""
    groups: list[dict[str, Any]] = []
    for title, entries in GROUPS:
        items = [item for entry in entries if (item := _entry(request, entry))]
        if items:
            groups.append({"title": title, "items": items, "collapsible": False})
    if request.path in _pages():  # its address begins with that of a list, which is not open
        for link in (link for group in groups for link in group["items"]):
            link["active"] = link["link"] == request.path
    return groups


def _pages() -> set[str]:
    named = (entry.name for _title, entries in GROUPS for entry in entries if isinstance(entry, Page))
    return {reverse(f"admin:{name}") for name in named}


def _entry(request: HttpRequest, entry: Page | tuple[str, str]) -> dict[str, Any] | None:
    if not isinstance(entry, Page):
        return _item(request, *entry)
    if _item(request, entry.model, entry.icon) is None:
        return None
    return {"title": entry.title, "icon": entry.icon, "link": reverse(f"admin:{entry.name}")}


def _item(request: HttpRequest, name: str, icon: str) -> dict[str, Any] | None:
    model = apps.get_model(name)
    if not admin.site.is_registered(model) or not admin.site.get_model_admin(model).has_view_permission(request):
        return None
    link = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return {"title": capfirst(str(model._meta.verbose_name_plural)), "icon": icon, "link": link}
