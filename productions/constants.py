"""The words that rows may hold. Values are stable and appear in the API; labels are translated.

Stages, the moves between them and themes are no words but rows: see the migration that seeds them.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProductionKind(TextChoices):
    DOCUMENTARY = "documentary", _("documentary")
    CULTURAL_PROGRAMME = "cultural-programme", _("cultural programme")
    SPECIAL_REPORT = "special-report", _("special report")
    SERIES = "series", pgettext_lazy("production", "series")


class PartnerRole(TextChoices):
    LEAD = "lead", _("lead producer")
    CO_PRODUCER = "co-producer", _("co-producer")
    ASSOCIATE = "associate", _("associate producer")
    FINANCIER = "financier", _("financier")


class Criterion(TextChoices):
    """What a pilot is looked at for. Marks stand side by side and are never added up."""

    DEMAND = "demand", _("audience demand")
    FEASIBILITY = "feasibility", _("production feasibility")
    COST = "cost", pgettext_lazy("pilot review", "cost")
    BALANCE = "balance", _("editorial balance")
    QUALITY = "quality", _("quality control")


class PilotDecision(TextChoices):
    GO = "go", pgettext_lazy("pilot review", "go")
    SCALE = "scale", pgettext_lazy("pilot review", "scale")
    PAUSE = "pause", pgettext_lazy("pilot review", "pause")
    STOP = "stop", pgettext_lazy("pilot review", "stop")


# Decisions after which a pilot may become a production.
GO_AHEAD = (PilotDecision.GO, PilotDecision.SCALE)
HIGHEST_MARK = 5


class RevisionKind(TextChoices):
    SCRIPT = "script", _("script")
    ROUGH_CUT = "rough-cut", _("rough cut")
    FINE_CUT = "fine-cut", _("fine cut")
    FINAL_CUT = "final-cut", _("final cut")


class DecisionKind(TextChoices):
    """What one party says of one revision."""

    APPROVED = "approved", pgettext_lazy("revision", "approved")
    CHANGES = "changes", pgettext_lazy("revision", "changes wanted")
    REFUSED = "refused", pgettext_lazy("revision", "refused")


class VersionKind(TextChoices):
    ORIGINAL = "original", pgettext_lazy("language version", "original")
    SUBTITLE = "subtitle", pgettext_lazy("language version", "subtitles")
    DUB = "dub", pgettext_lazy("language version", "dubbing")
    VOICE_OVER = "voice-over", _("voice-over")


class VersionStatus(TextChoices):
    PLANNED = "planned", pgettext_lazy("language version", "planned")
    IN_PROGRESS = "in-progress", pgettext_lazy("language version", "in progress")
    READY = "ready", pgettext_lazy("language version", "ready")
    DELIVERED = "delivered", pgettext_lazy("language version", "delivered")
    CANCELLED = "cancelled", pgettext_lazy("language version", "cancelled")


VERSION_MOVES: dict[str, frozenset[str]] = {
    VersionStatus.PLANNED: frozenset({VersionStatus.IN_PROGRESS, VersionStatus.READY, VersionStatus.CANCELLED}),
    VersionStatus.IN_PROGRESS: frozenset({VersionStatus.PLANNED, VersionStatus.READY, VersionStatus.CANCELLED}),
    VersionStatus.READY: frozenset({VersionStatus.IN_PROGRESS, VersionStatus.DELIVERED, VersionStatus.CANCELLED}),
    VersionStatus.DELIVERED: frozenset({VersionStatus.IN_PROGRESS}),
    VersionStatus.CANCELLED: frozenset({VersionStatus.PLANNED}),
}


class AiUse(TextChoices):
    """How artificial intelligence took part in a language version. Empty: nobody has said, so nothing is delivered."""

    NONE = "none", pgettext_lazy("use of AI", "none")
    ASSISTIVE = "assistive", _("assistance")
    TRANSLATION = "translation", _("AI translation")
    SYNTHETIC = "synthetic", _("synthetic")


class DeliverableKind(TextChoices):
    MASTER = "master", pgettext_lazy("deliverable", "master")
    MUSIC_AND_EFFECTS = "music-and-effects", _("music and effects track")
    DIALOGUE_LIST = "dialogue-list", _("dialogue list")
    MUSIC_CUE_SHEET = "music-cue-sheet", _("music cue sheet")
    TEXTLESS = "textless", _("textless elements")
    STILLS = "stills", _("stills")
    SYNOPSES = "synopses", _("synopses")
    RIGHTS_BIBLE = "rights-bible", _("rights bible")


class DeliverableStatus(TextChoices):
    DUE = "due", pgettext_lazy("deliverable", "due")
    DELIVERED = "delivered", pgettext_lazy("deliverable", "delivered")
    ACCEPTED = "accepted", pgettext_lazy("deliverable", "accepted")
    REJECTED = "rejected", pgettext_lazy("deliverable", "rejected")


DELIVERABLE_MOVES: dict[str, frozenset[str]] = {
    DeliverableStatus.DUE: frozenset({DeliverableStatus.DELIVERED}),
    DeliverableStatus.DELIVERED: frozenset({DeliverableStatus.ACCEPTED, DeliverableStatus.REJECTED}),
    DeliverableStatus.REJECTED: frozenset({DeliverableStatus.DELIVERED}),
    DeliverableStatus.ACCEPTED: frozenset(),
}


class DeliveryBar(TextChoices):
    """What stands against delivery. The database's own functions repeat these words: see ``delivery_in_sql``."""

    MODULE_NOT_RUNNING = "module-not-running", _("the module is not running")
    FINAL_CUT_MISSING = "final-cut-missing", _("there is no final cut")
    FINAL_CUT_UNAPPROVED = "final-cut-unapproved", _("the final cut is not approved")
    AI_UNDECLARED = "ai-undeclared", _("the use of AI is not declared")
    AI_UNREVIEWED = "ai-unreviewed", _("AI’s work has no tool named or no reviewer")
    AI_UNMARKED = "ai-unmarked", _("synthetic content lacks its mark")
    LICENCE_MISSING = "licence-missing", _("no licence")
    LICENCE_REVOKED = "licence-revoked", _("the licence is revoked")
    LICENCE_EXPIRED = "licence-expired", _("the licence has expired")
    LICENCE_NOT_BEGUN = "licence-not-begun", _("the licence has not begun")
    LICENCE_HELD_BACK = "licence-held-back", _("the licence holds the footage back still")
    LICENSED_TO_ANOTHER = "licensed-to-another", _("licensed to a house that is no partner")
    STRETCH_NOT_LICENSED = "stretch-not-licensed", _("the stretch is not licensed")
    LENGTH_MISSING = "length-missing", _("how much is used is not said")
    SECONDS_EXCEEDED = "seconds-exceeded", _("more seconds than licensed")
    TERRITORY_NOT_LICENSED = "territory-not-licensed", _("a territory is not licensed")
    PLATFORM_NOT_LICENSED = "platform-not-licensed", _("a platform is not licensed")
    LANGUAGE_NOT_LICENSED = "language-not-licensed", _("a language version is not licensed")
    RIGHTS_OF_OTHERS = "rights-of-others", _("rights of others are not cleared")


