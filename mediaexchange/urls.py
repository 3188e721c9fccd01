"""Every address of the project. The API is /api/v1/, the open feeds are /feeds/, staff work in /admin/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from archive.downloads import download
from mediaexchange.core.api.tokens import metadata
from mediaexchange.core.calendar_views import calendar
from mediaexchange.core.views import live, ready
from training.views import certificate

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("mediaexchange.api_urls")),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path(".well-known/oauth-authorization-server", metadata, name="oauth-metadata"),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("feeds/", include("newsexchange.feed_urls")),
    path("", include("archive.oai.urls")),
    path("calendars/<str:token>.ics", calendar, name="calendar"),
    path("certificates/<slug:token>", certificate, name="certificate"),
    path("training/", include("training.urls")),
    path("media/<str:token>", download, name="media"),
    path("media/<str:token>/<str:name>", download, name="media-part"),
]

handler400 = "mediaexchange.core.views.bad_request"
handler403 = "mediaexchange.core.views.permission_denied"
handler404 = "mediaexchange.core.views.page_not_found"
handler500 = "mediaexchange.core.views.server_error"
