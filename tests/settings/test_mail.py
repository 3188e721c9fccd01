import json
import subprocess
import sys

from tests.settings.test_production import GOOD, ROOT

NAMES = [
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS",
    "PUBLIC_URL",
]


def mail_settings(**environment):
    """What production makes of this environment."""
    environment = GOOD | environment | {"DJANGO_SETTINGS_MODULE": "mediaexchange.settings.production"}
    said = f"json.dumps({{name: getattr(settings, name) for name in {NAMES}}})"
    code = f"import json; from django.conf import settings; print({said})"
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_address_names_server_account_and_encryption():
    found = mail_settings(EMAIL_URL="smtp+tls://desk:se%40cret@mail.example.org:587")
    assert found == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "desk",
        "EMAIL_HOST_PASSWORD": "se@cret",
        "EMAIL_USE_TLS": True,
        "PUBLIC_URL": "https://exchange.example.org",
    }


def test_empty_variables_are_as_good_as_none():
    found = mail_settings(EMAIL_URL="", PUBLIC_URL="", MEDIA_STORAGE_URL="", FILE_UPLOAD_TEMP_DIR="")
    assert (found["EMAIL_BACKEND"], found["EMAIL_HOST"], found["EMAIL_PORT"]) == (
        "django.core.mail.backends.smtp.EmailBackend", "localhost", 25,
    )  # fmt: skip
    assert found["PUBLIC_URL"] == "https://exchange.example.org"
