"""Items packed for another archive, straight from their list."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin
from archive.models import Item
from archive.services.bag import Bag, build_bag, note_packing, stream_bag
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User


class ItemBag(ArchiveAdmin):
    actions: Any = ("download_bag",)

    @admin.action(description=_("Download masters as a BagIt bag"), permissions=["change"])
    def download_bag(self, request: HttpRequest, queryset: QuerySet[Item]) -> StreamingHttpResponse | None:
        """A tar archive, sent while it is read. That it was packed is kept when all of it has been sent."""
        user, packed = staff(request), list[Bag]()
        if not self.tried(request, lambda: packed.append(build_bag(queryset, actor=user))):
            return None
        headers = {
            "Content-Disposition": str(
                content_disposition_header(as_attachment=True, filename=f"{packed[0].name}.tar")
            ),
            "Cache-Control": "private, no-store",
        }
        return StreamingHttpResponse(_sent(packed[0], user), content_type="application/x-tar", headers=headers)


def _sent(bag: Bag, user: User) -> Iterator[bytes]:
    yield from stream_bag(bag)
    note_packing(bag, actor=user)
