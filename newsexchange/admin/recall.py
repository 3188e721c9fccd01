"""Recalls and their acknowledgements. A recalled story's words come back to nobody but its own broadcaster."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import staff
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedAdmin, ReadOnly
from newsexchange.admin.marks import label, moment
from newsexchange.admin.use import REPORT_USE
from newsexchange.constants import RecallKind
from newsexchange.models import Recall, RecallNotice, Receipt, Story, Take
from newsexchange.services.recall import acknowledge_recall

_KIND_LOOK = {RecallKind.KILL: "danger", RecallKind.WITHHOLD: "warning"}
# The words of a recalled story are not even read from the database here.
_WORDS = ("headline", "summary", "body", "slugline", "editors_note")
_UNREAD = [*_WORDS, *(f"{word}_{language}" for word in _WORDS[:3] for language in STORED)]


def acknowledgement(notice: RecallNotice) -> SafeString:
    """Green when given, red when overdue, orange while there is time, grey when none is needed any more."""
    if notice.acknowledged_at:
        return label(_("acknowledged"), "success", moment(notice.acknowledged_at))
    if notice.lifted_at:
        return label(_("story usable again"), "", moment(notice.lifted_at))
    if notice.is_overdue:
        return label(_("overdue"), "danger", moment(notice.due_at))
    return label(_("waiting"), "warning", moment(notice.due_at))


def _kind(recall: Recall) -> SafeString:
    return label(recall.get_kind_display(), _KIND_LOOK[RecallKind(recall.kind)])


class RecallList(ChangeList):
    """Knows for a whole page what its reader may call the stories."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)  # type: ignore[has-type]
        _fill_headlines([getattr(row, "recall", row) for row in rows], staff(request))
        self.result_list = rows


def _fill_headlines(recalls: Collection[Recall], reader: User) -> None:
    """For the reader's own house alone, which keeps its words; of other stories none are read from the database."""
    own = {recall.story_id for recall in recalls if recall.story.broadcaster_id in roles_of(reader)}
    stories = Story.objects.visible_to(reader).filter(pk__in=own).prefetch_related("editions") if own else ()
    headlines = {story.pk: str(story) for story in stories}
    for recall in recalls:
        recall.headline = headlines.get(recall.story_id, "")  # type: ignore[attr-defined]


def _named(recall: Recall) -> str:
    return getattr(recall, "headline", "") or recall.story_name


def _short(recall: Recall) -> SafeString:
    """What the reader may call the story; all of its identity is on the page."""
    return format_html('<span title="{}">{}</span>', recall.story.uid, _named(recall))


def _who_had(recall: Recall, notices: Iterable[RecallNotice], *, names_people: bool = False) -> SafeString:
    """By which roads each of them had the story, when, and whether it is gone there."""
    roads: dict[int, list[Receipt]] = {}
    for receipt in Receipt.objects.filter(story=recall.story_id).order_by("first_at"):
        roads.setdefault(receipt.broadcaster_id, []).append(receipt)
    takes: dict[int, Take] = {}
    if names_people:
        taken = Take.objects.filter(story=recall.story_id).select_related("taken_by")
        takes = {take.broadcaster_id: take for take in taken}
    rows = [
        {
            "notice": each,
            "state": acknowledgement(each),
            "receipts": roads.get(each.broadcaster_id, []),
            "take": takes.get(each.broadcaster_id),
        }
        for each in notices
    ]
    return mark_safe(render_to_string("newsexchange/recipients.html", {"rows": rows}))  # noqa: S308 — escaped there


def _is_ours_and_waiting(user: User, notice: RecallNotice) -> bool:
    return notice.is_waiting and may(user, "newsexchange.acknowledge_recall", notice.broadcaster_id)


def _acknowledge(notice: RecallNotice, user: User, answers: dict[str, Any]) -> None:
    acknowledge_recall(notice, actor=user)


def _own_notices(user: User, recall: Recall) -> list[RecallNotice]:
    return [notice for notice in recall.notices.all() if _is_ours_and_waiting(user, notice)]


def _acknowledge_all(recall: Recall, user: User, answers: dict[str, Any]) -> None:
    for notice in _own_notices(user, recall):
        acknowledge_recall(notice, actor=user)


