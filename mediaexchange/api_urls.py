"""The API's addresses, app by app, with its schema and two viewers served by us."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from broadcasters.api.urls import router as partners
from broadcasters.api.urls import urlpatterns as partners_urls
from mediaexchange.core.search.views import SearchView
from newsexchange.api.urls import router as news
from newsexchange.api.urls import urlpatterns as news_urls

app_name = "api"
urlpatterns = [
    *news.urls,
    *partners.urls,
    *partners_urls,
    *news_urls,
    path("search/", SearchView.as_view(), name="search"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("redoc/", SpectacularRedocView.as_view(url_name="api:schema"), name="redoc"),
]
