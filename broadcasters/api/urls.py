"""Addresses of organisations and agreements."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from broadcasters.api import views
from broadcasters.api.airing_imports import AiringImportViewSet
from broadcasters.api.airing_matches import AiringMatchViewSet
from broadcasters.api.airings import AiringViewSet
from broadcasters.api.audience_figures import AudienceFigureViewSet
from broadcasters.api.briefs import BriefSubscriptionViewSet, MemorandumBriefView
from broadcasters.api.claims import ClaimTopicViewSet, ClaimViewSet
from broadcasters.api.clauses import ClauseViewSet, MemorandumTextViewSet
from broadcasters.api.events import DiplomaticEventViewSet
from broadcasters.api.guidelines import GuidelineViewSet
from broadcasters.api.initiatives import InitiativeMilestoneViewSet, InitiativeViewSet, ResultViewSet
from broadcasters.api.me import MeView
from broadcasters.api.memoranda import MemorandumViewSet
from broadcasters.api.minutes import MinutesViewSet
from broadcasters.api.module_reviews import ModuleReviewViewSet
from broadcasters.api.modules import ModuleViewSet
from broadcasters.api.obligations import ObligationViewSet

router = SimpleRouter(use_regex_path=False)
router.register("broadcasters", views.BroadcasterViewSet)
router.register("channels", views.ChannelViewSet)
router.register("places", views.PlaceViewSet)
router.register("people", views.PersonViewSet)
router.register("institutions", views.InstitutionViewSet)
router.register("memoranda", MemorandumViewSet)
router.register("memorandum-texts", MemorandumTextViewSet)
router.register("clauses", ClauseViewSet)
router.register("minutes", MinutesViewSet)
router.register("modules", ModuleViewSet)
router.register("module-reviews", ModuleReviewViewSet)
router.register("initiatives", InitiativeViewSet)
router.register("initiative-milestones", InitiativeMilestoneViewSet)
router.register("initiative-results", ResultViewSet)
router.register("guidelines", GuidelineViewSet)
router.register("obligations", ObligationViewSet)
router.register("events", DiplomaticEventViewSet)
router.register("claims", ClaimViewSet)
router.register("claim-topics", ClaimTopicViewSet)
router.register("airings", AiringViewSet)
router.register("airing-imports", AiringImportViewSet)
router.register("airing-matches", AiringMatchViewSet)
router.register("audience-figures", AudienceFigureViewSet)
router.register("brief-subscriptions", BriefSubscriptionViewSet)

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("memoranda/<slug:slug>/brief/", MemorandumBriefView.as_view(), name="memorandum-brief"),
]
