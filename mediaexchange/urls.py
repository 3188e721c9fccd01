"""Every address of the project. The API is /api/v1/, the open feeds are /feeds/, staff work in /admin/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from mediaexchange.core.views import live, ready
from newsexchange.downloads import download

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("mediaexchange.api_urls")),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("feeds/", include("newsexchange.feed_urls")),
    path("media/<str:token>", download, name="media"),
]

handler400 = "mediaexchange.core.views.bad_request"
handler403 = "mediaexchange.core.views.permission_denied"
handler404 = "mediaexchange.core.views.page_not_found"
handler500 = "mediaexchange.core.views.server_error"
