"""The admin's site and the app that installs it."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite


class ExchangeAdminConfig(AdminConfig):
    default_site = "mediaexchange.core.admin_site.ExchangeAdminSite"


class ExchangeAdminSite(UnfoldAdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made where a page shows it: asking for the permissions on all models took a third of every page's time."""
        return SimpleLazyObject(lambda: super(ExchangeAdminSite, self).get_app_list(request, app_label))
