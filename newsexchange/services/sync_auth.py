"""What a feed's credentials look like in a request. The client sends them to the feed's own origin alone."""

from base64 import b64encode

from mediaexchange.core.outgoing.errors import RefusedUrlError
from mediaexchange.core.outgoing.target import parse_target
from newsexchange.constants import FeedAuth
from newsexchange.models import Feed


def credentials(feed: Feed) -> dict[str, str]:
    """Headers of a request: basic (RFC 7617), bearer (RFC 6750), or one of the partner's own; none without a secret."""
    if not feed.auth_secret or feed.auth_kind == FeedAuth.NONE:
        return {}
    if feed.auth_kind == FeedAuth.BASIC:
        pair = f"{feed.auth_name}:{feed.auth_secret}".encode()
        return {"authorization": f"Basic {b64encode(pair).decode()}"}
    if feed.auth_kind == FeedAuth.BEARER:
        return {"authorization": f"Bearer {feed.auth_secret}"}
    return {feed.auth_name: feed.auth_secret} if feed.auth_name else {}


def may_move(feed: Feed, target: str) -> bool:
    """Whether a permanent redirect may become the feed's address: one with credentials stays where they belong."""
    if not credentials(feed):
        return True
    try:
        return parse_target(feed.url).origin == parse_target(target).origin
    except RefusedUrlError:
        return False
