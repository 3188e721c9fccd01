"""Addresses of training."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from training.api.certificates import CertificateCheckView, CertificateViewSet
from training.api.enrolments import EnrolmentViewSet
from training.api.participants import OwnTrainingView, ParticipantViewSet
from training.api.programmes import ProgrammeViewSet
from training.api.sessions import SessionViewSet
from training.api.workshops import WorkshopViewSet

router = SimpleRouter(use_regex_path=False)
router.register("programmes", ProgrammeViewSet)
router.register("workshops", WorkshopViewSet)
router.register("training-sessions", SessionViewSet)
router.register("participants", ParticipantViewSet)
router.register("enrolments", EnrolmentViewSet)
router.register("certificates", CertificateViewSet)

urlpatterns = [
    path("me/training/", OwnTrainingView.as_view(), name="me-training"),
    path("certificate-checks/<slug:token>/", CertificateCheckView.as_view(), name="certificate-check"),
]
