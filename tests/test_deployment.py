"""What a server gets: every package in the image, every documented setting in the containers."""

import re
from pathlib import Path

import yaml
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# The container decides these by itself, or nobody sets them on a server.
ITS_OWN = {
    "DJANGO_SETTINGS_MODULE",
    "STATIC_ROOT",
    "MEDIAEXCHANGE_DATA",
    "PORT",
    "WEB_GRACEFUL_SECONDS",
    "WORKER_LOG_LEVEL",
}


def own_packages() -> set[str]:
    packages = {config.name.partition(".")[0] for config in apps.get_app_configs() if ROOT in Path(config.path).parents}
    return {package for package in packages if (ROOT / package / "__init__.py").exists()}


def test_every_package_of_the_project_is_in_the_image_and_compiled_there() -> None:
    packages = own_packages()
    assert {"mediaexchange", "broadcasters", "training"} <= packages
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert packages <= let_in
    compiled = re.search(r"compileall -q (.*)", (ROOT / "Dockerfile").read_text())
    assert compiled is not None
    assert set(compiled[1].split()) == packages


def test_every_documented_setting_reaches_the_containers() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    handed_on = set(compose["x-app"]["environment"])
    rows = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")]
    rows = [row for row in rows if not row.endswith("development only |") and "refused in production" not in row]
    documented = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]{3,})`", row.split("|")[1])}
    assert {"SECRET_KEY", "WEB_THREADS", "LOG_JSON"} <= documented
    assert documented - ITS_OWN <= handed_on
