"""Access tokens (RFC 6749 §1.4): what a key is exchanged for. Signed, good for 15 minutes, and kept nowhere.

A token only names its key and some of its scopes. The key's row is read at every call, so whatever happens to the key
happens to its tokens at once.
"""

from collections.abc import Collection

from django.core import signing

from mediaexchange.core.keys import living_key, note_use
from mediaexchange.core.models import ApiKey

SECONDS = 900
_MARK = "mxt_"


def issue_token(key: ApiKey, scopes: Collection[str]) -> str:
    """A token of the characters that RFC 6750 §2.1 allows. The caller has seen that the key holds these scopes."""
    return _MARK + _signer().sign_object({"key": key.prefix, "scopes": sorted(scopes)})


def is_token(text: str) -> bool:
    """Whether it looks like one; keys begin otherwise."""
    return text.startswith(_MARK)


def find_key_of_token(text: str) -> ApiKey | None:
    """The living key that the token was made from, with what the token leaves of its scopes. Never save it.

    None for what was not signed by us or longer than 15 minutes ago.
    """
    try:
        claims = _signer().unsign_object(text.removeprefix(_MARK), max_age=SECONDS)
    except signing.BadSignature:
        return None
    key = living_key(claims["key"])
    if key is None:
        return None
    note_use(key)
    key.scopes = [scope for scope in key.scopes if scope in claims["scopes"]]
    return key


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="core.access-token", sep=".")
