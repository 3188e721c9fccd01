"""The API's addresses, app by app, with its schema and two viewers served by us."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from archive.api.urls import router as archive
from archive.api.urls import urlpatterns as archive_urls
from broadcasters.api.urls import router as partners
from broadcasters.api.urls import urlpatterns as partners_urls
from correspondents.api.urls import router as correspondents
from correspondents.api.urls import urlpatterns as correspondents_urls
from mediaexchange.core.api.calendars import CalendarFeedViewSet
from mediaexchange.core.api.tokens import TokenView
from mediaexchange.core.inbox.urls import router as inbox
from mediaexchange.core.search.views import SearchView
from newsexchange.api.urls import router as news
from newsexchange.api.urls import urlpatterns as news_urls
from productions.api.urls import router as productions
from productions.api.urls import urlpatterns as productions_urls
from training.api.urls import router as training
from training.api.urls import urlpatterns as training_urls

app_name = "api"
urlpatterns = [
    *news.urls,
    *archive.urls,
    *training.urls,
    *correspondents.urls,
    *productions.urls,
    *partners.urls,
    *inbox.urls,
    *archive_urls,
    *training_urls,
    *correspondents_urls,
    *productions_urls,
    *partners_urls,
    *news_urls,
    path("me/calendars/", CalendarFeedViewSet.as_view({"get": "list", "post": "create"}), name="me-calendars"),
    path(
        "me/calendars/<uuid:uid>/",
        CalendarFeedViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="me-calendar",
    ),
    path("tokens/", TokenView.as_view(), name="tokens"),
    path("search/", SearchView.as_view(), name="search"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("redoc/", SpectacularRedocView.as_view(url_name="api:schema"), name="redoc"),
]
