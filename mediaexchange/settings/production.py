"""Real servers. Refuses to start on a missing, short or well-known secret, and on anything meant for the demo."""

from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ImproperlyConfigured

from mediaexchange.settings.base import *  # noqa: F403 — a settings module is its base plus differences
from mediaexchange.settings.base import env
from mediaexchange.settings.unfold import UNFOLD  # noqa: F401

MINIMUM_SECRET_LENGTH = 50


def _secret(name: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set.")
    if len(value) < MINIMUM_SECRET_LENGTH or len(set(value)) < 12 or "development" in value or "change" in value:
        raise ImproperlyConfigured(f"{name} is short or a well-known default; use at least 50 random characters.")
    return value


for _name in ("DATABASE_URL", "REDIS_URL"):
    if not env.str(_name, default=""):
        raise ImproperlyConfigured(f"{_name} is not set; embedded servers are for development.")
if env.str("PARTNER_FEEDS_URL", default="") or env.list("OUTGOING_ALLOWED_ADDRESSES", default=[]):
    raise ImproperlyConfigured("Outgoing requests to loopback are for the demo and the tests.")

DEBUG = False
SECRET_KEY = _secret("SECRET_KEY")
API_KEY_PEPPER = _secret("API_KEY_PEPPER")
SECRETS_KEY = _secret("SECRETS_KEY")
if len({SECRET_KEY, API_KEY_PEPPER, SECRETS_KEY}) < 3:
    raise ImproperlyConfigured("SECRET_KEY, API_KEY_PEPPER and SECRETS_KEY must differ.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_URL = (env.str("PUBLIC_URL", default="") or f"https://{next(iter(ALLOWED_HOSTS), 'localhost')}").rstrip("/")
EXCHANGE_URI = env.str("EXCHANGE_URI", default="") or f"urn:uuid:{uuid5(NAMESPACE_URL, PUBLIC_URL)}"
if not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
