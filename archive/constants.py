"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileStatus(TextChoices):
    """A file is served only once it is ready: what it claims to be and its checksum have been looked at."""

    WAITING = "waiting", _("being checked")
    READY = "ready", _("ready")
    REFUSED = "refused", _("refused")


class FileRefusal(TextChoices):
    """Why content is not kept, whoever brings it again: stored as a code, told in the language of who asks."""

    TOO_MANY_PIXELS = "too-many-pixels", _("The picture has more pixels than are kept here.")
    UNREADABLE = "file-unreadable", _("The recording cannot be read.")
