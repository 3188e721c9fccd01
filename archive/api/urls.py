"""Addresses of the archive."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from archive.api.catalogue_imports import CatalogueImportViewSet
from archive.api.collections import CollectionViewSet, SeriesViewSet
from archive.api.footage_deliveries import FootageDeliveryViewSet
from archive.api.footage_requests import FootageRequestViewSet
from archive.api.footage_uses import FootageUseViewSet
from archive.api.grants import GrantViewSet
from archive.api.instantiations import InstantiationViewSet
from archive.api.item_documents import ItemDocumentView, ItemExportView
from archive.api.items import ItemViewSet
from archive.api.licences import LicenceViewSet
from archive.api.media import ItemMediaView
from archive.api.preservation_events import PreservationEventViewSet
from archive.api.segments import SegmentViewSet
from archive.api.shot_lists import ShotListView
from archive.api.texts import TextViewSet
from archive.api.uploads import UploadViewSet
from archive.api.usability import ItemUsabilityView, SegmentUsabilityView

router = SimpleRouter(use_regex_path=False)
router.register("items", ItemViewSet)
router.register("collections", CollectionViewSet)
router.register("series", SeriesViewSet)
router.register("instantiations", InstantiationViewSet)
router.register("segments", SegmentViewSet)
router.register("texts", TextViewSet, basename="text")
router.register("preservation-events", PreservationEventViewSet, basename="preservation-event")
router.register("uploads", UploadViewSet)
router.register("catalogue-imports", CatalogueImportViewSet, basename="catalogue-import")
router.register("footage-requests", FootageRequestViewSet, basename="footage-request")
router.register("licences", LicenceViewSet)
router.register("grants", GrantViewSet)
router.register("footage-deliveries", FootageDeliveryViewSet, basename="footage-delivery")
router.register("footage-uses", FootageUseViewSet, basename="footage-use")

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/export/", ItemExportView.as_view(), name="items-export"),
    path("items/<uuid:uid>/documents/<str:document>/", ItemDocumentView.as_view(), name="item-document"),
    path("items/<uuid:uid>/shot-list/", ShotListView.as_view(), name="item-shot-list"),
    path("items/<uuid:uid>/media/", ItemMediaView.as_view(), name="item-media"),
    path("items/<uuid:uid>/usability/", ItemUsabilityView.as_view(), name="item-usability"),
    path("segments/<uuid:uid>/usability/", SegmentUsabilityView.as_view(), name="segment-usability"),
]
