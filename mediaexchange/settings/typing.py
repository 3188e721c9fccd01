"""For mypy alone: without modeltranslation, which confuses the inference of managers."""

from mediaexchange.settings.test import *  # noqa: F403 — a settings module is its base plus differences
from mediaexchange.settings.test import INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "modeltranslation"]
