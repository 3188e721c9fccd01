"""The words that rows of imports, matches and audience figures may hold. Values are stable and appear in the API."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LogKind(TextChoices):
    """What the rows of a table say."""

    AIRINGS = "airings", _("airings")
    AUDIENCE = "audience", _("audience figures")


class LogFormat(TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")
    JSON = "json", _("JSON")


class LogStatus(TextChoices):
    READING = "reading", pgettext_lazy("import", "being read")
    COLUMNS = "columns", pgettext_lazy("import", "columns to be named")
    PREVIEW = "preview", pgettext_lazy("import", "to be approved")
    APPLYING = "applying", pgettext_lazy("import", "being written")
    APPLIED = "applied", pgettext_lazy("import", "written")
    REFUSED = "refused", pgettext_lazy("import", "refused")


class RowAction(TextChoices):
    CREATE = "create", pgettext_lazy("import", "new")
    KNOWN = "known", pgettext_lazy("import", "known already")
    REFUSE = "refuse", pgettext_lazy("import", "refused")


class Measure(TextChoices):
    """What is said of an audience. Figures of two measures are never added."""

    REACH = "reach", pgettext_lazy("audience", "reach")
    SHARE = "share", pgettext_lazy("audience", "share")
    AVERAGE = "average", pgettext_lazy("audience", "average audience")
    VIEWS = "views", pgettext_lazy("audience", "views")
    UNIQUE_USERS = "unique_users", pgettext_lazy("audience", "unique users")


class Unit(TextChoices):
    PEOPLE = "people", pgettext_lazy("unit", "people")
    PERCENT = "percent", pgettext_lazy("unit", "per cent")
    VIEWS = "views", pgettext_lazy("unit", "views")


UNIT_OF: dict[str, Unit] = {
    Measure.REACH: Unit.PEOPLE,
    Measure.SHARE: Unit.PERCENT,
    Measure.AVERAGE: Unit.PEOPLE,
    Measure.VIEWS: Unit.VIEWS,
    Measure.UNIQUE_USERS: Unit.PEOPLE,
}
# A panel says reach in people or in per cent of its universe.
UNITS: dict[str, frozenset[str]] = {
    Measure.REACH: frozenset({Unit.PEOPLE, Unit.PERCENT}),
    Measure.SHARE: frozenset({Unit.PERCENT}),
    Measure.AVERAGE: frozenset({Unit.PEOPLE}),
    Measure.VIEWS: frozenset({Unit.VIEWS}),
    Measure.UNIQUE_USERS: frozenset({Unit.PEOPLE}),
}


class MatchStatus(TextChoices):
    SUGGESTED = "suggested", pgettext_lazy("match", "suggested")
    CONFIRMED = "confirmed", pgettext_lazy("match", "confirmed")
    REJECTED = "rejected", pgettext_lazy("match", "rejected")
