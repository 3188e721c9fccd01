"""Who may look at what was made of an item's footage, and the links to it.

One's own house sees everything. A partner that reads the item gets pictures of it, the waveform and the preview with a
watermark burnt in; never a clean copy, in whatever form.
"""

from datetime import datetime
from hashlib import sha256

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When
from django.urls import reverse

from archive.constants import Generation, StepKind
from archive.models import Derivative, Item, MediaFile
from archive.services.file import named_failures
from archive.services.link import Claims, Opened, make_link, opener, stored, unknown
from archive.services.sniff import extension_of
from mediaexchange.core.models import ApiKey, User
from mediaexchange.core.stores import media_store

OPEN_TO_PARTNERS = frozenset(
    {StepKind.POSTER, StepKind.KEYFRAMES, StepKind.SPRITE, StepKind.WAVEFORM, StepKind.WATERMARK}
)
_MOVING = (StepKind.PROXY, StepKind.WATERMARK)
_IN_FOLDERS = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".m4s": "video/mp4",
    ".mp4": "video/mp4",
    ".aac": "audio/aac",
    ".vtt": "text/vtt",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
ITEM_MEDIA = "item-media"
HOUSE_FILE = "file"


def derivative_for(item: Item, kind: StepKind | str, user: User) -> Derivative:
    """What was made of the item's footage, if this user may look at it. All kinds come from one and the same file.

    Raises Derivative.DoesNotExist for what is not there or not for this user: nobody learns which.
    """
    seen = Item.objects.visible_to(user) if kind in OPEN_TO_PARTNERS else Item.objects.own(user)
    file = shown_file(item) if seen.filter(pk=item.pk).exists() else None
    if file is None:
        raise Derivative.DoesNotExist
    return Derivative.objects.get(file=file, kind=kind)


def preview_kind(item: Item, user: User) -> StepKind:
    """What a player shows this user: the clean proxy at home, the preview with a watermark elsewhere."""
    is_own = Item.objects.own(user).filter(pk=item.pk).exists()
    return StepKind.PROXY if is_own else StepKind.WATERMARK


def shown_file(item: Item) -> MediaFile | None:
    """The file that stands for the item: one that plays before one that does not, then the nearest to the original."""
    rank = Case(
        *(When(instantiations__generation=value, then=Value(place)) for place, value in enumerate(Generation.values)),
        output_field=IntegerField(),
    )
    plays = Exists(Derivative.objects.filter(file=OuterRef("pk"), kind__in=_MOVING))
    files = MediaFile.objects.ready().filter(instantiations__item=item)
    return files.annotate(plays=plays, rank=rank).order_by("-plays", "rank", "instantiations__id").first()


def view_link(item: Item, kind: StepKind | str, *, user: User, key: ApiKey | None = None) -> tuple[str, datetime]:
    """An address for a page or player, and when it ends. In a folder it is that of its first file, beside which the
    others lie: playlists name their parts relatively. Raises Derivative.DoesNotExist."""
    derivative = derivative_for(item, kind, user)
    token, ends_at = make_link(ITEM_MEDIA, item.uid, user=user, key=key, kind=str(kind))
    names = names_in(derivative)
    if not names:
        return reverse("media", args=[token]), ends_at
    first = next((name for name in names if name.endswith(".m3u8")), names[0])
    return reverse("media-part", args=[token, first]), ends_at


def file_link(file: MediaFile, *, user: User, key: ApiKey | None = None) -> tuple[str, datetime]:
    """An address at which the user's own house saves the file itself, and when it ends."""
    token, ends_at = make_link(HOUSE_FILE, file.uid, user=user, key=key)
    return reverse("media", args=[token]), ends_at


def names_in(derivative: Derivative) -> list[str]:
    """The files of a folder, in its order; nothing for a derivative that is one file."""
    return [str(name) for name in derivative.facts.get("names", ())]


@opener(ITEM_MEDIA, is_folder=True)
def open_item_media(claims: Claims) -> Opened:
    """The reader sees the item still, and this kind is for them."""
    item = Item.objects.visible_to(claims.user).filter(uid=claims.uid).first()
    if item is None:
        raise unknown()
    try:
        derivative = derivative_for(item, claims.extra["kind"], claims.user)
    except Derivative.DoesNotExist:
        raise unknown() from None
    names = names_in(derivative)
    if bool(names) != bool(claims.name) or (names and claims.name not in names):
        raise unknown()
    return _part(derivative, claims.name) if names else _whole(item, derivative)


@opener(HOUSE_FILE)
def open_house_file(claims: Claims) -> Opened:
    """A file of the reader's own house, for saving."""
    file = MediaFile.objects.visible_to(claims.user).ready().filter(uid=claims.uid).first()
    if file is None:
        raise unknown()
    name = file.original_name or f"{file.uid}.{extension_of(file.content_type)}"
    return stored(
        file.storage_name, name=name, content_type=file.content_type, size_bytes=file.size_bytes, etag=file.sha256
    )


def _whole(item: Item, derivative: Derivative) -> Opened:
    return stored(
        derivative.storage_name,
        name=f"{item.identifier}-{derivative.kind}.{extension_of(derivative.content_type)}",
        content_type=derivative.content_type,
        size_bytes=derivative.size_bytes,
        etag=derivative.sha256 or _etag(derivative.storage_name, derivative.size_bytes),
        is_inline=True,
    )


def _part(derivative: Derivative, name: str) -> Opened:
    lies_at = f"{derivative.storage_name.rstrip('/')}/{name}"
    with named_failures():
        size = media_store().size(lies_at)
    content_type = _IN_FOLDERS.get(name[name.rfind(".") :], "application/octet-stream")
    return stored(
        lies_at,
        name=name,
        content_type=content_type,
        size_bytes=size,
        etag=_etag(lies_at, size),
        is_inline=True,
    )


def _etag(name: str, size: int) -> str:
    """Names in the store are never used for other content."""
    return sha256(f"{name} {size}".encode()).hexdigest()[:32]
