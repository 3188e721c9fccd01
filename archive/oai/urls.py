"""The address of the OAI-PMH repository."""

from django.urls import path

from archive.oai.views import OaiView

app_name = "oai"
urlpatterns = [path("oai", OaiView.as_view(), name="oai")]
