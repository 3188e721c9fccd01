from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        from archive import (  # noqa: F401 — each adds to a registry
            agreement_dates,
            indicators,
            matching,
            notifications,
            permissions,
            search,
        )
        from archive.services import delivery_link, viewing  # noqa: F401 — open the links to deliveries, items' media
