"""Every address of the project. The API is /api/v1/, the open feeds are /feeds/, staff work in /admin/."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
