"""Links to the media of stories; whoever fetches by one has received the story."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from archive.models import MediaFile
from archive.services.link import Claims, Opened, make_link, opener, stored, unknown
from archive.services.sniff import extension_of
from broadcasters.models import Broadcaster
from mediaexchange.core.models import ApiKey, User
from newsexchange.constants import Road
from newsexchange.models import Story, StoryVersion
from newsexchange.rights import require_use
from newsexchange.services.media import media_of
from newsexchange.services.receipt import note_receipts

KIND = "story"


def make_token(
    story: Story, rendition_uid: str, *, version: int | None, broadcaster: Broadcaster, user: User, key: ApiKey | None
) -> tuple[str, datetime]:
    """A signed token for one rendition and one reader, and when it ends."""
    said: dict[str, Any] = {"rendition": rendition_uid, "version": version}
    return make_link(KIND, story.uid, user=user, key=key, broadcaster=broadcaster, **said)


@opener(KIND)
def open_story_medium(claims: Claims) -> Opened:
    """Story visible, use allowed, file ready? Raises ForbiddenError with the reasons if the rights refuse the use."""
    broadcaster = claims.broadcaster
    if broadcaster is None:
        raise unknown()
    story = Story.objects.seen_by([broadcaster.pk]).filter(uid=claims.uid).first()
    if story is None:
        raise unknown()
    require_use(story, broadcaster)
    try:
        media = media_of(story, reader=claims.user, version=claims.extra["version"])
    except StoryVersion.DoesNotExist:
        raise unknown() from None
    file = next((medium.file for medium in media if medium.uid == claims.extra["rendition"]), None)
    if file is None:
        raise unknown()
    return _opened(file, story, broadcaster)


def _opened(file: MediaFile, story: Story, broadcaster: Broadcaster) -> Opened:
    name = file.original_name or f"{file.uid}.{extension_of(file.content_type)}"
    lying = stored(
        file.storage_name, name=name, content_type=file.content_type, size_bytes=file.size_bytes, etag=file.sha256
    )

    def pieces(start: int, length: int) -> Iterator[bytes]:
        found = lying.pieces(start, length)
        note_receipts([story.pk], [broadcaster.pk], Road.MEDIA)
        return found

    return Opened(lying.name, lying.content_type, lying.size_bytes, lying.etag, pieces)
