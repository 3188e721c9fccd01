from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrespondentsConfig(AppConfig):
    name = "correspondents"
    verbose_name = _("Correspondents")

    def ready(self) -> None:
        from correspondents import (  # noqa: F401 — each adds to a registry
            agreement_dates,
            calendars,
            indicators,
            notifications,
            permissions,
            search,
        )
