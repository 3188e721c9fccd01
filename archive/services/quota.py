"""How much room a house has in the store: its files, and what is being uploaded, count against one number."""

from django.conf import settings
from django.db.models import Sum

from archive.constants import FileStatus, UploadRefusal, UploadStatus
from archive.models import MediaFile, Upload
from broadcasters.models import Broadcaster
from mediaexchange.core.errors import DomainError

# Refused content lies here until it expires, so that it can be looked at again.
_LYING = (UploadStatus.RECEIVING, UploadStatus.CHECKING, UploadStatus.REFUSED)


def require_room(broadcaster: Broadcaster, size_bytes: int, *, besides: Upload | None = None) -> None:
    """Raise DomainError unless this many bytes more have room; ``besides`` is the upload that they come from.

    Lock the broadcaster's row before, or two may take the same room.
    """
    if room_used(broadcaster, besides=besides) + size_bytes > settings.MEDIA_QUOTA_BYTES:
        raise DomainError(UploadRefusal.QUOTA.value, UploadRefusal.QUOTA.label)


def room_used(broadcaster: Broadcaster, *, besides: Upload | None = None) -> int:
    """In bytes. An upload counts with its whole length from the beginning on."""
    files = MediaFile.objects.filter(broadcaster=broadcaster).exclude(status=FileStatus.REFUSED)
    uploads = Upload.objects.filter(broadcaster=broadcaster, status__in=_LYING)
    if besides is not None:
        uploads = uploads.exclude(pk=besides.pk)
    stored: int = files.aggregate(total=Sum("size_bytes"))["total"] or 0
    under_way: int = uploads.aggregate(total=Sum("length_bytes"))["total"] or 0
    return stored + under_way
