"""The link to a delivery: for its house alone, asked again when opened, counted once however often it is read from."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.constants import DeliveryStatus
from archive.models import Download, FootageDelivery
from archive.services.delivery import tell_delivery
from archive.services.delivery_terms import refuse_delivery
from archive.services.link import Claims, Opened, make_link, opener, stored, unknown
from archive.services.sniff import extension_of
from broadcasters.permissions import require
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import ApiKey, User

DELIVERY = "delivery"
_SEEN = ("broadcaster", "grant__item__broadcaster", "grant__licence")


class DeliveryGoneError(ConflictError):
    status = 410


def delivery_link(delivery: FootageDelivery, *, user: User, key: ApiKey | None = None) -> tuple[str, datetime]:
    """An address that gives the footage to this user of the house it was delivered to, and when it ends.

    Raises ConflictError before it is ready and once the downloads are used up, and what ``refuse_delivery`` raises.
    """
    delivery = FootageDelivery.objects.select_related(*_SEEN).get(pk=delivery.pk)
    require(user, "archive.add_footagedelivery", delivery.broadcaster_id)
    _refuse(delivery)
    if delivery.downloads_used >= delivery.max_downloads:
        raise _used_up(delivery)
    token, ends_at = make_link(DELIVERY, delivery.uid, user=user, key=key, broadcaster=delivery.broadcaster)
    return reverse("media", args=[token]), ends_at


@opener(DELIVERY)
def open_delivery(claims: Claims) -> Opened:
    """Asked again: ready, grant and licence in force, module running, downloads left unless this link has begun one."""
    delivery = FootageDelivery.objects.select_related(*_SEEN).filter(uid=claims.uid).first()
    if delivery is None or claims.broadcaster is None or claims.broadcaster.pk != delivery.broadcaster_id:
        raise unknown()
    require(claims.user, "archive.add_footagedelivery", delivery.broadcaster_id)
    _refuse(delivery)
    has_begun = Download.objects.filter(delivery=delivery, token_hash=claims.digest).exists()
    if not has_begun and delivery.downloads_used >= delivery.max_downloads:
        raise _used_up(delivery)
    opened = stored(
        delivery.storage_name,
        name=file_name(delivery),
        content_type=delivery.content_type,
        size_bytes=delivery.size_bytes or 0,
        etag=delivery.sha256,
    )

    def pieces(start: int, length: int) -> Iterator[bytes]:
        found = opened.pieces(start, length)
        with ExitStack() as opened_too_early:
            opened_too_early.callback(getattr(found, "close", lambda: None))
            _note_download(delivery, claims)
            opened_too_early.pop_all()
        return found

    return Opened(opened.name, opened.content_type, opened.size_bytes, opened.etag, pieces)


def file_name(delivery: FootageDelivery) -> str:
    """What it is saved as: the licence or house, the holder's identifier, the stretch in seconds."""
    grant = delivery.grant
    number = grant.licence.number if grant.licence else grant.item.broadcaster.slug
    stretch = "" if delivery.in_ms is None else f"_{delivery.in_ms // 1000}s"
    name = "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in grant.item.identifier)
    return f"{number}_{name}{stretch}.{extension_of(delivery.content_type)}"


@transaction.atomic
def _note_download(delivery: FootageDelivery, claims: Claims) -> None:
    """Count a link's first reading. Raises ConflictError if another link took the last download meanwhile."""
    FootageDelivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    _download, is_first = Download.objects.get_or_create(
        delivery=delivery, token_hash=claims.digest, defaults={"actor": claims.user}
    )
    if not is_first:
        return
    counted = FootageDelivery.objects.filter(pk=delivery.pk, downloads_used__lt=F("max_downloads"))
    if not counted.update(downloads_used=F("downloads_used") + 1):
        raise _used_up(delivery)
    tell_delivery("footage-delivery.downloaded", delivery, claims.user)


def _refuse(delivery: FootageDelivery) -> None:
    if delivery.status in (DeliveryStatus.REVOKED, DeliveryStatus.ENDED):
        raise DeliveryGoneError("delivery-revoked", _("The delivery was revoked or is over."), current=delivery.status)
    if delivery.status != DeliveryStatus.READY:
        raise ConflictError(
            "delivery-not-ready", _("The delivery is not ready."), current=delivery.status, wanted="ready"
        )
    refuse_delivery(delivery.grant, delivery.broadcaster)


def _used_up(delivery: FootageDelivery) -> ConflictError:
    return ConflictError(
        "downloads-used-up", _("All downloads are used up: %(most)d.") % {"most": delivery.max_downloads}
    )
