"""The words of briefs and of those who have them sent."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.constants import Rhythm


class BriefFormat(TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", _("workbook (XLSX)")
    HTML = "html", _("page (HTML)")


class BriefRhythm(TextChoices):
    """What period a brief is about, and how often it is sent."""

    WEEK = Rhythm.WEEK.value, pgettext_lazy("brief", "every week")
    MONTH = Rhythm.MONTH.value, pgettext_lazy("brief", "every month")
    QUARTER = Rhythm.QUARTER.value, pgettext_lazy("brief", "every quarter")


class Weekday(TextChoices):
    """By its number in ISO 8601, less one."""

    MONDAY = "0", _("Monday")
    TUESDAY = "1", _("Tuesday")
    WEDNESDAY = "2", _("Wednesday")
    THURSDAY = "3", _("Thursday")
    FRIDAY = "4", _("Friday")
    SATURDAY = "5", _("Saturday")
    SUNDAY = "6", _("Sunday")


class PauseReason(TextChoices):
    ASKED = "asked", pgettext_lazy("brief", "its person has paused it")
    NOT_A_MEMBER = "not-a-member", pgettext_lazy("brief", "its person no longer belongs to a party")


class IssueStatus(TextChoices):
    PENDING = "pending", pgettext_lazy("brief", "pending")
    SENT = "sent", pgettext_lazy("brief", "sent")
    CALLED_OFF = "called-off", pgettext_lazy("brief", "called off")
    FAILED = "failed", pgettext_lazy("brief", "failed")


SENDING = timedelta(minutes=5)  # a lease while figures are counted and a mail server takes its time
LADDER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=10))
