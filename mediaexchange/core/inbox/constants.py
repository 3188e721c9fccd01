"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(TextChoices):
    """How somebody wants to be told of one kind of matter."""

    INBOX = "inbox", _("inbox only")
    AT_ONCE = "at-once", _("inbox, and mail at once")
    DIGEST = "digest", _("inbox, and mail once a day")
    OFF = "off", _("not at all")


MAILED = frozenset({Way.AT_ONCE, Way.DIGEST})


class MailStatus(TextChoices):
    PENDING = "pending", pgettext_lazy("message", "pending")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "failed")
    CALLED_OFF = "called-off", pgettext_lazy("message", "called off")
