"""For mypy alone: no modeltranslation, which confuses the inference of managers, and no registered admins."""

from mediaexchange.settings.test import *  # noqa: F403 — a settings module is its base plus differences
from mediaexchange.settings.test import INSTALLED_APPS

_REPLACED = {"mediaexchange.core.admin_site.ExchangeAdminConfig": "django.contrib.admin.apps.SimpleAdminConfig"}
INSTALLED_APPS = [_REPLACED.get(app, app) for app in INSTALLED_APPS if app != "modeltranslation"]
