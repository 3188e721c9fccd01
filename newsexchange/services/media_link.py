"""Links to media files: good for some minutes and for one reader, and everything is asked again when they are used."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from archive.models import MediaFile
from archive.services.file import named_failures
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import ApiKey, User
from mediaexchange.core.stores import media_store
from newsexchange.constants import Road
from newsexchange.models import Story, StoryVersion
from newsexchange.rights import require_use
from newsexchange.services.media import media_of
from newsexchange.services.receipt import note_receipts

LIFETIME = timedelta(minutes=5)
_SALT = "newsexchange.media"


class LinkUnknownError(DomainError):
    """Never made by us, or what it leads to does not exist for its reader: nobody learns which."""

    status = 404


class LinkExpiredError(DomainError):
    status = 410


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that has been let through."""

    file: MediaFile
    story: Story
    broadcaster: Broadcaster

    def pieces(self, start: int, length: int) -> Iterator[bytes]:
        """A part of the file, and the note that its reader received the story. Raises StoreError before it begins."""
        with named_failures():
            pieces = media_store().pieces(self.file.storage_name, start, length)
        note_receipts([self.story.pk], [self.broadcaster.pk], Road.MEDIA)
        return pieces


def make_token(
    story: Story, rendition_uid: str, *, version: int | None, broadcaster: Broadcaster, user: User, key: ApiKey | None
) -> tuple[str, datetime]:
    """A signed token for one rendition and one reader, and when it ends."""
    bound = {
        "s": story.uid.hex,
        "v": version,
        "r": rendition_uid,
        "b": broadcaster.pk,
        "u": user.pk,
        "k": key.pk if key else None,
    }
    return signing.dumps(bound, salt=_SALT), datetime.now(UTC) + LIFETIME


def open_token(token: str) -> Opened:
    """Whom the token was made for, asked again: key alive, member still, story visible, use allowed, file ready.

    Raises LinkExpiredError, LinkUnknownError, and ForbiddenError with the reasons if the rights refuse the use.
    """
    try:
        bound = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.SignatureExpired:
        raise LinkExpiredError("link-expired", _("The link has expired; ask for a new one.")) from None
    except signing.BadSignature:
        raise _unknown() from None
    user = User.objects.filter(pk=bound["u"], is_active=True).first()
    if user is None or not _is_key_alive(bound["k"], user):
        raise _unknown()
    broadcaster = Broadcaster.objects.of(user).filter(pk=bound["b"]).first()
    story = Story.objects.seen_by([bound["b"]]).filter(uid=bound["s"]).first()
    if broadcaster is None or story is None:
        raise _unknown()
    require_use(story, broadcaster)
    try:
        media = media_of(story, reader=user, version=bound["v"])
    except StoryVersion.DoesNotExist:
        raise _unknown() from None
    file = next((medium.file for medium in media if medium.uid == bound["r"]), None)
    if file is None:
        raise _unknown()
    return Opened(file, story, broadcaster)


def _is_key_alive(key_id: int | None, user: User) -> bool:
    return key_id is None or ApiKey.objects.alive().filter(pk=key_id, user=user).exists()


def _unknown() -> LinkUnknownError:
    return LinkUnknownError("not-found", _("There is nothing here that you can see."))
