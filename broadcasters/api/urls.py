"""Addresses of organisations and agreements."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from broadcasters.api import views
from broadcasters.api.airings import AiringViewSet
from broadcasters.api.me import MeView

router = SimpleRouter(use_regex_path=False)
router.register("broadcasters", views.BroadcasterViewSet)
router.register("channels", views.ChannelViewSet)
router.register("places", views.PlaceViewSet)
router.register("people", views.PersonViewSet)
router.register("institutions", views.InstitutionViewSet)
router.register("memoranda", views.MemorandumViewSet)
router.register("modules", views.ModuleViewSet)
router.register("airings", AiringViewSet)

urlpatterns = [path("me/", MeView.as_view(), name="me")]
