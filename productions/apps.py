from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionsConfig(AppConfig):
    name = "productions"
    verbose_name = _("Co-productions")

    def ready(self) -> None:
        from productions import (  # noqa: F401 — each adds to a registry
            agreement_dates,
            calendars,
            indicators,
            matching,
            notifications,
            permissions,
            search,
        )
        from productions.services import (  # noqa: F401 — a gate, kinds of links
            deliverable,
            delivery_gate,
            pilot,
            review_media,
        )
