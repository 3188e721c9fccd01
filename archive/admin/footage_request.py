"""Footage requests: what others ask of us and we of others; asked from an item's page, decided line by line on one."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from archive.admin.base import ReadOnlyAdmin, houses_with, moment, short_name
from archive.admin.filters import ByChoice, ByWord
from archive.admin.footage_request_forms import DecisionForm, QuoteForm, RequestForm, line_rows
from archive.admin.footage_words import LINE_LOOKS, LOOKS, days, places, platforms_said
from archive.constants import LineStatus, RequestStatus
from archive.models import FootageRequest, Item, Segment
from archive.services.footage_request import OPEN, ask_footage, decide_request, quote_request, withdraw_request
from broadcasters.permissions import may
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.models import User

_DECIDE, _ASK = "archive.change_footagerequest", "archive.add_footagerequest"
_MOST_ITEMS = 20


class DirectionFilter(ByWord):
    title, parameter_name = _("direction"), "direction"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        received, sent = Q(holder__in=member_ids(user)), Q(broadcaster__in=member_ids(user))
        return {
            "waiting": (_("waiting for our answer"), received & Q(status__in=OPEN)),
            "received": (_("received"), received),
            "pending": (_("waiting for theirs"), sent & Q(status__in=OPEN)),
            "sent": (_("sent"), sent),
        }


class RequestStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", RequestStatus


@admin.register(FootageRequest)
class FootageRequestAdmin(ReadOnlyAdmin):
    list_display = ("what_for", "asker", "asked_of", "state", "term", "asked")
    list_display_links = ("what_for",)
    list_select_related = ("broadcaster", "holder")
    list_filter = (DirectionFilter, RequestStatusFilter)
    list_before_template = "archive/request_inbox.html"
    search_fields = ("purpose", "production_title")
    fields = ("answer_shown",)
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/decide/", view(self.decide_view), name="archive_footagerequest_decide"),
            path("<int:pk>/quote/", view(self.quote_view), name="archive_footagerequest_quote"),
            path("<int:pk>/withdraw/", view(self.withdraw_view), name="archive_footagerequest_withdraw"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("broadcaster", "holder", "module", "licence")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return houses_with(request, _ASK).exists()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        rows, user = FootageRequest.objects.filter(status__in=OPEN), staff(request)
        address = reverse("admin:archive_footagerequest_changelist")
        received = rows.filter(holder__in=member_ids(user)).count()
        sent = rows.filter(broadcaster__in=member_ids(user)).count()
        inbox = [
            (_("Waiting for our answer"), received, f"{address}?direction=waiting"),
            (_("Waiting for theirs"), sent, f"{address}?direction=pending"),
        ]
        answer: HttpResponse = super().changelist_view(request, (extra_context or {}) | {"inbox": inbox})
        return answer

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for the items or segments that the address names; without any it says where to begin."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        items, chosen = self._wanted(request)
        houses = houses_with(request, _ASK).exclude(pk__in={item.broadcaster_id for item in items})
        form = RequestForm(
            request.POST if request.method == "POST" else None,
            items=items, chosen=chosen, houses=houses, initial=self._initial(request, houses),
        )  # fmt: skip
        if request.method == "POST" and items and form.is_valid():
            made: list[FootageRequest] = []
            answers = form.asked()
            if self.tried(request, lambda: made.append(ask_footage(actor=staff(request), **answers))):
                self.message_user(request, _("The request is sent; the holder is told."))
                return HttpResponseRedirect(self.address(made[0]))
        context = {"title": _("Request footage"), "form": form, "items": items, "rows": line_rows(form)}
        return self._page(request, "archive/request_form.html", context)

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = self._seen(request, pk)
        if not self._may_decide(request, asked):
            raise PermissionDenied
        form = DecisionForm(request.POST if request.method == "POST" else None, asked=asked)
        if request.method == "POST" and form.is_valid():
            answers = form.answers()
            if self.tried(request, lambda: decide_request(asked, actor=staff(request), **answers)):
                self.message_user(request, _("The request is decided; both houses are told."))
                return HttpResponseRedirect(self.address(asked))
        context = {
            "title": _("Decide the request"),
            "form": form,
            "rows": line_rows(form),
            "box": self._box(request, asked),
        }
        return self._page(request, "archive/request_decision.html", context, asked)

    def quote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = self._seen(request, pk)
        if not self._may_decide(request, asked):
            raise PermissionDenied
        form = QuoteForm(request.POST if request.method == "POST" else None, asked=asked)
        if request.method == "POST" and form.is_valid():
            answers = form.answers()
            if self.tried(request, lambda: quote_request(asked, actor=staff(request), **answers)):
                self.message_user(request, _("The prices are named; the other house is told."))
                return HttpResponseRedirect(self.address(asked))
        context = {"title": _("Name prices"), "form": form, "rows": line_rows(form), "box": self._box(request, asked)}
        return self._page(request, "archive/request_quote.html", context, asked)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = self._seen(request, pk)
        if asked.status not in OPEN or not may(staff(request), _ASK, asked.broadcaster_id):
            raise PermissionDenied

        def run(_answers: dict[str, Any]) -> None:
            withdraw_request(asked, actor=staff(request))
            self.message_user(request, _("The request is withdrawn."))

        return self.ask(request, asked, title=_("Withdraw the request"), run=run)

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        return [self._box(request, subject, deeds=True)]

    def _box(self, request: HttpRequest, asked: FootageRequest, *, deeds: bool = False) -> SafeString:
        licence = getattr(asked, "licence", None)
        lines = asked.lines.select_related("item", "segment")
        context = {
            "asked": asked,
            "state": label(asked.get_status_display(), LOOKS[asked.status]),
            "facts": [
                (_("requested by"), asked.broadcaster),
                (_("holder"), asked.holder),
                (_("for the production"), asked.production_title or "—"),
                (_("territories"), places(asked.territories)),
                (_("platforms"), platforms_said(asked.platforms)),
                (_("language versions"), ", ".join(asked.languages) or _("all languages")),
                (_("days"), days(asked.starts_at, asked.ends_at, asked.time_zone)),
                (_("exclusive"), _("yes") if asked.is_exclusive else _("no")),
                (_("module"), asked.module),
                (_("asked at"), moment(asked.created_at)),
                (_("decided at"), moment(asked.decided_at)),
            ],
            "lines": [
                {
                    "line": line,
                    "address": reverse("admin:archive_item_change", args=[line.item_id]),
                    "rights": reverse("admin:archive_item_usability", args=[line.item_id]),
                    "state": label(line.get_status_display(), LINE_LOOKS[LineStatus(line.status)]),
                }
                for line in lines
            ],
            "licence": licence,
            "licence_address": reverse("admin:archive_licence_change", args=[licence.pk]) if licence else "",
            "may_decide": deeds and self._may_decide(request, asked),
            "may_withdraw": deeds and asked.status in OPEN and may(staff(request), _ASK, asked.broadcaster_id),
        }
        return SafeString(render_to_string("archive/request.html", context, request))

    def _may_decide(self, request: HttpRequest, asked: FootageRequest) -> bool:
        return asked.status in OPEN and may(staff(request), _DECIDE, asked.holder_id)

    def _seen(self, request: HttpRequest, pk: int) -> FootageRequest:
        asked: FootageRequest | None = self.get_queryset(request).filter(pk=pk).first()
        if asked is None:
            raise Http404
        return asked

    def _wanted(self, request: HttpRequest) -> tuple[list[Item], Segment | None]:
        """The items that the address names by UID, and the segment among theirs that is asked for."""
        seen = Item.objects.visible_to(staff(request)).select_related("broadcaster")
        segment = Segment.objects.visible_to(request.user).filter(uid__in=_uids(request, "segment")).first()
        items = list(seen.filter(uid__in=_uids(request, "item")).order_by("pk")[:_MOST_ITEMS])
        if segment is not None and segment.item_id not in {item.pk for item in items}:
            items += seen.filter(pk=segment.item_id)
        return items, segment

    def _initial(self, request: HttpRequest, houses: QuerySet[Any]) -> dict[str, Any]:
        house = houses.first()
        today = timezone.localdate(timezone=ZoneInfo(house.time_zone if house else "UTC"))
        frames = [request.GET.get(name, "") for name in ("in_frame", "out_frame")]
        stretch = "–".join(frames) if all(each.isdecimal() for each in frames) else ""
        return {
            "broadcaster": house,
            "starts_on": today,
            "ends_on": today + timedelta(days=365),
            "territories": [house.country_code] if house else [],
            "platforms": ["television"],
            "note": _("frames %(stretch)s") % {"stretch": stretch} if stretch else "",
        }

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any], asked: FootageRequest | None = None
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        back = self.address(asked) if asked else reverse("admin:archive_footagerequest_changelist")
        form: forms.Form = context["form"]
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "original": asked, "back": back}
        return TemplateResponse(request, template, shared | {"media": self.media + form.media} | context)

    @display(description=_("purpose"))
    def what_for(self, asked: FootageRequest) -> str:
        return asked.production_title or asked.purpose[:80]

    @display(description=_("requested by"))
    def asker(self, asked: FootageRequest) -> str:
        return short_name(asked.broadcaster)

    @display(description=_("holder"))
    def asked_of(self, asked: FootageRequest) -> str:
        return short_name(asked.holder)

    @display(description=_("status"), ordering="status")
    def state(self, asked: FootageRequest) -> SafeString:
        return label(asked.get_status_display(), LOOKS[asked.status])

    @display(description=_("days"))
    def term(self, asked: FootageRequest) -> str:
        return days(asked.starts_at, asked.ends_at, asked.time_zone)

    @display(description=_("asked at"), ordering="created_at")
    def asked(self, asked: FootageRequest) -> str:
        return moment(asked.created_at)

    @display(description=_("answer of the holder"))
    def answer_shown(self, asked: FootageRequest) -> str:
        return asked.answer or "—"


def _uids(request: HttpRequest, name: str) -> list[UUID]:
    found = []
    for text in request.GET.getlist(name)[:_MOST_ITEMS]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
