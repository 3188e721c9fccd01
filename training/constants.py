"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Topic(TextChoices):
    INVESTIGATIVE_JOURNALISM = "investigative-journalism", _("investigative journalism")
    NEWSROOM_INNOVATION = "newsroom-innovation", _("newsroom innovation")
    AI_IN_BROADCASTING = "ai-in-broadcasting", _("AI in broadcasting")
    FACT_CHECKING = "fact-checking", _("fact-checking")
    DATA_JOURNALISM = "data-journalism", _("data journalism")
    MOBILE_JOURNALISM = "mobile-journalism", _("mobile journalism")
    DOCUMENTARY = "documentary", _("documentary film-making")
    ARCHIVE_PRACTICE = "archive-practice", _("archive practice")
    TRANSLATION = "translation", _("translation and subtitling")
    SAFETY = "safety", _("safety of journalists")
    MANAGEMENT = "management", _("editorial management")
    OTHER = "other", _("other")


class WorkshopStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("workshop", "draft")
    OPEN = "open", pgettext_lazy("workshop", "open for enrolment")
    RUNNING = "running", pgettext_lazy("workshop", "running")
    COMPLETED = "completed", pgettext_lazy("workshop", "completed")
    CANCELLED = "cancelled", pgettext_lazy("workshop", "cancelled")


WORKSHOP_MOVES: dict[str, frozenset[str]] = {
    WorkshopStatus.DRAFT: frozenset({WorkshopStatus.OPEN, WorkshopStatus.CANCELLED}),
    WorkshopStatus.OPEN: frozenset({WorkshopStatus.RUNNING, WorkshopStatus.CANCELLED}),
    WorkshopStatus.RUNNING: frozenset({WorkshopStatus.COMPLETED, WorkshopStatus.CANCELLED}),
    WorkshopStatus.COMPLETED: frozenset(),
    WorkshopStatus.CANCELLED: frozenset(),
}
# Moves that somebody will ask about later.
NEED_REASON = frozenset({WorkshopStatus.CANCELLED})


class EnrolmentStatus(TextChoices):
    NOMINATED = "nominated", pgettext_lazy("enrolment", "nominated")
    CONFIRMED = "confirmed", pgettext_lazy("enrolment", "confirmed")
    WAITING = "waiting", pgettext_lazy("enrolment", "on the waiting list")
    OFFERED = "offered", pgettext_lazy("enrolment", "seat offered")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrolment", "withdrawn")
    REJECTED = "rejected", pgettext_lazy("enrolment", "rejected")
    LAPSED = "lapsed", pgettext_lazy("enrolment", "lapsed")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "workshop cancelled")


# What the database's own functions repeat: see the migration that counts seats.
SEATED = (EnrolmentStatus.CONFIRMED, EnrolmentStatus.OFFERED)
ACTIVE = (EnrolmentStatus.NOMINATED, EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING, EnrolmentStatus.OFFERED)

ENROLMENT_MOVES: dict[str, frozenset[str]] = {
    EnrolmentStatus.NOMINATED: frozenset(
        {EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITING, EnrolmentStatus.REJECTED, EnrolmentStatus.WITHDRAWN,
         EnrolmentStatus.LAPSED, EnrolmentStatus.CANCELLED}
    ),
    EnrolmentStatus.WAITING: frozenset(
        {EnrolmentStatus.OFFERED, EnrolmentStatus.REJECTED, EnrolmentStatus.WITHDRAWN, EnrolmentStatus.LAPSED,
         EnrolmentStatus.CANCELLED}
    ),
    EnrolmentStatus.OFFERED: frozenset(
        {EnrolmentStatus.CONFIRMED, EnrolmentStatus.WITHDRAWN, EnrolmentStatus.LAPSED, EnrolmentStatus.CANCELLED}
    ),
    EnrolmentStatus.CONFIRMED: frozenset({EnrolmentStatus.WITHDRAWN, EnrolmentStatus.CANCELLED}),
    EnrolmentStatus.WITHDRAWN: frozenset(),
    EnrolmentStatus.REJECTED: frozenset(),
    EnrolmentStatus.LAPSED: frozenset(),
    EnrolmentStatus.CANCELLED: frozenset(),
}  # fmt: skip


class ConsentPurpose(TextChoices):
    """What a person has agreed to. Withdrawing the first anonymises."""

    PARTICIPATION = "participation", _("taking part: enrolment, attendance, certificate")
    FOLLOW_UP = "follow-up", _("being asked later what was applied")


class ConsentRoad(TextChoices):
    PAPER = "paper", _("signed on paper")
    EMAIL = "email", _("by e-mail")
    PAGE = "page", _("on the person’s own page")


class AttendanceStatus(TextChoices):
    ATTENDED = "attended", _("attended")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("excused")


class FormKind(TextChoices):
    EVALUATION = "evaluation", _("evaluation")
    FOLLOW_UP = "follow-up", _("follow-up")


class QuestionKind(TextChoices):
    SCALE = "scale", _("scale")
    CHOICE = "choice", _("choice")
    TEXT = "text", pgettext_lazy("question", "text")


class NoticeKind(TextChoices):
    CONFIRMED = "confirmed", _("the nomination is confirmed")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("a seat is offered")
    LAPSED = "lapsed", _("the offer has lapsed")
    REJECTED = "rejected", _("the nomination is rejected")
    CANCELLED = "cancelled", _("the workshop is cancelled")
    CERTIFICATE = "certificate", _("the certificate is issued")
    EVALUATION = "evaluation", _("an evaluation is asked for")
    FOLLOW_UP = "follow-up", _("what was applied is asked for")


class NoticeStatus(TextChoices):
    PENDING = "pending", pgettext_lazy("message", "pending")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "failed")
    CALLED_OFF = "called-off", pgettext_lazy("message", "called off")


FEWEST_FOR_TEXTS = 5  # answers, below which nobody reads what single persons have written
