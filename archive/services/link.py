"""Links to media: signed, good for some minutes and for one reader. Everything is asked again when one is opened.

A kind of link is a function that is registered by ``@opener``. Apps above register their own; this module knows none.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from archive.services.file import named_failures
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import ApiKey, User
from mediaexchange.core.stores import media_store

MAX_SECONDS = 300
_SALT = "archive.link"


class LinkUnknownError(DomainError):
    """Never made by us, or what it leads to does not exist for its reader: nobody learns which."""

    status = 404


class LinkExpiredError(DomainError):
    status = 410


@dataclass(frozen=True, slots=True)
class Claims:
    """What a link was made for, once the reader has been found to be there still.

    ``broadcaster`` is the house through which they read, where the link names one; ``name`` a file inside a folder.
    ``digest`` is the same for every use of one link.
    """

    kind: str
    uid: UUID
    user: User
    key: ApiKey | None
    broadcaster: Broadcaster | None
    extra: dict[str, Any]
    digest: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that has been let through. ``pieces(start, length)`` reads; it raises StoreError before it begins.

    ``etag`` changes whenever the bytes do. ``name`` is what a browser saves it as.
    """

    name: str
    content_type: str
    size_bytes: int
    etag: str
    pieces: Callable[[int, int], Iterator[bytes]] = field(repr=False)
    is_inline: bool = False


Opener = Callable[[Claims], Opened]
_OPENERS: dict[str, tuple[Opener, bool]] = {}


def opener(kind: str, *, is_folder: bool = False) -> Callable[[Opener], Opener]:
    """Register who opens links of this kind. A folder's opener is asked with a ``name``, others never are.

    It raises ``unknown()`` for what its reader may not see, and DomainError for what they may know of and not have.
    """

    def register(function: Opener) -> Opener:
        if kind in _OPENERS:
            raise ValueError(f"links of kind {kind} have an opener already")
        _OPENERS[kind] = (function, is_folder)
        return function

    return register


def make_link(
    kind: str,
    uid: UUID,
    /,
    *,
    user: User,
    key: ApiKey | None = None,
    broadcaster: Broadcaster | None = None,
    seconds: int = MAX_SECONDS,
    **extra: Any,
) -> tuple[str, datetime]:
    """A signed token and when it ends: in five minutes at most. The caller has asked whether the user may have it.

    ``extra`` must be JSON, and can be read by whoever holds the link.
    """
    if kind not in _OPENERS:
        raise ValueError(f"nobody opens links of kind {kind}")
    ends_at = int(time.time()) + max(1, min(seconds, MAX_SECONDS))
    bound: dict[str, Any] = {
        "t": kind,
        "s": uid.hex,
        "b": broadcaster.pk if broadcaster else None,
        "u": user.pk,
        "k": key.pk if key else None,
        "e": ends_at,
    }
    if extra:
        bound["x"] = extra
    return signing.dumps(bound, salt=_SALT), datetime.fromtimestamp(ends_at, UTC)


def open_link(token: str, name: str = "") -> Opened:
    """Key alive, account active, member still: then the kind's own opener is asked.

    Raises LinkExpiredError, LinkUnknownError, and whatever the opener refuses with.
    """
    try:
        bound = signing.loads(token, salt=_SALT, max_age=MAX_SECONDS)
    except signing.SignatureExpired:
        raise _expired() from None
    except signing.BadSignature:
        raise unknown() from None
    if bound["e"] < time.time():
        raise _expired()
    open_it, is_folder = _OPENERS.get(bound["t"], (None, False))
    user = User.objects.filter(pk=bound["u"], is_active=True).first()
    if open_it is None or user is None or (name and not is_folder):
        raise unknown()
    key = _living_key(bound["k"], user)
    claims = Claims(
        kind=bound["t"],
        uid=UUID(bound["s"]),
        user=user,
        key=key,
        broadcaster=_house(bound["b"], user),
        extra=bound.get("x", {}),
        digest=sha256(token.encode()).hexdigest(),
        name=name,
    )
    return open_it(claims)


def stored(
    storage_name: str, *, name: str, content_type: str, size_bytes: int, etag: str, is_inline: bool = False
) -> Opened:
    """What lies in the media store under this name."""

    def pieces(start: int, length: int) -> Iterator[bytes]:
        with named_failures():
            return media_store().pieces(storage_name, start, length)

    return Opened(name, content_type, size_bytes, etag, pieces, is_inline)


def unknown() -> LinkUnknownError:
    """The one answer to links that lead nowhere for their reader."""
    return LinkUnknownError("not-found", _("There is nothing here that you can see."))


def _expired() -> LinkExpiredError:
    return LinkExpiredError("link-expired", _("The link has expired; ask for a new one."))


def _living_key(key_id: int | None, user: User) -> ApiKey | None:
    if key_id is None:
        return None
    key = ApiKey.objects.alive().filter(pk=key_id, user=user).first()
    if key is None:
        raise unknown()
    return key


def _house(broadcaster_id: int | None, user: User) -> Broadcaster | None:
    if broadcaster_id is None:
        return None
    house = Broadcaster.objects.of(user).filter(pk=broadcaster_id).first()
    if house is None:
        raise unknown()
    return house
