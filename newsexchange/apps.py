"""Stories, feeds, offers and recalls."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsExchangeConfig(AppConfig):
    name = "newsexchange"
    verbose_name = _("News exchange")

    def ready(self) -> None:
        from newsexchange import indicators, matching, notifications, permissions, search  # noqa: F401 — each adds to a registry
        from newsexchange.services import filing, media_link  # noqa: F401 — lists what is filed, opens links to media
