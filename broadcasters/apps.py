"""Organisations, people, places, memoranda and modules."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BroadcastersConfig(AppConfig):
    name = "broadcasters"
    verbose_name = _("Partners and agreements")

    def ready(self) -> None:
        from broadcasters import search  # noqa: F401 — adds what can be searched
