"""Media of stories: files that a desk attaches, and who may have which file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from archive.models import MediaFile
from archive.services.file import Readable, store_file
from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.models import User
from newsexchange.constants import OPENING_OFFERS
from newsexchange.dopesheet import rendition_values
from newsexchange.models import Offer, Rendition, Story, StoryVersion
from newsexchange.rights import may_use
from newsexchange.services.bounds import require_room
from newsexchange.services.version import Turn


def attach_file(
    story: Story,
    stream: Readable,
    *,
    actor: User,
    original_name: str = "",
    declared_checksum: str = "",
    declared_type: str = "",
    rel: str = "",
    title: str = "",
    language: str = "",
) -> Rendition:
    """Give one's own story a file; a published story gets a new version. The same file in the same role stays one.

    Raises what ``store_file`` raises, ConflictError for a killed story, DomainError for too many files. Call it outside
    of a transaction: a large file takes its time, and nothing is locked meanwhile.
    """
    require(actor, "newsexchange.change_story", story.broadcaster_id)
    if not story.renditions.filter(checksum=declared_checksum, rel=rel).exclude(checksum="").exists():
        _require_room(story)  # before time is spent on a large file
    file = store_file(
        stream,
        broadcaster=story.broadcaster,
        actor=actor,
        original_name=original_name,
        declared_checksum=declared_checksum,
        declared_type=declared_type,
    )
    return _attach(story, file, actor=actor, rel=rel, title=title, language=language)


@transaction.atomic
def _attach(story: Story, file: MediaFile, *, actor: User, **said: str) -> Rendition:
    turn = Turn.begin(story, actor=actor)
    renditions = turn.story.renditions
    if known := renditions.filter(file=file, rel=said["rel"]).first():
        return known
    _require_room(turn.story)
    turn.advance()
    last = renditions.aggregate(last=Max("position"))["last"]
    rendition: Rendition = renditions.create(
        position=0 if last is None else last + 1, file=file, **file_values(file), **said
    )
    turn.end(set())
    return rendition


def _require_room(story: Story) -> None:
    count = Rendition.objects.filter(story=story).count()
    require_room(Rendition, before=count, after=count + 1)


def file_values(file: MediaFile) -> dict[str, Any]:
    """What a rendition says of its file: facts, in the place of what somebody declared."""
    streams = file.technical.get("streams", [])
    seen: dict[str, Any] = next((stream for stream in streams if stream.get("width")), file.technical)
    return {
        "content_type": file.content_type,
        "size_bytes": file.size_bytes,
        "checksum": f"sha256:{file.sha256}",
        "width": seen.get("width"),
        "height": seen.get("height"),
        "duration_ms": file.technical.get("duration_ms"),
    }


@dataclass(frozen=True, slots=True)
class Medium:
    """One rendition of a version: what was said of it, and our verified copy if there is one."""

    uid: str
    values: dict[str, Any]
    file: MediaFile | None


def media_of(story: Story, *, reader: User, version: int | None = None) -> list[Medium]:
    """The renditions of the current version, or of an earlier one that the reader may still read.

    Raises StoryVersion.DoesNotExist for a version that does not exist for the reader.
    """
    current = list(story.renditions.select_related("file"))
    if version is None or version == story.version:
        return [Medium(str(item.uid), rendition_values(item), _ready(item.file)) for item in current]
    kept = StoryVersion.objects.visible_to(reader).get(story=story, version=version)
    said = [values for values in kept.snapshot.get("renditions", []) if "uid" in values]
    files = {str(file.uid): file for file in MediaFile.objects.ready().filter(uid__in=_files_in(said))}
    fetched = {str(item.uid): _ready(item.file) for item in current}  # copies that were fetched after the version
    return [
        Medium(values["uid"], values, files.get(values.get("file", "")) or fetched.get(values["uid"]))
        for values in said
    ]


def reader_for(story: Story, user: User) -> Broadcaster:
    """The broadcaster through which a person reads a story: its origin if they belong to it, else one it is offered to,
    preferably one that may use it. Raises Story.DoesNotExist if there is none."""
    members = Broadcaster.objects.of(user)
    if origin := members.filter(pk=story.broadcaster_id).first():
        return origin
    offered = Offer.objects.filter(story=story, status__in=OPENING_OFFERS).values("to_broadcaster")
    found = list(members.filter(pk__in=offered).order_by("pk"))
    if not found:
        raise Story.DoesNotExist
    if len(found) == 1:
        return found[0]
    return next((item for item in found if may_use(story, item).is_allowed), found[0])


def _ready(file: MediaFile | None) -> MediaFile | None:
    return file if file is not None and file.is_ready else None


def _files_in(said: Iterable[dict[str, Any]]) -> list[str]:
    return [values["file"] for values in said if "file" in values]
