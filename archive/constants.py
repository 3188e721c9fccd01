"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileStatus(TextChoices):
    """A file is served only once it is ready: what it claims to be and its checksum have been looked at."""

    WAITING = "waiting", _("being checked")
    READY = "ready", _("ready")
    REFUSED = "refused", _("refused")
