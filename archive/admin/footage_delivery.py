"""Deliveries of footage with their progress: downloaded, confirmed, tried again; and uses, which are taken back."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from archive.admin.base import ReadOnlyAdmin, clock, moment, short_name
from archive.admin.filters import ByChoice, ByWord
from archive.admin.footage_words import DELIVERY_LOOKS, ReasonForm, footage_clock, meter
from archive.constants import DeliveryStatus, StepError
from archive.models import FootageDelivery, GrantUse
from archive.services.delivery import confirm_receipt, retry_delivery, revoke_delivery
from archive.services.delivery_link import delivery_link
from archive.services.use import take_back_use
from broadcasters.permissions import may
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.models import User
from mediaexchange.core.rights.words import platform_label
from mediaexchange.core.sizes import size_in_words

_FETCH = "archive.add_footagedelivery"
_CLOSED = (DeliveryStatus.REVOKED, DeliveryStatus.ENDED)


class DirectionFilter(ByWord):
    title, parameter_name = _("direction"), "direction"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {
            "ours": (_("delivered to us"), Q(broadcaster__in=member_ids(user))),
            "given": (_("delivered by us"), Q(grant__item__broadcaster__in=member_ids(user))),
        }


class DeliveryStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", DeliveryStatus


@admin.register(FootageDelivery)
class FootageDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("footage", "to", "state", "progress", "downloads_said", "receipt", "ordered")
    list_display_links = ("footage",)
    list_select_related = ("grant__item__broadcaster", "grant__licence", "broadcaster")
    list_filter = (DirectionFilter, DeliveryStatusFilter)
    fields = ("log_said",)
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        deeds = [
            path(f"<int:pk>/{deed}/", view(getattr(self, f"{deed}_view")), name=f"archive_footagedelivery_{deed}")
            for deed in ("download", "receipt", "retry", "revoke")
        ]
        return [*deeds, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("grant__item__broadcaster", "grant__licence", "broadcaster")

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        user = staff(request)
        is_ours = may(user, _FETCH, subject.broadcaster_id)
        context = {
            "delivery": subject,
            "state": self.state(subject),
            "grant_address": reverse("admin:archive_grant_change", args=[subject.grant_id]),
            "is_waiting": subject.status == DeliveryStatus.WAITING,
            "facts": [
                (_("holder"), subject.grant.item.broadcaster),
                (_("delivered to"), subject.broadcaster),
                (_("stretch"), _stretch(subject)),
                (_("length"), clock(subject.duration_ms)),
                (_("size"), size_in_words(subject.size_bytes)),
                ("SHA-256", subject.sha256 or "—"),
                (_("downloads"), self.downloads_said(subject)),
                (_("receipt confirmed at"), moment(subject.received_at)),
                *([(_("reason"), error_said(subject.error))] if subject.error else []),
            ],
            "may_download": is_ours and subject.status == DeliveryStatus.READY,
            "may_confirm": is_ours and subject.downloads_used and subject.received_at is None,
            "may_retry": is_ours and subject.status == DeliveryStatus.FAILED,
            "may_revoke": subject.status not in _CLOSED
            and may(user, "archive.change_grant", subject.grant.item.broadcaster_id),
        }
        return [SafeString(render_to_string("archive/delivery.html", context, request))]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """By POST, for it makes a link; then straight to the bytes."""
        delivery = self._seen(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        made: list[str] = []
        self.tried(request, lambda: made.append(delivery_link(delivery, user=staff(request))[0]))
        return HttpResponseRedirect(next(iter(made), self.address(delivery)))

    def receipt_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._do(request, pk, confirm_receipt, _("The holder is told that it has arrived."))

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._do(request, pk, retry_delivery, _("It is prepared again."))

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._do(request, pk, revoke_delivery, _("The delivery is revoked; its links are closed."))

    def _do(self, request: HttpRequest, pk: int, deed: Any, done: Any) -> HttpResponse:
        delivery = self._seen(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if self.tried(request, lambda: deed(delivery, actor=staff(request))):
            self.message_user(request, done)
        return HttpResponseRedirect(self.address(delivery))

    def _seen(self, request: HttpRequest, pk: int) -> FootageDelivery:
        delivery: FootageDelivery | None = self.get_queryset(request).filter(pk=pk).first()
        if delivery is None:
            raise Http404
        return delivery

    @display(description=_("footage"))
    def footage(self, delivery: FootageDelivery) -> str:
        return f"{delivery.grant.item} · {_stretch(delivery)}"

    @display(description=_("delivered to"))
    def to(self, delivery: FootageDelivery) -> str:
        return short_name(delivery.broadcaster)

    @display(description=_("status"), ordering="status")
    def state(self, delivery: FootageDelivery) -> SafeString:
        return label(delivery.get_status_display(), DELIVERY_LOOKS[delivery.status])

    @display(description=_("progress in per cent"))
    def progress(self, delivery: FootageDelivery) -> SafeString | str:
        return meter(delivery.progress_percent, 100) if delivery.status == DeliveryStatus.WAITING else "—"

    @display(description=_("downloads"))
    def downloads_said(self, delivery: FootageDelivery) -> str:
        return f"{delivery.downloads_used} / {delivery.max_downloads}"

    @display(description=_("receipt confirmed at"))
    def receipt(self, delivery: FootageDelivery) -> str:
        return moment(delivery.received_at)

    @display(description=_("ordered"), ordering="created_at")
    def ordered(self, delivery: FootageDelivery) -> str:
        return moment(delivery.created_at)

    @display(description=_("log"))
    def log_said(self, delivery: FootageDelivery) -> str:
        return delivery.log or "—"


@admin.register(GrantUse)
class GrantUseAdmin(ReadOnlyAdmin):
    list_display = ("footage", "by", "on", "at", "seconds", "counted")
    list_display_links = ("footage",)
    list_select_related = ("grant__item", "grant__licence", "broadcaster")
    fields = ("footage", "by", "on", "at", "seconds", "counted", "note_said")
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.take_back_view)
        return [path("<int:pk>/take-back/", view, name="archive_grantuse_take_back"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("grant__item", "grant__licence", "broadcaster")

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        is_ours = may(staff(request), "archive.add_grantuse", subject.broadcaster_id)
        context = {
            "use": subject,
            "grant_address": reverse("admin:archive_grant_change", args=[subject.grant_id]),
            "may_take_back": is_ours and subject.taken_back_at is None,
        }
        return [SafeString(render_to_string("archive/use.html", context, request))]

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        use: GrantUse | None = self.get_queryset(request).filter(pk=pk).first()
        if use is None:
            raise Http404
        if not may(staff(request), "archive.add_grantuse", use.broadcaster_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            take_back_use(use, actor=staff(request), reason=answers["reason"])
            self.message_user(request, _("The use is taken back and counts no longer."))

        return self.ask(request, use, title=_("Take the report back"), form=ReasonForm, run=run)

    @display(description=_("footage"))
    def footage(self, use: GrantUse) -> str:
        return f"{use.grant.item} · {use.grant.licence.number}" if use.grant.licence else str(use.grant.item)

    @display(description=_("used by"))
    def by(self, use: GrantUse) -> str:
        return short_name(use.broadcaster)

    @display(description=_("platform"))
    def on(self, use: GrantUse) -> str:
        return platform_label(use.platform)

    @display(description=_("started at"), ordering="started_at")
    def at(self, use: GrantUse) -> str:
        return moment(use.started_at)

    @display(description=_("length"))
    def seconds(self, use: GrantUse) -> str:
        return clock(use.used_ms)

    @display(description=_("counted"))
    def counted(self, use: GrantUse) -> SafeString:
        if use.taken_back_at:
            return label(_("taken back"), "danger")
        return label(_("repeat"), "info") if use.is_repeat else label(_("run"), "success")

    @display(description=_("note"))
    def note_said(self, use: GrantUse) -> str:
        return " · ".join(filter(None, (use.note, use.taken_back_reason))) or "—"


def error_said(code: str) -> str:
    """Why a clip could not be cut, in the reader's language."""
    return str(StepError(code).label) if code in StepError.values else code


def _stretch(delivery: FootageDelivery) -> str:
    if delivery.in_ms is None or delivery.out_ms is None:
        return str(_("the whole file"))
    return f"{footage_clock(delivery.in_ms)} – {footage_clock(delivery.out_ms)}"
