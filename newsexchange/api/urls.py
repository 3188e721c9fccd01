"""Addresses of the news exchange."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from newsexchange.api.changes import ChangesView
from newsexchange.api.deliveries import DeliveryViewSet
from newsexchange.api.documents import StoryDocumentsView, StoryDocumentView
from newsexchange.api.feeds import FeedViewSet
from newsexchange.api.filing import StoryFiledViewSet
from newsexchange.api.inbound import InboundDeliveryView, InboundView
from newsexchange.api.media import StoryMediaView
from newsexchange.api.near_duplicates import NearDuplicatesView
from newsexchange.api.offers import OfferViewSet, TakeViewSet
from newsexchange.api.quarantine import QuarantineViewSet
from newsexchange.api.recalls import RecallNoticeViewSet, RecallViewSet
from newsexchange.api.requests import StoryRequestViewSet
from newsexchange.api.subscriptions import SubscriptionViewSet
from newsexchange.api.translations import StoryTranslationsView, TranslationViewSet
from newsexchange.api.usability import RestrictionsView, UsabilityView
from newsexchange.api.uses import UseViewSet
from newsexchange.api.views import StoryViewSet

router = SimpleRouter(use_regex_path=False)
router.register("stories", StoryViewSet, basename="story")
router.register("offers", OfferViewSet)
router.register("takes", TakeViewSet)
router.register("requests", StoryRequestViewSet, basename="request")
router.register("uses", UseViewSet)
router.register("translations", TranslationViewSet, basename="translation")
router.register("recalls", RecallViewSet)
router.register("recall-notices", RecallNoticeViewSet, basename="recall-notice")
router.register("feeds", FeedViewSet)
router.register("subscriptions", SubscriptionViewSet)
router.register("deliveries", DeliveryViewSet)
router.register("stories-filed", StoryFiledViewSet)
router.register("quarantine", QuarantineViewSet, basename="quarantine")

urlpatterns = [
    path("changes/", ChangesView.as_view(), name="changes"),
    path("inbound/<slug:slug>/", InboundView.as_view(), name="inbound"),
    path("inbound/<slug:slug>/<uuid:uid>/", InboundDeliveryView.as_view(), name="inbound-delivery"),
    path("stories/<uuid:uid>/near-duplicates/", NearDuplicatesView.as_view(), name="story-near-duplicates"),
    path("stories/<uuid:uid>/documents/", StoryDocumentsView.as_view(), name="story-documents"),
    path("stories/<uuid:uid>/documents/<str:document>/", StoryDocumentView.as_view(), name="story-document"),
    path("stories/<uuid:uid>/usability/", UsabilityView.as_view(), name="story-usability"),
    path("stories/<uuid:uid>/restrictions/", RestrictionsView.as_view(), name="story-restrictions"),
    path("stories/<uuid:uid>/translations/", StoryTranslationsView.as_view(), name="story-translations"),
    path("stories/<uuid:uid>/media/", StoryMediaView.as_view(), name="story-media"),
]
