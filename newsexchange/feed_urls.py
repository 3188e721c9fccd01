"""Addresses of the open feeds: ``/feeds/<broadcaster>/<language>.<format>``, for anybody."""

from django.urls import path

from newsexchange.feeds import open_feed

app_name = "feeds"
urlpatterns = [path("<slug:slug>/<str:tag>.<str:extension>", open_feed, name="open")]
