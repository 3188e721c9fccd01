"""The admin's sidebar: the desk's daily work first, then agreements and directories, access last.

A page is listed for those who may open it; one that is not registered is left out.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message

_ROW = re.compile(r"/\d+(?=/)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is no list of rows, for those who may see the rows of ``model``."""

    model: str
    name: str
    title: Message
    icon: str


GROUPS: tuple[tuple[Message, tuple[Page | tuple[str, str], ...]], ...] = (
    (
        _("My work"),
        (Page("core.calendarfeed", "core_calendarfeed_changelist", _("My calendars"), "event_upcoming"),),
    ),
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
        _("Archive"),
        (
            ("archive.item", "movie"),
            ("archive.upload", "upload"),
            ("archive.collection", "folder_special"),
            ("archive.series", "video_library"),
            ("archive.footagerequest", "request_quote"),
            ("archive.licence", "license"),
            ("archive.footagedelivery", "local_shipping"),
            ("archive.grant", "verified_user"),
            ("archive.grantuse", "stream"),
            ("archive.catalogueimport", "upload_file"),
            ("archive.mediafile", "hard_drive"),
            Page("archive.item", "archive_completeness", _("Completeness"), "fact_check"),
            Page("archive.mediafile", "archive_fixity", _("Fixity"), "health_metrics"),
            Page("archive.item", "archive_statistics", _("Statistics of the archive"), "bar_chart"),
        ),
    ),
    (
        _("Co-productions"),
        (
            Page("productions.production", "productions_production_board", _("Board"), "view_kanban"),
            ("productions.production", "movie_edit"),
            ("productions.budget", "account_balance_wallet"),
            ("productions.instalment", "payments"),
            ("productions.revision", "rate_review"),
            ("productions.languageversion", "subtitles"),
            ("productions.deliverable", "inventory_2"),
            ("productions.archiveuse", "theaters"),
            ("productions.milestone", "flag"),
            ("productions.window", "event_available"),
            Page(
                "productions.window", "productions_window_calendar", _("Calendar of rights windows"), "calendar_month"
            ),
            ("productions.theme", "sell"),
            ("productions.stage", "conversion_path"),
            ("productions.ruleset", "rule"),
            ("productions.budgetcategory", "category"),
            ("productions.currency", "currency_exchange"),
        ),
    ),
    (
        _("Training"),
        (
            ("training.workshop", "groups"),
            ("training.programme", "school"),
            ("training.participant", "person_add"),
            ("training.enrolment", "how_to_reg"),
            ("training.certificate", "workspace_premium"),
            ("training.feedbackform", "reviews"),
            ("training.question", "quiz"),
        ),
    ),
    (
        _("Correspondents"),
        (
            Page("correspondents.assignment", "correspondents_assignment_mine", _("My assignments"), "assignment_ind"),
            Page("correspondents.plannedevent", "correspondents_planning", _("Planning calendar"), "calendar_month"),
            Page("correspondents.assignment", "correspondents_assignment_board", _("Assignment board"), "view_kanban"),
            ("correspondents.assignment", "assignment"),
            ("correspondents.plannedevent", "event"),
            ("correspondents.correspondent", "hail"),
            ("correspondents.paper", "contact_page"),
            ("correspondents.handover", "swap_horiz"),
            ("correspondents.kit", "videocam"),
            ("correspondents.overlappolicy", "rule"),
            ("correspondents.countryrequirement", "checklist"),
            ("correspondents.skill", "interpreter_mode"),
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
            Page(
                "broadcasters.memorandum", "broadcasters_memorandum_healths", _("Health of agreements"), "monitor_heart"
            ),
            ("broadcasters.memorandum", "handshake"),
            ("broadcasters.module", "widgets"),
            ("broadcasters.obligation", "task_alt"),
            ("broadcasters.minutes", "groups"),
            ("broadcasters.memorandumtext", "description"),
            ("broadcasters.modulereview", "fact_check"),
            Page("broadcasters.initiative", "broadcasters_initiative_board", _("Digital development"), "view_kanban"),
            ("broadcasters.initiative", "rocket_launch"),
            ("broadcasters.guideline", "menu_book"),
            Page("broadcasters.diplomaticevent", "broadcasters_diplomatic", _("Diplomatic calendar"), "calendar_month"),
            ("broadcasters.diplomaticevent", "flag"),
            ("broadcasters.claim", "format_quote"),
            ("broadcasters.claimtopic", "compare"),
            ("broadcasters.brief", "summarize"),
            ("broadcasters.briefsubscription", "schedule_send"),
        ),
    ),
    (
        _("On air"),
        (
            ("broadcasters.airing", "live_tv"),
            ("broadcasters.airingimport", "playlist_add"),
            ("broadcasters.airingmatch", "join_inner"),
            ("broadcasters.audiencefigure", "groups_3"),
            Page("broadcasters.airing", "broadcasters_foreign_share", _("Foreign share"), "stacked_bar_chart"),
        ),
    ),
    (
        _("Directory"),
        (
            ("broadcasters.broadcaster", "cell_tower"),
            ("broadcasters.channel", "tv"),
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
            groups.append({"title": str(title), "items": items, "collapsible": False})
    links = [link for group in groups for link in group["items"]]
    if open_now := _open_now(request.path, links):  # the list whose address it begins with is not open
        for link in links:
            link["active"] = link is open_now
    return groups


def _open_now(path: str, links: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The page of its own that this is, also of one row (``memorandum/1/health/``); None for a list and its rows."""
    of_any_row = _ROW.sub("", path)
    return next((link for link in links if link["is_page"] and of_any_row.startswith(link["link"])), None)


def _address(name: str) -> str:
    return _reversed(name, get_script_prefix())


@cache
def _reversed(name: str, _below: str) -> str:
    """Reversed once: some eighty entries on every page were a tenth of its time."""
    return reverse(f"admin:{name}")


def _entry(request: HttpRequest, entry: Page | tuple[str, str]) -> dict[str, Any] | None:
    if not isinstance(entry, Page):
        return _item(request, *entry)
    if _item(request, entry.model, entry.icon) is None:
        return None
    return {"title": str(entry.title), "icon": entry.icon, "link": _address(entry.name), "is_page": True}


def _item(request: HttpRequest, name: str, icon: str) -> dict[str, Any] | None:
    model = apps.get_model(name)
    if not admin.site.is_registered(model) or not admin.site.get_model_admin(model).has_view_permission(request):
        return None
    link = _address(f"{model._meta.app_label}_{model._meta.model_name}_changelist")
    title = capfirst(str(model._meta.verbose_name_plural))
    return {"title": title, "icon": icon, "link": link, "is_page": False}
