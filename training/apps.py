from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        from training import (  # noqa: F401 — each adds to a registry
            agreement_dates,
            calendars,
            indicators,
            notifications,
            permissions,
            search,
        )
        from training.services import material  # noqa: F401 — opens the links to materials
