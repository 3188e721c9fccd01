"""The admin's site and the app that installs it."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

from mediaexchange.core.languages.localize import alphabetical


class ExchangeAdminConfig(AdminConfig):
    default_site = "mediaexchange.core.admin_site.ExchangeAdminSite"


class ExchangeAdminSite(UnfoldAdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made where a page shows it: asking for the permissions on all models took a third of every page's time."""
        return SimpleLazyObject(lambda: _by_alphabet(super(ExchangeAdminSite, self).get_app_list(request, app_label)))


def _by_alphabet(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Apps, and the models of each, as the reader's alphabet has their names."""
    for app in listed:
        app["models"].sort(key=lambda model: alphabetical(model["name"]))
    return sorted(listed, key=lambda app: alphabetical(app["name"]))
