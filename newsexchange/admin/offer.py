"""Offers, both ways: what waits for our answer, and what became of ours."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from broadcasters.models import Module
from broadcasters.permissions import may
from broadcasters.querysets import member_ids
from mediaexchange.core.models import User
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedAdmin, ReadOnly
from newsexchange.admin.marks import label, moment, two_lines
from newsexchange.admin.rights import answer_of
from newsexchange.admin.story_deeds import TakeForm, take_bars
from newsexchange.admin.story_inlines import OFFER_LOOK
from newsexchange.admin.story_rows import LONG_TEXTS, StoryRow, editions_without_texts
from newsexchange.constants import OPENING_OFFERS, OfferStatus, PubStatus
from newsexchange.models import Offer
from newsexchange.rights import decisions_for
from newsexchange.services.offer import decline_offer, take_offer, withdraw_offer
from newsexchange.services.resting import resting_between


class OfferList(ChangeList):
    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        listed = super().get_queryset(*args, **kwargs).defer(*LONG_TEXTS)
        return listed.prefetch_related(editions_without_texts("story__editions"))


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


def _shows_its_story(offer: Any) -> bool:
    return bool(offer.is_own) or offer.status in OPENING_OFFERS


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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Pages name what they are about in more places than these columns: crumbs, titles, questions."""
        offer = super().get_object(request, object_id, from_field)
        if offer is not None and not _shows_its_story(offer):
            offer.shown_as = str(self.name_of(offer))
        return offer

    def name_of(self, row: Any) -> object:
        """An offer that was declined or taken back shows its story no longer to those who received it."""
        return row.story if _shows_its_story(row) else _("a story that is no longer shown to you")

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

    @display(description=_("story"))
    def story_link(self, row: Any) -> SafeString | str:
        return super().story_link(row) if _shows_its_story(row) else str(self.name_of(row))

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
        top = {"title": capfirst(str(self.name_of(subject))), "facts": facts}
        return top | {"boxes": [_box(subject)]} if _shows_its_story(subject) else top


def _box(offer: Offer) -> SafeString:
    """On what conditions the house may take or has taken it, and whether new offers rest between the two."""
    is_readable = offer.story.pubstatus == PubStatus.USABLE and not offer.story.is_under_embargo()
    decision = decisions_for([offer.story], offer.to_broadcaster)[offer.story_id] if is_readable else None
    context = {
        "story": offer.story,
        "answer": answer_of(decision, offer.to_broadcaster) if decision else None,
        "resting": _resting(offer),
    }
    return render_to_string("newsexchange/offer_box.html", context)


def _resting(offer: Offer) -> Module | None:
    """The module of the offer, or whichever rests between its houses, unless it runs."""
    if offer.module is not None:
        return None if offer.module.is_running else offer.module
    return resting_between(offer.story.broadcaster_id, [offer.to_broadcaster_id]).get(offer.to_broadcaster_id)
