"""Suggestions of what was aired, the likeliest first; confirmed or rejected one by one or many at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant

from broadcasters.airing_constants import MatchStatus
from broadcasters.import_words import told_reason
from broadcasters.matchers import Shown, matcher_of, matchers
from broadcasters.models import AiringMatch
from broadcasters.permissions import may
from broadcasters.services.matching import confirm_match, reject_match
from mediaexchange.core.admin_base import ExchangeAdmin, label, staff

DECIDE = "broadcasters.add_airing"
_LOOKS = {MatchStatus.SUGGESTED: "warning", MatchStatus.CONFIRMED: "success", MatchStatus.REJECTED: ""}


class SubjectFilter(DropdownFilter):
    title, parameter_name = _("subject"), "subject"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(each.subject_type, each.title) for each in matchers()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


@admin.register(AiringMatch)
class AiringMatchAdmin(ExchangeAdmin):
    list_display = ["aired", "subject", "score", "why", "state"]
    list_display_links = ["aired"]
    list_select_related = ["airing__channel"]
    list_filter = [("status", ChoicesDropdownFilter), SubjectFilter, ("airing__channel", RelatedDropdownFilter)]
    search_fields = ["airing__title"]
    fields = ["aired", "airing_page", "subject", "score", "why", "state", "why_not", "decided_by"]
    readonly_fields = fields
    actions = ["confirm_chosen", "reject_chosen"]
    actions_detail = ["confirm", "reject"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("airing__channel__broadcaster", "decided_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Deeds decide; but whoever may decide for some house is offered the actions of the list."""
        return obj is None and bool(super().has_change_permission(request, obj))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Opened plainly, the list shows what waits."""
        if request.method == "GET" and not request.GET:
            return HttpResponseRedirect(f"{request.path}?status__exact={MatchStatus.SUGGESTED.value}")
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's subjects are asked for at once, a query for each kind."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = list(changelist.result_list)
        tell_subjects(changelist.result_list, request)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        match = super().get_object(request, object_id, from_field)
        if match is not None:
            tell_subjects([match], request)
        return match

    @admin.display(description=_("airing"))
    def aired(self, match: AiringMatch) -> SafeString:
        at = date_format(localtime(match.airing.started_at), "SHORT_DATETIME_FORMAT")
        return format_html("{}<br>{} · {}", match.airing.title, match.airing.channel, at)

    @admin.display(description=_("page of the airing"))
    def airing_page(self, match: AiringMatch) -> SafeString:
        address = reverse("admin:broadcasters_airing_change", args=[match.airing_id])
        return format_html('<a class="text-link" href="{}">{}</a>', address, match.airing.title)

    @admin.display(description=_("what it may have been"))
    def subject(self, match: AiringMatch) -> SafeString | str:
        matcher, shown = matcher_of(match.subject_type), getattr(match, "shown", None)
        kind = matcher.title if matcher else match.subject_type
        if shown is None:
            return format_html("{}: {}", kind, _("you see nothing of it"))
        return format_html('{}: <a class="text-link" href="{}">{}</a>', kind, shown.address, shown.title)

    @admin.display(description=_("reasons"))
    def why(self, match: AiringMatch) -> SafeString | str:
        return format_html_join("", "<div>{}</div>", ((told_reason(each),) for each in match.reasons)) or "—"

    @admin.display(description=_("status"), ordering="status")
    def state(self, match: AiringMatch) -> SafeString:
        return label(match.get_status_display(), _LOOKS[MatchStatus(match.status)])

    @admin.display(description=_("why it was not confirmed"))
    def why_not(self, match: AiringMatch) -> str:
        return match.refusal or "—"

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        match = super().get_object(request, str(object_id))
        if match is None or match.status != MatchStatus.SUGGESTED:
            return []
        if not may(staff(request), DECIDE, match.airing.channel.broadcaster_id):
            return []
        return super().get_actions_detail(request, object_id)  # type: ignore[no-any-return]

    @action(description=_("This was aired"), icon="check", variant=ActionVariant.SUCCESS)
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._one(request, object_id, _("This was aired"), confirm_match)

    @action(description=_("It was something else"), icon="close", variant=ActionVariant.WARNING)
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._one(request, object_id, _("It was something else"), reject_match)

    def _one(self, request: HttpRequest, object_id: str, title: Any, deed: Callable[..., Any]) -> HttpResponse:
        match = self.get_object(request, object_id)
        if match is None:
            return self.missing(request, object_id)

        def run(_answers: dict[str, Any]) -> None:
            deed(match, actor=staff(request))

        explanation = _("A confirmed match makes the record that reporting by hand makes, and is final.")
        return self.ask(request, match, title=title, run=run, explanation=explanation)

    @admin.action(description=_("These were aired"))
    def confirm_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._many(request, queryset, confirm_match)

    @admin.action(description=_("These were something else"))
    def reject_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._many(request, queryset, reject_match)

    def _many(self, request: HttpRequest, queryset: QuerySet[Any], deed: Callable[..., Any]) -> None:
        """One by one, the likeliest first: what a rule refuses is told and keeps nobody else waiting."""
        done = 0
        for match in queryset.order_by("-score", "pk"):
            about = f"{match.airing.title} · {match.airing.channel}"
            done += self.tried(request, lambda match=match: deed(match, actor=staff(request)), about=about)  # type: ignore[misc]
        said = ngettext("%(number)d suggestion decided.", "%(number)d suggestions decided.", done) % {"number": done}
        if done:
            self.message_user(request, said, messages.SUCCESS)


def tell_subjects(matches: list[AiringMatch], request: HttpRequest) -> None:
    """Give each match ``shown``: what the reader may see of its subject."""
    by_type: dict[str, list[AiringMatch]] = {}
    for match in matches:
        by_type.setdefault(match.subject_type, []).append(match)
    for subject_type, rows in by_type.items():
        matcher = matcher_of(subject_type)
        found: dict[Any, Shown] = matcher.shown({row.subject_uid for row in rows}, staff(request)) if matcher else {}
        for row in rows:
            row.shown = found.get(row.subject_uid)  # type: ignore[attr-defined]
