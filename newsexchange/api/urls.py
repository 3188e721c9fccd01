"""Addresses of the news exchange."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from newsexchange.api import views
from newsexchange.api.changes import ChangesView
from newsexchange.api.media import StoryMediaView

router = SimpleRouter(use_regex_path=False)
router.register("stories", views.StoryViewSet, basename="story")
router.register("offers", views.OfferViewSet)
router.register("takes", views.TakeViewSet)
router.register("recalls", views.RecallViewSet)
router.register("recall-notices", views.RecallNoticeViewSet, basename="recall-notice")
router.register("feeds", views.FeedViewSet)
router.register("quarantine", views.QuarantineViewSet, basename="quarantine")

urlpatterns = [
    path("changes/", ChangesView.as_view(), name="changes"),
    path("stories/<uuid:uid>/media/", StoryMediaView.as_view(), name="story-media"),
]
