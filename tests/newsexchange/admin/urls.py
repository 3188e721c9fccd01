"""The admin and the files it leads to: these tests need no other address."""

from django.contrib import admin
from django.urls import include, path

from archive.downloads import download

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("media/<str:token>", download, name="media"),
]
