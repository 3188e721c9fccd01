"""The test-suite: real PostgreSQL and Redis, fast password hashes, one connection a test."""

from mediaexchange.settings.base import *  # noqa: F403 — a settings module is its base plus differences
from mediaexchange.settings.base import DATABASES, env
from mediaexchange.settings.unfold import UNFOLD  # noqa: F401

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105 — not a secret: nothing outside the suite knows it
API_KEY_PEPPER = "tests-only-pepper"
SECRETS_KEY = "tests-only-secrets"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PARTNER_FEEDS_URL = ""
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STORAGES |= {  # noqa: F405 — whoever stores something names a directory of the test's (the fixture “stores”)
    "media": {"BACKEND": "mediaexchange.core.stores.DiskStore", "OPTIONS": {"location": "/nonexistent/media"}},
    "drops": {"BACKEND": "mediaexchange.core.stores.DiskStore", "OPTIONS": {"location": "/nonexistent/drops"}},
}
UPLOAD_FOLDER = "/nonexistent/uploads"
CELERY_TASK_ALWAYS_EAGER = False
AXES_ENABLED = False
LOGGING["root"] = {"handlers": ["console"], "level": "WARNING"}  # noqa: F405
# A database each: clearing the cache empties the whole of it, under the hands of the other workers too.
_DATABASE = 1 + int(env.str("PYTEST_XDIST_WORKER", default="gw0").removeprefix("gw")) % 15
REDIS_URL = f"{REDIS_URL.partition('?')[0]}?db={_DATABASE}"  # noqa: F405
CACHES["default"]["LOCATION"] = REDIS_URL  # noqa: F405
# Two workers on a busy machine may keep Redis waiting, and must not take it for hanging.
REDIS_OPTIONS = REDIS_OPTIONS | {"socket_timeout": 5.0, "socket_connect_timeout": 5.0}  # noqa: F405
CACHES["default"]["OPTIONS"] = REDIS_OPTIONS  # noqa: F405
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405 — nothing is collected in tests
