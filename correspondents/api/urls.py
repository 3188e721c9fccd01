"""Addresses of correspondents."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from correspondents.api.assignments import AssignmentViewSet
from correspondents.api.correspondents import CorrespondentViewSet, OwnCorrespondenceView
from correspondents.api.country_requirements import CountryRequirementViewSet
from correspondents.api.coverage_wishes import CoverageWishViewSet
from correspondents.api.hand_overs import HandOverViewSet
from correspondents.api.kits import KitBookingViewSet, KitViewSet
from correspondents.api.papers import PaperViewSet
from correspondents.api.planned_events import PlannedEventViewSet

router = SimpleRouter(use_regex_path=False)
router.register("correspondents", CorrespondentViewSet)
router.register("country-requirements", CountryRequirementViewSet)
router.register("papers", PaperViewSet)
router.register("assignments", AssignmentViewSet)
router.register("hand-overs", HandOverViewSet)
router.register("kits", KitViewSet)
router.register("kit-bookings", KitBookingViewSet)
router.register("planned-events", PlannedEventViewSet)
router.register("coverage-wishes", CoverageWishViewSet)

urlpatterns = [path("me/correspondent/", OwnCorrespondenceView.as_view(), name="me-correspondent")]
