"""Stories, feeds, offers and recalls."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsExchangeConfig(AppConfig):
    name = "newsexchange"
    verbose_name = _("News exchange")

    def ready(self) -> None:
        from newsexchange import permissions  # noqa: F401 — adds this app's grants to the roles
