import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {
    "SECRET_KEY": "pN4qXw8sVb2mZr7tLk9cHd3fGj6yUa1eQo5iWuRxKz0TnBvMlP",
    "API_KEY_PEPPER": "b7Tq2Zx9Lm4Kc8Vn1Sd6Fg3Hj5Pw0Re7Yt2UiOa9QsDfGhJkLz",
    "SECRETS_KEY": "h4Jd8Kf2Ls6Qa0Zx5Wn9Ev3Rb7Ty1UmCpIoGgHkXvBqDwNeSrAl",
    "DATABASE_URL": "postgresql://u:p@db.example.org/x",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "ALLOWED_HOSTS": "exchange.example.org",
}


def start(**changes):
    environment = {name: value for name, value in (GOOD | changes).items() if value is not None}
    environment |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "mediaexchange.settings.production"}
    code = "import django; django.setup(); print('started')"
    return subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)


def test_it_starts_with_everything_in_place():
    result = start()
    assert "started" in result.stdout, result.stderr


@pytest.mark.parametrize(
    "changes",
    [
        {"SECRET_KEY": None},
        {"SECRET_KEY": "development-only-and-refused-by-production-settings"},
        {"SECRET_KEY": "a" * 60},
        {"SECRET_KEY": "short"},
        {"API_KEY_PEPPER": None},
        {"API_KEY_PEPPER": GOOD["SECRET_KEY"]},
        {"DATABASE_URL": None},
        {"REDIS_URL": None},
        {"ALLOWED_HOSTS": None},
        {"PARTNER_FEEDS_URL": "http://127.0.0.1:9999"},
        {"OUTGOING_ALLOWED_ADDRESSES": "127.0.0.1:80"},
    ],
)
def test_it_refuses_to_start_on_what_is_missing_or_meant_for_the_demonstration(changes):
    result = start(**changes)
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
