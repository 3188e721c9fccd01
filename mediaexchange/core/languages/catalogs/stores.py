"""The project's two folders of catalogs."""

from pathlib import Path

from django.conf import settings

from mediaexchange.core.languages.catalogs.files import Store

ROOT = Path(settings.BASE_DIR)
OWN_CATALOGS = Store(ROOT / "locale")
LIBRARY_CATALOGS = Store(ROOT / "locale" / "libraries")
# Top folders without strings of ours: `make messages` gives makemessages the same ones.
WITHOUT_STRINGS = frozenset({"build", "locale", "tests", "var", "staticfiles", "media"})
