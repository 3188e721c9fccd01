"""The two ledgers: every telling of every event, and every document that partners pushed."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.paginator import InfinitePaginator
from unfold.views import ChangeList

from broadcasters.permissions import may, permissions_of, roles_of
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User
from newsexchange.admin import filters, ledger_filters
from newsexchange.admin.deeds import Deed, DeedAdmin, ReadOnly
from newsexchange.admin.marks import in_english, label, moment, two_lines
from newsexchange.constants import DeliveryStatus, Destination, InboundStatus, QuarantineReason
from newsexchange.event_words import error_in_words, event_in_words
from newsexchange.models import Delivery, InboundDelivery, Story
from newsexchange.services.replay_delivery import replay_deliveries

_REPLAY = "newsexchange.replay_delivery"
_LOOK = {
    DeliveryStatus.PENDING: "info",
    DeliveryStatus.DELIVERED: "success",
    DeliveryStatus.FAILED: "danger",
    DeliveryStatus.CANCELED: "",
}
_INBOUND_LOOK = {InboundStatus.WAITING: "info", InboundStatus.STORED: "success", InboundStatus.PARKED: "danger"}


class LedgerList(ChangeList):
    """Names the stories of a page in one question; what the reader does not see stays an identity."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        own = roles_of(staff(request))
        rows: list[Any] = list(self.result_list)  # type: ignore[has-type]
        seen = Story.objects.visible_to(request.user).filter(uid__in={row.subject_uid for row in rows})
        stories = dict(seen.values_list("uid", "pk"))
        for row in rows:
            row.story_pk, row.is_mine = stories.get(row.subject_uid), row.subscription.broadcaster_id in own
        self.result_list = rows


def what_of(delivery: Delivery) -> str:
    """What the delivery tells of, in the reader's language."""
    return event_in_words(delivery.event.kind, str(delivery.event.data.get("recall_kind", "")))


def _may_replay(user: User, delivery: Delivery) -> bool:
    """A subscriber its own; whoever sees another's sees it as the story's origin, and the service asks that again.

    Nobody has another's mail sent again.
    """
    if delivery.subscription.broadcaster_id in roles_of(user):
        return may(user, _REPLAY, delivery.subscription.broadcaster_id)
    return delivery.subscription.destination != Destination.EMAIL and _REPLAY in permissions_of(user)


