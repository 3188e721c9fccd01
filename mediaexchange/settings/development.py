"""One machine, one person, embedded servers: what the demo runs on. Never reachable from outside by default."""

from urllib.parse import urlsplit

from mediaexchange.settings.base import *  # noqa: F403 — a settings module is its base plus differences
from mediaexchange.settings.base import env
from mediaexchange.settings.unfold import UNFOLD  # noqa: F401

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-and-refused-by-production-settings")
API_KEY_PEPPER = env.str("API_KEY_PEPPER", default="development-only-pepper")
SECRETS_KEY = env.str("SECRETS_KEY", default="development-only-secrets")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PARTNER_FEEDS_URL = env.str("PARTNER_FEEDS_URL", default="")
EXCHANGE_URI = env.str("EXCHANGE_URI", default="urn:uuid:6f1a0a3e-2f0c-5f6b-9d0e-6d65646961ab")  # whatever the port
# For trying webhooks out: "127.0.0.1:9000" lets them reach a receiver on this machine. Production refuses the variable.
OUTGOING_ALLOWED_ADDRESSES = (
    *((urlsplit(PARTNER_FEEDS_URL).netloc,) if PARTNER_FEEDS_URL else ()),
    *env.list("OUTGOING_ALLOWED_ADDRESSES", default=[]),
)
LOGGING["formatters"]["structured"]["as_json"] = env.bool("LOG_JSON", default=False)  # noqa: F405
