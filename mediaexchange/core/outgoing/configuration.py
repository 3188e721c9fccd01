"""The two settings of this package, read at each request so that a test's override counts at once."""

from django.conf import settings


def allowed_addresses() -> frozenset[str]:
    """Exact "host:port" pairs that may lead to loopback, for tests and the demo. Production settings leave it empty."""
    return frozenset(getattr(settings, "OUTGOING_ALLOWED_ADDRESSES", ()))


def user_agent() -> str:
    """What we call ourselves to other servers."""
    return str(getattr(settings, "OUTGOING_USER_AGENT", "mediaexchange"))
