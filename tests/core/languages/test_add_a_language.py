"""The recipe "add a language" of CONTRIBUTING, followed for Hungarian: a setting, migrations and a catalog alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mediaexchange.core.languages.tags import SHOWN, languages
from mediaexchange.launcher.catalogs import compile_catalogs

ROOT = Path(__file__).parents[3]
MIGRATIONS = {
    "core": "mediaexchange/core/migrations",
    "broadcasters": "broadcasters/migrations",
    "archive": "archive/migrations",
    "training": "training/migrations",
    "correspondents": "correspondents/migrations",
    "productions": "productions/migrations",
    "newsexchange": "newsexchange/migrations",
}
CATALOG = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "people"
msgstr "személyek"

msgid "There is nothing here that you can see."
msgstr "Itt nincs semmi, amit láthatna."
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    house = tmp_path_factory.mktemp("house")
    for app, folder in MIGRATIONS.items():
        shutil.copytree(ROOT / folder, house / f"house_{app}", ignore=shutil.ignore_patterns("__pycache__"))
    catalog = house / "locale" / "hu" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(CATALOG, encoding="utf-8")
    assert compile_catalogs([catalog]) is None
    environment = os.environ | {
        "MORE_LANGUAGES": "hu-Latn/hun=Magyar",
        "DJANGO_SETTINGS_MODULE": "tests.settings.hungarian",
        "HOUSE": str(house),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(house))),
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.core.languages.hungarian_house"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout.splitlines()[-1])


def test_the_migrations_are_made_by_django_and_complete(answers: Any) -> None:
    for field in ("name_hu to person", "name_hu to place", "headline_hu to story", "body_hu to story"):
        assert f"Add field {field}" in answers["migrations"]
    assert "No changes detected" in answers["again"]


def test_the_api_answers_in_it_and_sorts_by_its_alphabet(answers: Any) -> None:
    assert answers["people"] == ["Ács Éva", "Nagy Béla", "Zala Zoltán"]
    assert answers["language"] == "hu"
    assert answers["story"]["headline"] == "Az új vasútvonal"


def test_pages_are_written_in_it_and_offer_its_column(answers: Any) -> None:
    assert '<html lang="hu"' in answers["page"]
    assert "zemélyek" in answers["page"]
    assert "Ács Éva" in answers["page"]
    assert 'name="name_hu"' in answers["form"]
    assert "Magyar" in answers["form"]


def test_without_the_setting_nothing_is_added() -> None:
    assert "hu" not in SHOWN
    assert [language.code for language in languages("")] == list(SHOWN)


@pytest.mark.parametrize(
    "setting", ["Magyar", "hu", "hu/hun=Magyar", "kk-Cyrl/kaz=Қазақша", "hu-Latn/hun=A,hu-Latn/hun=B"]
)
def test_a_setting_that_cannot_be_read_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="MORE_LANGUAGES"):
        languages(setting)
