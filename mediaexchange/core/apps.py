"""The lowest room of the house: nothing here knows of broadcasters or news."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "mediaexchange.core"
    label = "core"
    verbose_name = _("Access and audit")

    def ready(self) -> None:
        from django import forms
        from django.contrib.admin.widgets import SELECT2_TRANSLATIONS
        from django.db import models
        from rest_framework import serializers

        from mediaexchange import celery  # noqa: F401 — without it a web process would ring at no broker's door
        from mediaexchange.core.audit import stamp_writes
        from mediaexchange.core.languages import keep_list
        from mediaexchange.core.validators import validate_moment

        # By itself Django would show Serbian Cyrillic in Latin, and Kazakh, for which we bring the file, in English.
        SELECT2_TRANSLATIONS.update({"sr": "sr-Cyrl", "sr-latn": "sr", "kk": "kk"})
        moments: list[Any] = [models.DateTimeField, forms.SplitDateTimeField, serializers.DateTimeField]
        for field in moments:
            field.default_validators = [validate_moment]
        keep_list.install()
        connection_created.connect(stamp_writes, dispatch_uid="core.audit.stamp_writes")
