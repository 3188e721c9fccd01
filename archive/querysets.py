"""Who sees which file. Partners reach a file through what holds it, never through the file itself."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Model

from archive.constants import FileStatus
from broadcasters.querysets import member_ids

if TYPE_CHECKING:
    from mediaexchange.core.models import User

M = TypeVar("M", bound=Model)


class MediaFileQuerySet(models.QuerySet[M]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(broadcaster__in=member_ids(user))

    def ready(self) -> Self:
        return self.filter(status=FileStatus.READY)
