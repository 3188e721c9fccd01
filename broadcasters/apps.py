"""Organisations, people, places, memoranda and modules."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BroadcastersConfig(AppConfig):
    name = "broadcasters"
    verbose_name = _("Partners and agreements")

    def ready(self) -> None:
        # What is counted, searched, told of and put into calendars is registered by being imported.
        from broadcasters import (  # noqa: F401
            agreement_calendars,
            agreement_notifications,
            airing_indicators,
            calendar_search,
            calendars,
            initiative_indicators,
            initiative_search,
            notifications,
            search,
        )
