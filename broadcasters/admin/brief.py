"""Briefs: taken for a period, read in every language, kept as PDF or workbook, sent by a schedule of one's own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from broadcasters.brief_constants import BriefFormat
from broadcasters.formats.brief import render_html
from broadcasters.formats.brief_answer import brief_response
from broadcasters.models import Brief, BriefSubscription, Memorandum
from broadcasters.services.brief import (
    last_month_of,
    make_brief,
    pause_subscription,
    resume_subscription,
    subscribe,
    unsubscribe,
)
from broadcasters.spans import UnknownSpanError, parse_span
from mediaexchange.core.admin_base import ExchangeAdmin, ServiceAdmin, ServiceForm, label, not_found, staff
from mediaexchange.core.languages.tags import LANGUAGES, SHOWN


class BriefPages(ExchangeAdmin):
    """Stands beside the form of a memorandum, for whoever sees it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.brief_view)
        return [path("<int:object_id>/brief/", view, name="broadcasters_memorandum_brief"), *super().get_urls()]

    @action(description=_("Brief"), icon="summarize")
    def brief(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:broadcasters_memorandum_brief", args=[object_id]))

    def brief_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks, then freezes the figures and shows them."""
        memorandum = Memorandum.objects.visible_to(staff(request)).filter(pk=object_id).first()
        try:
            code = request.GET.get("period", "")
            span = parse_span(code) if code else last_month_of(staff(request))
        except UnknownSpanError:
            memorandum = None
        if memorandum is None:
            return not_found(request, self.admin_site)

        def run(_answers: dict[str, Any]) -> HttpResponse:
            made = make_brief(memorandum, actor=staff(request), span=span)
            return HttpResponseRedirect(_address(made, get_language() or "en"))

        return self.ask(
            request, memorandum, title=_("Brief: %(period)s") % {"period": span.title}, run=run,
            explanation=_(
                "The figures are frozen at this moment, as you may see them, and are then the same in every language, "
                "as page, PDF and workbook. What happens later changes them no more."
            ),
        )  # fmt: skip


def _address(brief: Brief, language: str) -> str:
    return reverse("admin:broadcasters_brief_page", args=[brief.pk, language])


@admin.register(Brief)
class BriefAdmin(ExchangeAdmin):
    """Everybody's own. A brief is taken on its agreement's page."""

    list_display = ["memorandum", "period", "shown_as_of"]
    list_select_related = ["memorandum"]
    list_display_links = ["memorandum"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:object_id>/<slug:language>/", wrap(self.page_view), name="broadcasters_brief_page"),
            path(
                "<int:object_id>/<slug:language>.<slug:wanted>", wrap(self.file_view), name="broadcasters_brief_file"
            ),
            *super().get_urls(),
        ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("as of"), ordering="as_of")
    def shown_as_of(self, brief: Brief) -> str:
        return date_format(localtime(brief.as_of), "SHORT_DATETIME_FORMAT")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        brief = self.get_object(request, object_id)
        if brief is None:
            return self.missing(request, object_id)
        return HttpResponseRedirect(_address(brief, get_language() or "en"))

    def page_view(self, request: HttpRequest, object_id: int, language: str) -> HttpResponse:
        brief = self._own(request, object_id)
        if brief is None or language not in SHOWN:
            return not_found(request, self.admin_site)
        records = reverse("admin:broadcasters_memorandum_records", args=[brief.memorandum_id])
        made = render_html(brief, language, records=records, links=_links(brief, language))
        return brief_response(brief, language, BriefFormat.HTML, made.encode())

    def file_view(self, request: HttpRequest, object_id: int, language: str, wanted: str) -> HttpResponse:
        brief = self._own(request, object_id)
        if brief is None or language not in SHOWN or wanted not in BriefFormat.values:
            return not_found(request, self.admin_site)
        return brief_response(brief, language, wanted)

    def _own(self, request: HttpRequest, object_id: int) -> Brief | None:
        rows = Brief.objects.visible_to(staff(request)).select_related("person", "memorandum")
        return rows.filter(pk=object_id).first()


def _links(brief: Brief, current: str) -> list[dict[str, Any]]:
    """The page in each language, the files in this one, and the way back."""
    pages = [
        {"text": one.autonym if one.code != "sr-latn" else "Srpski (latinica)", "tag": one.tag,
         "address": _address(brief, one.code), "is_current": one.code == current}
        for one in LANGUAGES
    ]  # fmt: skip
    files = [
        {"text": wanted.upper(), "is_file": True,
         "address": reverse("admin:broadcasters_brief_file", args=[brief.pk, current, wanted])}
        for wanted in (BriefFormat.PDF.value, BriefFormat.XLSX.value)
    ]  # fmt: skip
    back = reverse("admin:broadcasters_memorandum_health", args=[brief.memorandum_id]) + f"?period={brief.period}"
    return [*pages, *files, {"text": _("Health of the agreement"), "address": back}]


class BriefSubscriptionForm(ServiceForm):
    class Meta:
        model = BriefSubscription
        fields = ["memorandum", "rhythm", "weekday", "hour", "language", "format"]
        help_texts = {"memorandum": _("An agreement to which one of your houses is a party.")}

    def perform(self, answers: dict[str, Any]) -> BriefSubscription:
        for name, value in answers.items():
            setattr(self.instance, name, value)
        if self.instance.pk is None:
            self.instance.person = self.user
        return subscribe(self.instance, actor=self.user)


@admin.register(BriefSubscription)
class BriefSubscriptionAdmin(ServiceAdmin):
    """Everybody's own."""

    form = BriefSubscriptionForm
    list_display = ["memorandum", "rhythm", "format", "language", "shown_next", "shown_paused"]
    list_select_related = ["memorandum"]
    fields = ["memorandum", "rhythm", "weekday", "hour", "language", "format"]
    actions_detail = ["pause", "resume"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given = super().get_changeform_initial_data(request)
        return {"language": staff(request).language, **given}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("broadcasters.delete_briefsubscription"))

    def delete_model(self, request: HttpRequest, obj: BriefSubscription) -> None:
        unsubscribe(obj, actor=staff(request))

    @admin.display(description=_("next one"), ordering="next_due_at")
    def shown_next(self, subscription: BriefSubscription) -> str:
        return "—" if subscription.paused else date_format(localtime(subscription.next_due_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("paused"), ordering="paused")
    def shown_paused(self, subscription: BriefSubscription) -> str:
        return label(subscription.get_paused_display(), "warning") if subscription.paused else "—"

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The one that makes sense now."""
        subscription = self.get_object(request, str(object_id))
        wanted = "resume" if subscription and subscription.paused else "pause"
        return [each for each in super().get_actions_detail(request, object_id) if each.action_name.endswith(wanted)]

    @action(description=_("Pause"), icon="pause")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Pause these briefs"), pause_subscription)

    @action(description=_("Resume"), icon="play_arrow")
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._deed(request, object_id, _("Have these briefs sent again"), resume_subscription)

    def _deed(self, request: HttpRequest, object_id: str, title: Any, deed: Any) -> HttpResponse:
        subscription = self.get_object(request, object_id)
        if subscription is None:
            return self.missing(request, object_id)

        def run(_answers: dict[str, Any]) -> None:
            deed(subscription, actor=staff(request))

        return self.ask(request, subscription, title=title, run=run)
