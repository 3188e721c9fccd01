"""Stories, feeds, offers and recalls."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsExchangeConfig(AppConfig):
    name = "newsexchange"
    verbose_name = _("News exchange")

    def ready(self) -> None:
        from newsexchange import permissions, search  # noqa: F401 — adds grants to the roles, and what can be searched
