"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperKind(TextChoices):
    ACCREDITATION = "accreditation", _("accreditation")
    VISA = "visa", _("visa")
    ATA_CARNET = "ata-carnet", _("ATA carnet")
    PRESS_CARD = "press-card", _("press card")
    OTHER = "other", pgettext_lazy("paper", "other")


class PaperTerm(TextChoices):
    """For how long an accreditation is meant; "" for papers that know no such difference."""

    PERMANENT = "permanent", pgettext_lazy("accreditation", "permanent")
    TEMPORARY = "temporary", pgettext_lazy("accreditation", "temporary")


class ForWhom(TextChoices):
    EVERYONE = "everyone", _("everyone")
    FOREIGN = "foreign", _("people of houses from other countries")
    FOREIGN_WITH_KIT = "foreign-with-kit", _("those of them who bring equipment")


class PaperStatus(TextChoices):
    WANTED = "wanted", pgettext_lazy("paper", "wanted")
    APPLIED = "applied", pgettext_lazy("paper", "applied for")
    GRANTED = "granted", pgettext_lazy("paper", "granted")
    REFUSED = "refused", pgettext_lazy("paper", "refused")
    EXPIRED = "expired", pgettext_lazy("paper", "expired")
    REVOKED = "revoked", pgettext_lazy("paper", "revoked")
    DROPPED = "dropped", pgettext_lazy("paper", "no longer wanted")


PAPER_MOVES: dict[str, frozenset[str]] = {
    PaperStatus.WANTED: frozenset({PaperStatus.APPLIED, PaperStatus.GRANTED, PaperStatus.DROPPED}),
    PaperStatus.APPLIED: frozenset({PaperStatus.GRANTED, PaperStatus.REFUSED, PaperStatus.DROPPED}),
    PaperStatus.GRANTED: frozenset({PaperStatus.EXPIRED, PaperStatus.REVOKED}),
    PaperStatus.REFUSED: frozenset(),
    PaperStatus.EXPIRED: frozenset(),
    PaperStatus.REVOKED: frozenset(),
    PaperStatus.DROPPED: frozenset(),
}
# How a paper ends by what somebody says; that it expires nobody has to say.
PAPER_ENDS = [(end.value, end.label) for end in (PaperStatus.REFUSED, PaperStatus.REVOKED, PaperStatus.DROPPED)]
EXPIRY_REMINDERS = (60, 30, 7)  # days before a paper's last day
APPLY_REMINDERS = (14, 7, 1)  # days before the last day on which it can be applied for in time


class Priority(TextChoices):
    LOW = "low", pgettext_lazy("priority", "low")
    NORMAL = "normal", pgettext_lazy("priority", "normal")
    HIGH = "high", pgettext_lazy("priority", "high")
    URGENT = "urgent", pgettext_lazy("priority", "urgent")


class AssignmentStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("assignment", "draft")
    ASSIGNED = "assigned", pgettext_lazy("assignment", "assigned")
    ACCEPTED = "accepted", pgettext_lazy("assignment", "accepted")
    IN_PROGRESS = "in-progress", pgettext_lazy("assignment", "in progress")
    COMPLETED = "completed", pgettext_lazy("assignment", "completed")
    DECLINED = "declined", pgettext_lazy("assignment", "declined")
    CANCELLED = "cancelled", pgettext_lazy("assignment", "cancelled")


ASSIGNMENT_MOVES: dict[str, frozenset[str]] = {
    AssignmentStatus.DRAFT: frozenset({AssignmentStatus.ASSIGNED, AssignmentStatus.CANCELLED}),
    AssignmentStatus.ASSIGNED: frozenset(
        {AssignmentStatus.ACCEPTED, AssignmentStatus.DECLINED, AssignmentStatus.CANCELLED}
    ),
    AssignmentStatus.ACCEPTED: frozenset(
        {AssignmentStatus.IN_PROGRESS, AssignmentStatus.DECLINED, AssignmentStatus.CANCELLED}
    ),
    AssignmentStatus.IN_PROGRESS: frozenset({AssignmentStatus.COMPLETED, AssignmentStatus.CANCELLED}),
    AssignmentStatus.COMPLETED: frozenset(),
    AssignmentStatus.DECLINED: frozenset({AssignmentStatus.DRAFT}),
    AssignmentStatus.CANCELLED: frozenset(),
}
# What the database's own functions repeat: see ``rules_in_sql``.
HOLDS_PERSON = (
    AssignmentStatus.ASSIGNED,
    AssignmentStatus.ACCEPTED,
    AssignmentStatus.IN_PROGRESS,
    AssignmentStatus.COMPLETED,
)
OPEN = (AssignmentStatus.ASSIGNED, AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)
# While they are so, the host's desk is shown who comes.
SHOWN_TO_HOST = HOLDS_PERSON
NEED_REASON = frozenset({AssignmentStatus.DECLINED, AssignmentStatus.CANCELLED})


