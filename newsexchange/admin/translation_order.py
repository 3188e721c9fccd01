"""Machine translations: the queue of one's own house."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from broadcasters.permissions import may
from mediaexchange.core.languages.tags import LANGUAGES
from mediaexchange.core.models import User
from newsexchange.admin.deeds import Deed, DeedAdmin, ReadOnly
from newsexchange.admin.filters import ByRecord, ByWord
from newsexchange.admin.marks import label, moment, two_lines
from newsexchange.admin.translation_review import ReviewPages
from newsexchange.constants import OrderStatus, PubStatus
from newsexchange.models import TranslationOrder, TranslationProvider
from newsexchange.services.translation_order import ORDER, cancel_order, order_translation

_AUTONYMS = {language.code: language.autonym for language in LANGUAGES}
_LOOK = {
    OrderStatus.QUEUED: "",
    OrderStatus.WORKING: "",
    OrderStatus.DONE: "info",
    OrderStatus.APPROVED: "success",
    OrderStatus.REJECTED: "warning",
    OrderStatus.FAILED: "danger",
    OrderStatus.CANCELED: "",
}
_OPEN = (OrderStatus.QUEUED, OrderStatus.WORKING, OrderStatus.DONE)


class OrderStatusFilter(ByWord):
    title, parameter_name = _("status"), "status"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(status=value)) for value in OrderStatus}


class TargetFilter(ByWord):
    title, parameter_name = _("into"), "into"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        seen = TranslationOrder.objects.visible_to(user).order_by("target_language")
        codes = seen.values_list("target_language", flat=True).distinct()
        return {code: (_AUTONYMS.get(code, code), Q(target_language=code)) for code in codes}


class ProviderFilter(ByRecord):
    title, parameter_name, column = _("service"), "service", "provider"

    def records(self, user: User) -> QuerySet:
        return TranslationProvider.objects.visible_to(user)


def _may_order(user: User, order: TranslationOrder) -> bool:
    return order.story.pubstatus != PubStatus.CANCELED and may(user, ORDER, order.story.broadcaster_id)


def _cancel(order: TranslationOrder, user: User, answers: dict[str, Any]) -> None:
    cancel_order(order, actor=user)


def _again(order: TranslationOrder, user: User, answers: dict[str, Any]) -> None:
    order_translation(order.story, order.target_language, actor=user)


@admin.register(TranslationOrder)
class TranslationOrderAdmin(ReviewPages, ReadOnly, DeedAdmin):
    deeds = (
        Deed(
            "again", _("Order again"), ORDER,
            lambda user, order: order.status not in (*_OPEN, OrderStatus.APPROVED) and _may_order(user, order),
            _again, _("The machine translation is ordered."), icon="refresh", look="primary",
        ),
        Deed(
            "cancel", _("Call off"), ORDER,
            lambda user, order: order.status in _OPEN and may(user, ORDER, order.story.broadcaster_id),
            _cancel, _("The machine translation is called off."), icon="cancel",
        ),
    )  # fmt: skip
    list_display = ("titled", "languages", "state", "service", "ordered", "finished")
    list_display_links = ("titled",)
    list_select_related = ("story", "provider", "requested_by")
    list_filter = (OrderStatusFilter, TargetFilter, ProviderFilter)
    search_fields = ("story__headline_sr", "story__headline_kk", "story__headline_ru", "story__headline_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("story", "provider", "requested_by").prefetch_related("story__editions")

    def has_history_permission(self, request: HttpRequest, obj: Model) -> bool:
        return bool(self.has_view_permission(request, obj))

    @display(description=_("story"))
    def titled(self, order: TranslationOrder) -> SafeString:
        return two_lines(order.story, order.requested_by or "—")

    @display(description=_("languages"), ordering="target_language")
    def languages(self, order: TranslationOrder) -> str:
        return pair_of(order)

    @display(description=_("status"), ordering="status")
    def state(self, order: TranslationOrder) -> SafeString:
        return state_of(order)

    @display(description=_("service"))
    def service(self, order: TranslationOrder) -> str:
        return order.tool or "—"

    @display(description=_("ordered at"), ordering="created_at")
    def ordered(self, order: TranslationOrder) -> str:
        return moment(order.created_at)

    @display(description=_("finished at"), ordering="finished_at")
    def finished(self, order: TranslationOrder) -> str:
        return moment(order.finished_at)

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [
            (_("status"), state_of(subject)),
            (_("languages"), pair_of(subject)),
            (_("service"), subject.tool or "—"),
            (_("ordered at"), two_lines(moment(subject.created_at), subject.requested_by or "—")),
            (_("finished at"), moment(subject.finished_at)),
        ]
        if subject.error:
            facts.append((_("error"), two_lines(subject.get_error_display(), subject.error_detail)))
        if subject.reviewed_at:
            facts.append((_("reviewer"), two_lines(subject.reviewed_by, moment(subject.reviewed_at))))
        if subject.reason:
            facts.append((_("reason"), subject.reason))
        return {"title": subject.story, "facts": facts}


def pair_of(order: TranslationOrder) -> str:
    return " → ".join(_AUTONYMS.get(code, code) for code in (order.source_language, order.target_language))


def state_of(order: TranslationOrder) -> SafeString:
    said = str(order.get_error_display()) if order.error else ""
    return label(order.get_status_display(), _LOOK[OrderStatus(order.status)], said)
