"""Addresses of the news exchange."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from newsexchange.api import views
from newsexchange.api.changes import ChangesView
from newsexchange.api.documents import StoryDocumentsView, StoryDocumentView
from newsexchange.api.media import StoryMediaView
from newsexchange.api.requests import StoryRequestViewSet
from newsexchange.api.uses import UseViewSet

router = SimpleRouter(use_regex_path=False)
router.register("stories", views.StoryViewSet, basename="story")
router.register("offers", views.OfferViewSet)
router.register("takes", views.TakeViewSet)
router.register("requests", StoryRequestViewSet, basename="request")
router.register("uses", UseViewSet)
router.register("recalls", views.RecallViewSet)
router.register("recall-notices", views.RecallNoticeViewSet, basename="recall-notice")
router.register("feeds", views.FeedViewSet)
router.register("quarantine", views.QuarantineViewSet, basename="quarantine")

urlpatterns = [
    path("changes/", ChangesView.as_view(), name="changes"),
    path("stories/<uuid:uid>/documents/", StoryDocumentsView.as_view(), name="story-documents"),
    path("stories/<uuid:uid>/documents/<str:document>/", StoryDocumentView.as_view(), name="story-document"),
    path("stories/<uuid:uid>/media/", StoryMediaView.as_view(), name="story-media"),
]