class BudgetStatus(TextChoices):
    """Of one revision. Only drafts are written in; what was submitted stands still for all who approve it."""

    DRAFT = "draft", pgettext_lazy("budget", "draft")
    SUBMITTED = "submitted", pgettext_lazy("budget", "submitted")
    APPROVED = "approved", pgettext_lazy("budget", "approved")
    SUPERSEDED = "superseded", pgettext_lazy("budget", "superseded")


class InstalmentStatus(TextChoices):
    """Whether it is overdue is no status: the calendar says it."""

    DUE = "due", pgettext_lazy("instalment", "due")
    INVOICED = "invoiced", pgettext_lazy("instalment", "invoiced")
    PAID = "paid", pgettext_lazy("instalment", "paid")


class RepeatUnit(TextChoices):
    """In what the time is counted in which a showing repeats one. The database's functions repeat these words."""

    HOURS = "hours", pgettext_lazy("repeats within", "hours")
    DAYS = "days", pgettext_lazy("repeats within", "local days")


class FigureKind(TextChoices):
    """What is said of an audience. The first three count people or views, the others are per cent."""

    REACH = "reach", pgettext_lazy("audience", "reach")
    AVERAGE = "average", pgettext_lazy("audience", "average audience")
    VIEWS = "views", pgettext_lazy("audience", "views")
    SHARE = "share", pgettext_lazy("audience", "share")
    RATING = "rating", pgettext_lazy("audience", "rating")
