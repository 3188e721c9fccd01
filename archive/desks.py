"""What waits for whoever keeps the archive and decides over its rights."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import Clearance, GrantStatus, ImportStatus, ItemStatus, RequestStatus, UploadStatus
from archive.models import CatalogueImport, FootageRequest, Item, Licence, MediaFile, UnderlyingRight, Upload
from broadcasters.constants import Role
from broadcasters.querysets import member_ids_with
from mediaexchange.core.desks import DeskItem, Urgency
from mediaexchange.core.models import User

_SOON = timedelta(days=30)
_RIGHTS: Any = (Role.ARCHIVIST, Role.RIGHTS_OFFICER)
_ARCHIVIST: Any = (Role.ARCHIVIST,)
_UPLOADERS: Any = (Role.ARCHIVIST, Role.EDITOR, Role.EXCHANGE_DESK, Role.PRODUCER)


def _requests(user: User) -> QuerySet[FootageRequest]:
    houses = member_ids_with(user, "archive.change_footagerequest")
    return FootageRequest.objects.visible_to(user).filter(holder__in=houses, status=RequestStatus.SUBMITTED)


def _licences(user: User) -> QuerySet[Licence]:
    """Those that one's house gave or took and that end within thirty days."""
    given = Q(holder__in=member_ids_with(user, "archive.change_licence"))
    taken = Q(licensee__in=member_ids_with(user, "archive.add_footagerequest"))
    near = Q(status=GrantStatus.ACTIVE, ends_at__gt=Now(), ends_at__lte=Now() + _SOON)
    return Licence.objects.visible_to(user).filter(given | taken, near)


def _uncleared(user: User) -> QuerySet[Item]:
    """Items in which others own something that nobody has cleared, or whose clearance is over."""
    open_rights = UnderlyingRight.objects.filter(
        Q(clearance=Clearance.UNCLEARED) | Q(clearance=Clearance.CLEARED, ends_at__lte=Now()), item=OuterRef("pk")
    )
    houses = member_ids_with(user, "archive.change_underlyingright")
    rows = Item.objects.visible_to(user).filter(broadcaster__in=houses).exclude(status=ItemStatus.WITHDRAWN)
    return rows.filter(Exists(open_rights))


def _damaged(user: User) -> QuerySet[MediaFile]:
    houses = member_ids_with(user, "archive.change_step")
    return MediaFile.objects.visible_to(user).filter(broadcaster__in=houses).damaged()


def _uploads(user: User) -> QuerySet[Upload]:
    """Those that have not all arrived, and have not been given up."""
    houses = member_ids_with(user, "archive.add_upload")
    rows = Upload.objects.visible_to(user).filter(broadcaster__in=houses)
    return rows.filter(status=UploadStatus.RECEIVING, expires_at__gt=Now())


def _imports(user: User) -> QuerySet[CatalogueImport]:
    houses = member_ids_with(user, "archive.change_catalogueimport")
    return CatalogueImport.objects.visible_to(user).filter(broadcaster__in=houses, status=ImportStatus.PREVIEW)


def _drafts(user: User) -> QuerySet[Item]:
    houses = member_ids_with(user, "archive.change_item")
    return Item.objects.visible_to(user).filter(broadcaster__in=houses, status=ItemStatus.DRAFT)


ITEMS = (
    DeskItem(
        "archive.damaged", _("Files damaged or missing"), "archive.mediafile", _ARCHIVIST,
        "archive.change_step", "heart_broken", Urgency.AT_ONCE, _damaged,
    ),
    DeskItem(
        "archive.requests", _("Footage requests to decide"), "archive.footagerequest", _RIGHTS,
        "archive.change_footagerequest", "request_quote", Urgency.ANSWER, _requests,
        late=lambda: Q(starts_at__lt=Now()),
    ),
    DeskItem(
        "archive.licences", _("Licences that end within 30 days"), "archive.licence", (*_RIGHTS, Role.PRODUCER),
        "archive.view_licence", "license", Urgency.SOON, _licences,
    ),
    DeskItem(
        "archive.uncleared", _("Items with rights to clear"), "archive.item", _RIGHTS,
        "archive.change_underlyingright", "gavel", Urgency.WORK, _uncleared,
    ),
    DeskItem(
        "archive.imports", _("Catalogues to look through"), "archive.catalogueimport", _ARCHIVIST,
        "archive.change_catalogueimport", "upload_file", Urgency.WORK, _imports,
    ),
    DeskItem(
        "archive.uploads", _("Uploads unfinished"), "archive.upload", _UPLOADERS,
        "archive.add_upload", "upload", Urgency.WORK, _uploads,
    ),
    DeskItem(
        "archive.drafts", _("Records to publish"), "archive.item", _ARCHIVIST,
        "archive.change_item", "edit_note", Urgency.WORK, _drafts,
    ),
)  # fmt: skip
