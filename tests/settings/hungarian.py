"""A house that has added Hungarian by the recipe: a setting, migrations, a catalog. Run by test_add_a_language.py."""

import os
from pathlib import Path

from mediaexchange.settings.test import *  # noqa: F403 — the suite's settings and what the house added
from mediaexchange.settings.test import DATABASES, LOCALE_PATHS

HOUSE = Path(os.environ["HOUSE"])
_APPS = ("core", "broadcasters", "archive", "training", "correspondents", "productions", "newsexchange")
MIGRATION_MODULES = {app: f"house_{app}" for app in _APPS}
LOCALE_PATHS = [HOUSE / "locale", *LOCALE_PATHS]
DATABASES["default"]["TEST"] = {"NAME": f"test_hungarian_{os.getpid()}"}
