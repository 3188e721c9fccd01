"""Materials: brought into the store for a workshop, read by whoever sees it, through links that ask again."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archive.services.file import Readable, store_file
from archive.services.link import Claims, Opened, make_link, opener, stored, unknown
from archive.services.sniff import extension_of
from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import ApiKey, User
from training.models import Material, Workshop

MATERIAL = "training-material"


def add_material(
    workshop: Workshop, *, actor: User | None, titles: dict[str, str], stream: Readable | None = None, name: str = "",
    url: str = "", language: str = "",
) -> Material:  # fmt: skip
    """Hang a file, or an address elsewhere, on a workshop. ``titles`` are by column (``title_sr`` …).

    Raises what ``store_file`` raises, and DomainError for both, neither, or no title. Call it outside of a transaction.
    """
    require(actor, "training.add_material", workshop.broadcaster_id)
    if (stream is None) == (not url):
        raise DomainError("material-empty", _("Give a file or an address."))
    if not any(text.strip() for text in titles.values()):
        raise DomainError("name-missing", _("Give the name in at least one language."))
    file = None
    if stream is not None:
        file = store_file(stream, broadcaster=workshop.broadcaster, actor=actor, original_name=name)
    return Material.objects.create(workshop=workshop, file=file, url=url, language=language, **titles)


def material_link(material: Material, *, user: User, key: ApiKey | None = None) -> tuple[str, datetime]:
    """An address that gives the file to this user, and when it ends. The caller has found it by ``visible_to``."""
    token, ends_at = make_link(MATERIAL, material.uid, user=user, key=key)
    return reverse("media", args=[token]), ends_at


@opener(MATERIAL)
def open_material(claims: Claims) -> Opened:
    """Asked again: whether its reader still sees the workshop, and whether the file is whole."""
    found = Material.objects.visible_to(claims.user).select_related("file").filter(uid=claims.uid).first()
    if found is None or found.file is None or not found.file.is_ready:
        raise unknown()
    file = found.file
    return stored(
        file.storage_name,
        name=file.original_name or f"material-{found.uid}.{extension_of(file.content_type)}",
        content_type=file.content_type,
        size_bytes=file.size_bytes,
        etag=file.sha256,
    )