@admin.register(Recall)
class RecallAdmin(ReadOnly, DeedAdmin):
    deeds = (
        Deed(
            "acknowledge", _("Acknowledge"), "newsexchange.acknowledge_recall",
            lambda user, recall: bool(_own_notices(user, recall)), _acknowledge_all,
            _("Acknowledged: the story is gone here."), icon="done_all", look="primary",
        ),
    )  # fmt: skip
    list_display = ("short", "kind_label", "origin", "reason", "recalled", "answers")
    list_display_links = ("short",)
    list_select_related = ("story__broadcaster",)
    list_filter = (filters.StoryOriginFilter,)
    fields = ("identity", "story_link", "origin", "reason", "story_version", "recalled", "who")
    readonly_fields = (*fields, "here")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = RecallNotice.objects.visible_to(request.user)
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .defer(*(f"story__{name}" for name in _UNREAD))
            .prefetch_related("notices__broadcaster")
            .annotate(
                told=Count("notices", filter=Q(notices__in=seen), distinct=True),
                told_back=Count(
                    "notices", filter=Q(notices__in=seen, notices__acknowledged_at__isnull=False), distinct=True
                ),
                waited_for=Count("notices", filter=Q(notices__in=seen.unanswered()), distinct=True),
            )
        )
        return rows

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecallList

    @display(description=_("story"))
    def short(self, recall: Recall) -> SafeString:
        return _short(recall)

    @display(description=_("story"))
    def identity(self, recall: Recall) -> str:
        return str(recall.story.uid)

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, recall: Recall) -> SafeString:
        return _kind(recall)

    @display(description=_("origin"), ordering="story__broadcaster")
    def origin(self, recall: Recall) -> str:
        return str(recall.story.broadcaster)

    @display(description=_("recalled at"), ordering="recalled_at")
    def recalled(self, recall: Recall) -> str:
        return moment(recall.recalled_at)

    @display(description=_("acknowledged"))
    def answers(self, recall: Any) -> SafeString:
        if not recall.told:
            return label(_("nobody had it"))
        look = "success" if recall.told_back == recall.told else ""
        return label(f"{recall.told_back}/{recall.told}", "warning" if recall.waited_for else look)

    @display(description=_("Open"))
    def story_link(self, recall: Recall) -> SafeString | str:
        address = reverse("admin:newsexchange_story_change", args=[recall.story_id])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, recall.story.uid)

    @display(description=_("Who had it"))
    def who(self, recall: Recall) -> SafeString:
        return _who_had(recall, recall.notices.all())

    @display(description=_("Who had it"))
    def here(self, recall: Recall) -> SafeString:
        """The reader's own houses alone, with the colleagues who took it."""
        return _who_had(recall, recall.own_notices, names_people=True)  # type: ignore[attr-defined]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        recall = super().get_object(request, *args, **kwargs)
        if recall is not None:
            houses = roles_of(staff(request))
            recall.own_notices = [each for each in recall.notices.all() if each.broadcaster_id in houses]
            _fill_headlines([recall], staff(request))
        return recall

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only the origin gets the way to the story and the list of all who had it; others how it came to them."""
        is_own = obj is not None and obj.story.broadcaster_id in roles_of(staff(request))
        return self.fields if is_own else ("identity", "origin", "reason", "story_version", "recalled", "here")

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [
            (_("kind"), _kind(subject)),
            (_("origin"), subject.story.broadcaster),
            (_("reason"), subject.reason),
            (_("acknowledged"), self.answers(subject)),
        ]
        return {"title": _named(subject), "facts": facts}


@admin.register(RecallNotice)
class RecallNoticeAdmin(ReadOnly, DeedAdmin):
    deeds = (
        Deed(
            "acknowledge", _("Acknowledge"), "newsexchange.acknowledge_recall", _is_ours_and_waiting, _acknowledge,
            _("Acknowledged: the story is gone here."), icon="done_all", look="primary",
        ),
        replace(REPORT_USE, look="default"),  # what was aired before it was recalled
    )  # fmt: skip
    list_display = ("short", "kind_label", "origin", "broadcaster", "state", "reason", "due")
    list_display_links = ("short",)
    list_select_related = ("recall__story__broadcaster", "broadcaster")
    list_filter = (filters.NoticeFilter,)
    fields = ("identity", "origin", "broadcaster", "reason", "due", "answered", "here")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*(f"recall__story__{name}" for name in _UNREAD))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecallList

    @display(description=_("story"))
    def short(self, notice: RecallNotice) -> SafeString:
        return _short(notice.recall)

    @display(description=_("story"))
    def identity(self, notice: RecallNotice) -> str:
        return str(notice.recall.story.uid)

    @display(description=_("kind"), ordering="recall__kind")
    def kind_label(self, notice: RecallNotice) -> SafeString:
        return _kind(notice.recall)

    @display(description=_("origin"))
    def origin(self, notice: RecallNotice) -> str:
        return str(notice.recall.story.broadcaster)

    @display(description=_("reason"))
    def reason(self, notice: RecallNotice) -> str:
        return notice.recall.reason

    @display(description=_("acknowledgement"))
    def state(self, notice: RecallNotice) -> SafeString:
        return acknowledgement(notice)

    @display(description=_("acknowledge by"), ordering="due_at")
    def due(self, notice: RecallNotice) -> str:
        return moment(notice.due_at)

    @display(description=_("Who had it"))
    def here(self, notice: RecallNotice) -> SafeString:
        """By which roads and when the story came; the colleague who took it, for colleagues only."""
        return _who_had(notice.recall, [notice], names_people=notice.is_ours)  # type: ignore[attr-defined]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        notice = super().get_object(request, *args, **kwargs)
        if notice is not None:
            notice.is_ours = notice.broadcaster_id in roles_of(staff(request))
            _fill_headlines([notice.recall], staff(request))
        return notice

    @display(description=_("acknowledged at"), ordering="acknowledged_at")
    def answered(self, notice: RecallNotice) -> str:
        return moment(notice.acknowledged_at)

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [
            (_("kind"), _kind(subject.recall)),
            (_("acknowledgement"), acknowledgement(subject)),
            (_("origin"), subject.recall.story.broadcaster),
        ]
        return {"title": _named(subject.recall), "facts": facts}