def _replay(delivery: Delivery, user: User, answers: dict[str, Any]) -> None:
    replay_deliveries([delivery.uid], actor=user)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, DeedAdmin):
    """Nothing is counted here: the ledger grows by every event for every subscriber."""

    deeds = (
        Deed(
            "replay", _("Send again"), _REPLAY, _may_replay, _replay, _("It is sent again, under the id it had."),
            icon="replay", look="primary",
        ),
    )  # fmt: skip
    list_display = ("told", "subscriber", "story", "state", "attempts", "answer", "created")
    list_display_links = ("told",)
    list_select_related = ("subscription__broadcaster", "event")
    list_filter = (
        ledger_filters.LedgerFilter, ledger_filters.DeliveryStateFilter,
        ledger_filters.SubscriptionFilter, ledger_filters.DestinationOfFilter,
    )  # fmt: skip
    search_fields = ("subject_uid",)
    search_help_text = _("The UID of a story.")
    paginator = InfinitePaginator
    fields = (
        "uid",
        "subscriber",
        "told",
        "identity",
        "state",
        "attempts",
        "due",
        "created",
        "finished",
        "answer",
        "tries",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("subscription__broadcaster", "event")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        delivery = super().get_object(request, object_id, from_field)
        if delivery is not None:
            delivery.is_mine = delivery.subscription.broadcaster_id in roles_of(staff(request))
        return delivery

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LedgerList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term:
            return queryset, False
        try:
            return queryset.filter(subject_uid=UUID(search_term.strip())), False
        except ValueError:
            return queryset.none(), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Opened plainly, the list shows what went to one's own newsroom."""
        if request.method == "GET" and not request.GET:
            return HttpResponseRedirect(f"{request.path}?whose=mine")
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    @display(description=_("event"))
    def told(self, delivery: Delivery) -> SafeString:
        version = delivery.event.subject_version
        return two_lines(what_of(delivery), _("version %(number)d") % {"number": version} if version else "")

    @display(description=_("subscriber"))
    def subscriber(self, delivery: Any) -> SafeString:
        """To the origin of a story only whose subscription it is."""
        name = delivery.subscription.name if delivery.is_mine else ""
        return two_lines(delivery.subscription.broadcaster, name)

    @display(description=_("story"))
    def story(self, delivery: Any) -> SafeString | str:
        short = f"{str(delivery.subject_uid)[:8]}…"
        if delivery.story_pk is None:
            return short
        address = reverse("admin:newsexchange_story_change", args=[delivery.story_pk])
        return format_html('<a class="mx-link" href="{}" title="{}">{}</a>', address, delivery.subject_uid, short)

    @display(description=_("subject UID"))
    def identity(self, delivery: Delivery) -> str:
        return str(delivery.subject_uid)

    @display(description=_("status"), ordering="status")
    def state(self, delivery: Delivery) -> SafeString:
        if delivery.status == DeliveryStatus.PENDING and delivery.attempts:
            return label(_("tried again"), "warning", moment(delivery.due_at))
        return label(delivery.get_status_display(), _LOOK[DeliveryStatus(delivery.status)])

    @display(description=_("answer"))
    def answer(self, delivery: Any) -> SafeString | str:
        if not delivery.is_mine:
            return "—"
        return two_lines(delivery.response_status or "—", error_in_words(delivery.error))

    @display(description=_("due at"))
    def due(self, delivery: Delivery) -> str:
        return moment(delivery.due_at)

    @display(description=_("created at"), ordering="id")
    def created(self, delivery: Delivery) -> str:
        return moment(delivery.created_at)

    @display(description=_("finished at"))
    def finished(self, delivery: Delivery) -> str:
        return moment(delivery.finished_at)

    @display(description=_("failed attempts"))
    def tries(self, delivery: Any) -> SafeString | str:
        attempts = delivery.failed_attempts.all() if delivery.is_mine else ()
        rows = (
            (each.number, moment(each.at), each.response_status or "—", in_english(each.error)) for each in attempts
        )
        body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html('<table class="mx-table"><tbody>{}</tbody></table>', body) if body else "—"

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [(_("status"), self.state(subject)), (_("subscriber"), self.subscriber(subject))]
        return {"title": what_of(subject), "facts": facts}


_RESULTS = {
    "created": _("created"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "outdated": _("older than what is stored"),
    "recalled": _("recalled"),
    "left-out": _("left out"),
    "quarantined": _("in quarantine"),
    "empty": _("without entries"),
}
_REASONS = dict(QuarantineReason.choices)


@admin.register(InboundDelivery)
class InboundDeliveryAdmin(ReadOnly, DeedAdmin):
    list_display = ("message", "feed", "state", "attempts", "became", "received")
    list_display_links = ("message",)
    list_select_related = ("feed",)
    list_filter = (ledger_filters.InboundStateFilter, filters.FeedFilter)
    search_fields = ("message_id",)
    paginator = InfinitePaginator
    fields = ("message_id", "feed", "state", "attempts", "content_type", "received", "finished", "results")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("payload").select_related("feed")

    @display(description=_("message"))
    def message(self, delivery: InboundDelivery) -> SafeString:
        return format_html('<span class="mx-address">{}</span>', delivery.message_id)

    @display(description=_("status"))
    def state(self, delivery: InboundDelivery) -> SafeString:
        return label(delivery.get_status_display(), _INBOUND_LOOK[InboundStatus(delivery.status)])

    @display(description=_("outcomes"))
    def became(self, delivery: InboundDelivery) -> str:
        results = [str(each.get("result", "")) for each in delivery.outcomes]
        counted = (f"{_RESULTS.get(result, result)} × {results.count(result)}" for result in sorted(set(results)))
        return ", ".join(counted) or "—"

    @display(description=_("outcomes"))
    def results(self, delivery: InboundDelivery) -> SafeString | str:
        rows = (
            (
                _RESULTS.get(each.get("result", ""), each.get("result", "")),
                each.get("guid", ""),
                each.get("story") or "",
                _REASONS.get(each.get("reason", ""), each.get("reason", "")),
            )
            for each in delivery.outcomes
        )
        body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html('<table class="mx-table"><tbody>{}</tbody></table>', body) if body else "—"

    @display(description=_("received at"), ordering="id")
    def received(self, delivery: InboundDelivery) -> str:
        return moment(delivery.received_at)

    @display(description=_("finished at"))
    def finished(self, delivery: InboundDelivery) -> str:
        return moment(delivery.finished_at)

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [(_("status"), self.state(subject)), (_("feed"), subject.feed), (_("outcomes"), self.became(subject))]
        return {"title": subject.message_id, "facts": facts}