class Sphere(TextChoices):
    POLITICAL = "political", pgettext_lazy("access", "political")
    ECONOMIC = "economic", pgettext_lazy("access", "economic")
    CULTURAL = "cultural", pgettext_lazy("access", "cultural")


class AccessStatus(TextChoices):
    REQUESTED = "requested", pgettext_lazy("access", "asked for")
    GRANTED = "granted", pgettext_lazy("access", "granted")
    REFUSED = "refused", pgettext_lazy("access", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("access", "withdrawn")


ACCESS_ANSWERS = [
    (answer.value, answer.label) for answer in (AccessStatus.GRANTED, AccessStatus.REFUSED, AccessStatus.WITHDRAWN)
]
ACCESS_MOVES: dict[str, frozenset[str]] = {
    AccessStatus.REQUESTED: frozenset({AccessStatus.GRANTED, AccessStatus.REFUSED, AccessStatus.WITHDRAWN}),
    AccessStatus.GRANTED: frozenset({AccessStatus.WITHDRAWN}),
    AccessStatus.REFUSED: frozenset({AccessStatus.GRANTED}),
    AccessStatus.WITHDRAWN: frozenset(),
}


class HandOverStatus(TextChoices):
    OFFERED = "offered", pgettext_lazy("hand-over", "offered")
    ACCEPTED = "accepted", pgettext_lazy("hand-over", "accepted")
    DECLINED = "declined", pgettext_lazy("hand-over", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("hand-over", "withdrawn")


class KitKind(TextChoices):
    CAMERA = "camera", _("camera")
    SOUND = "sound", pgettext_lazy("kit", "sound")
    LIGHT = "light", pgettext_lazy("kit", "light")
    LIVE = "live", _("live transmission")
    EDITING = "editing", pgettext_lazy("kit", "editing")
    DRONE = "drone", _("drone")
    SAFETY = "safety", pgettext_lazy("kit", "protection")
    OTHER = "other", pgettext_lazy("kit", "other")


class OverlapRule(TextChoices):
    SAME_PERSON = "same-person", _("the same person twice")
    ACCREDITATION_TERM = "accreditation-term", _("beyond the term of an accreditation")
    SAME_KIT = "same-kit", _("the same equipment twice")


class Effect(TextChoices):
    """What a rule does. The database knows which one holds without a policy: ``correspondents_effect``."""

    BLOCK = "block", pgettext_lazy("overlap", "block")
    WARN = "warn", pgettext_lazy("overlap", "warn")
    IGNORE = "ignore", pgettext_lazy("overlap", "ignore")


class EventKind(TextChoices):
    EVENT = "event", pgettext_lazy("calendar", "event")
    COMMEMORATION = "commemoration", _("commemoration")
    VISIT = "visit", pgettext_lazy("calendar", "visit")
    SUMMIT = "summit", _("summit or forum")
    ELECTION = "election", _("election")
    CULTURE = "culture", _("cultural event")
    SPORT = "sport", _("sports event")
    EXHIBITION = "exhibition", _("exhibition or fair")


class EventStatus(TextChoices):
    TENTATIVE = "tentative", pgettext_lazy("planned event", "tentative")
    CONFIRMED = "confirmed", pgettext_lazy("planned event", "confirmed")
    CANCELLED = "cancelled", pgettext_lazy("planned event", "cancelled")


EVENT_MOVES: dict[str, frozenset[str]] = {
    EventStatus.TENTATIVE: frozenset({EventStatus.CONFIRMED, EventStatus.CANCELLED}),
    EventStatus.CONFIRMED: frozenset({EventStatus.TENTATIVE, EventStatus.CANCELLED}),
    EventStatus.CANCELLED: frozenset({EventStatus.TENTATIVE}),
}


class CoverageForm(TextChoices):
    TEXT = "text", pgettext_lazy("coverage", "text")
    PACKAGE = "package", pgettext_lazy("coverage", "package")
    LIVE = "live", pgettext_lazy("coverage", "live report")
    INTERVIEW = "interview", _("interview")
    FOOTAGE = "footage", _("raw footage")
    PHOTOS = "photos", _("photographs")
    AUDIO = "audio", pgettext_lazy("coverage", "radio report")


class WishStatus(TextChoices):
    WANTED = "wanted", pgettext_lazy("coverage", "wanted")
    PLANNED = "planned", pgettext_lazy("coverage", "planned")
    DELIVERED = "delivered", pgettext_lazy("coverage", "delivered")
    WITHDRAWN = "withdrawn", pgettext_lazy("coverage", "withdrawn")


WISH_MOVES: dict[str, frozenset[str]] = {
    WishStatus.WANTED: frozenset({WishStatus.PLANNED, WishStatus.DELIVERED, WishStatus.WITHDRAWN}),
    WishStatus.PLANNED: frozenset({WishStatus.WANTED, WishStatus.DELIVERED, WishStatus.WITHDRAWN}),
    WishStatus.DELIVERED: frozenset({WishStatus.PLANNED}),
    WishStatus.WITHDRAWN: frozenset({WishStatus.WANTED}),
}
