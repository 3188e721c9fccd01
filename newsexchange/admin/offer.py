"""Offers, both ways: what waits for our answer, and what became of ours."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from broadcasters.permissions import may
from broadcasters.querysets import member_ids
from mediaexchange.core.models import User
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedAdmin, ReadOnly
from newsexchange.admin.marks import label, moment, two_lines
from newsexchange.admin.story_deeds import TakeForm, take_bars
from newsexchange.admin.story_inlines import OFFER_LOOK
from newsexchange.admin.story_rows import LONG_TEXTS, StoryRow
from newsexchange.constants import OPENING_OFFERS, OfferStatus, PubStatus
from newsexchange.models import Offer
from newsexchange.services.offer import decline_offer, take_offer, withdraw_offer


class OfferList(ChangeList):
    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        return super().get_queryset(*args, **kwargs).defer(*LONG_TEXTS)


def _waits_for_answer(user: User, offer: Offer) -> bool:
    story = offer.story
    is_readable = story.pubstatus == PubStatus.USABLE and not story.is_under_embargo()
    return (
        offer.status == OfferStatus.OPEN
        and is_readable
        and may(user, "newsexchange.answer_offer", offer.to_broadcaster_id)
    )


def _is_ours_and_open(user: User, offer: Offer) -> bool:
    return offer.status == OfferStatus.OPEN and may(user, "newsexchange.offer_story", offer.story.broadcaster_id)


def _take(offer: Offer, user: User, answers: dict[str, Any]) -> None:
    take_offer(offer, actor=user, accepts_credit=answers["accepts_credit"])


def _decline(offer: Offer, user: User, answers: dict[str, Any]) -> None:
    decline_offer(offer, actor=user)


def _withdraw(offer: Offer, user: User, answers: dict[str, Any]) -> None:
    withdraw_offer(offer, actor=user)


@admin.register(Offer)
class OfferAdmin(StoryRow, ReadOnly, DeedAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        is_own = Q(story__broadcaster__in=member_ids(request.user))
        own = ExpressionWrapper(is_own, BooleanField())
        offers: QuerySet[Any] = super().get_queryset(request).annotate(is_own=own)
        return offers

    def name_of(self, row: Any) -> object:
        """An offer that was declined or taken back shows its story no longer to those who received it."""
        return row.story if row.is_own or row.status in OPENING_OFFERS else row.story.uid

    deeds = (
        Deed(
            "take", _("Take…"), "newsexchange.answer_offer", _waits_for_answer, _take, _("The story is taken."),
            icon="move_to_inbox", look="primary", form=TakeForm, template="newsexchange/take_story.html",
            bars=take_bars,
        ),
        Deed(
            "decline", _("Decline"), "newsexchange.answer_offer", _waits_for_answer, _decline,
            _("The offer is declined."), icon="do_not_disturb_on",
        ),
        Deed(
            "withdraw", _("Withdraw"), "newsexchange.offer_story", _is_ours_and_open, _withdraw,
            _("The offer is withdrawn."), icon="undo",
        ),
    )  # fmt: skip
    list_display = ("title", "origin", "to_broadcaster", "state", "module", "offered", "answered")
    list_display_links = ("title",)
    list_select_related = ("story", "story__broadcaster", "to_broadcaster", "module")
    list_filter = (
        filters.WhichOfferFilter, filters.UsableStoryFilter, filters.OfferStatusFilter, filters.StoryOriginFilter,
        filters.OfferedToFilter, filters.OfferedSinceFilter, filters.OfferedFilter,
    )  # fmt: skip
    fields = ("story_link", "origin", "to_broadcaster", "module", "offered", "answered")
    readonly_fields = fields

    @display(description=_("status"), ordering="status")
    def state(self, offer: Offer) -> SafeString:
        return label(offer.get_status_display(), OFFER_LOOK[OfferStatus(offer.status)])

    @display(description=_("offered at"), ordering="offered_at")
    def offered(self, offer: Offer) -> str:
        return moment(offer.offered_at)

    @display(description=_("answered at"), ordering="answered_at")
    def answered(self, offer: Offer) -> str:
        return moment(offer.answered_at)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OfferList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Opened plainly, the list shows what waits for an answer."""
        if request.method == "GET" and not request.GET:
            return HttpResponseRedirect(f"{request.path}?which=to-answer")
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def top_of(self, request: HttpRequest, subject: Model) -> dict[str, Any]:
        assert isinstance(subject, Offer)
        facts = [
            (_("status"), self.state(subject)),
            (_("origin"), two_lines(subject.story.broadcaster, subject.story.broadcaster.get_ownership_display())),
            (_("offered to"), subject.to_broadcaster),
        ]
        return {"title": str(self.name_of(subject)), "facts": facts}
