"""What lists can be narrowed to. Choices hold only what the user may see; an unknown value changes nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin.options import ModelAdmin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from broadcasters.models import Broadcaster
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import staff
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import LANGUAGES, STORED
from mediaexchange.core.models import User
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.words import platform_label, territory_label
from newsexchange.admin.weeks import bounds_of_week, weeks
from newsexchange.constants import (
    OfferStatus,
    PubStatus,
    QuarantineReason,
    QuarantineStatus,
    RequestStatus,
    StoryStatus,
    UseKind,
)
from newsexchange.models import Edition, Feed, Offer, Story, Take
from newsexchange.querysets import NOTICE_WAITS
from newsexchange.rights import is_usable

Choice = tuple[str, Any]


class ByWord(DropdownFilter):
    """A filter whose values are words, each standing for a condition."""

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        """Value → (label, condition)."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[Choice]:
        return [(word, label) for word, (label, _condition) in self.words(staff(request)).items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = self.words(staff(request)).get(self.value() or "")
        return queryset.filter(found[1]) if found else queryset


class ByRecord(DropdownFilter):
    """A filter whose values are ids of records the user may see."""

    column: str

    def records(self, user: User) -> QuerySet:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[Choice]:
        return [(str(record.pk), str(record)) for record in self.records(staff(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value() or ""
        return queryset.filter(**{self.column: int(chosen)}) if chosen in dict(self.lookup_choices) else queryset


class ByBroadcaster(ByRecord):
    def records(self, user: User) -> QuerySet:
        return Broadcaster.objects.visible_to(user)


class OriginFilter(ByBroadcaster):
    title, parameter_name, column = _("origin"), "origin", "broadcaster"


class StoryOriginFilter(ByBroadcaster):
    title, parameter_name, column = _("origin"), "origin", "story__broadcaster"


class TakerFilter(ByBroadcaster):
    title, parameter_name, column = _("taken by"), "taker", "broadcaster"


class FeedFilter(ByRecord):
    title, parameter_name, column = _("feed"), "feed", "feed"

    def records(self, user: User) -> QuerySet:
        return Feed.objects.visible_to(user)


class WhoseFilter(ByWord):
    title, parameter_name = _("whose"), "whose"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        mine = member_ids(user)
        waiting = Offer.objects.filter(story=OuterRef("pk"), to_broadcaster__in=mine, status=OfferStatus.OPEN)
        taken = Take.objects.filter(story=OuterRef("pk"), broadcaster__in=mine)
        return {
            "own": (_("our own"), Q(broadcaster__in=mine)),
            "offered": (_("offered to us"), Exists(waiting)),
            "taken": (_("taken by us"), Exists(taken)),
        }


class UsableFilter(DropdownFilter):
    """What one's own newsroom may use at home, on any platform or on one: the answer that each story's page gives."""

    title, parameter_name = _("usable in"), "usable"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[Choice]:
        homes = list(Broadcaster.objects.of(staff(request)))
        named = {home.slug: territory_label(home.country_code) for home in homes}
        if len(set(named.values())) < len(homes):
            named = {home.slug: f"{named[home.slug]} · {localized(home, 'abbreviation') or home}" for home in homes}
        for home in homes:
            yield home.slug, named[home.slug]
            for platform in PLATFORMS:
                yield f"{home.slug}.{platform}", f"{named[home.slug]} · {platform_label(platform)}"

    def usable(self, request: HttpRequest) -> Q | None:
        """The condition on stories; None for a value that is none of ours."""
        slug, _separator, platform = (self.value() or "").partition(".")
        home = Broadcaster.objects.of(staff(request)).filter(slug=slug).first() if slug else None
        if home is None or (platform and platform not in PLATFORMS):
            return None
        return is_usable(home, platform=platform)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        condition = self.usable(request)
        return queryset if condition is None else queryset.filter(condition)


class UsableStoryFilter(UsableFilter):
    """The same for rows that belong to a story."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        condition = self.usable(request)
        return queryset if condition is None else queryset.filter(story__in=Story.objects.filter(condition))


class StatusFilter(ByWord):
    title, parameter_name = _("status"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        published = Q(status=StoryStatus.PUBLISHED)
        return {"draft": (StoryStatus.DRAFT.label, Q(status=StoryStatus.DRAFT))} | {
            str(value): (value.label, published & Q(pubstatus=value)) for value in PubStatus
        }


class LanguageFilter(ByWord):
    title, parameter_name = _("language"), "language"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        def has(**condition: Any) -> Exists:
            return Exists(Edition.objects.filter(story=OuterRef("pk"), **condition))

        words: dict[str, tuple[Any, Any]] = {
            language.code: (language.autonym, has(language=language.code))
            for language in LANGUAGES
            if language.code in STORED
        }
        others = Edition.objects.filter(story=OuterRef("pk")).exclude(language__in=STORED)
        return words | {
            "other": (_("another language"), Exists(others)),
            "stale": (_("a stale translation"), has(is_stale=True)),
        }


class EmbargoFilter(ByWord):
    title, parameter_name = _("embargo"), "embargo"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        closed = Q(is_held=True) | Q(embargoed_until__gt=Now())
        return {"yes": (_("under embargo"), closed), "no": (_("free of embargo"), ~Q(is_held=True) & (
            Q(embargoed_until__isnull=True) | Q(embargoed_until__lte=Now())
        ))}  # fmt: skip


class OpenFilter(ByWord):
    title, parameter_name = _("open feeds"), "open"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {"yes": (_("released to open feeds"), Q(is_open=True)), "no": (_("partners only"), Q(is_open=False))}


class SinceFilter(ByWord):
    title, parameter_name, column = _("published"), "since", "published_at"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        today = timezone.localtime(timezone=ZoneInfo(user.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        return {
            "today": (_("today"), Q(**{f"{self.column}__gte": today})),
            "week": (_("in the last seven days"), Q(**{f"{self.column}__gte": today - timedelta(days=7)})),
        }


class OfferedSinceFilter(SinceFilter):
    title, column = _("offered"), "offered_at"


class WhichOfferFilter(ByWord):
    title, parameter_name = _("which"), "which"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        mine = member_ids(user)
        received, given = Q(to_broadcaster__in=mine), Q(story__broadcaster__in=mine)
        return {
            "to-answer": (_("to answer"), received & Q(status=OfferStatus.OPEN)),
            "received": (_("received"), received),
            "given": (_("given"), given),
            "all": (_("all"), Q()),
        }


class OfferStatusFilter(ByWord):
    title, parameter_name = _("status"), "answer"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(status=value)) for value in OfferStatus}


class NoticeFilter(ByWord):
    title, parameter_name = _("acknowledgement"), "acknowledged"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        waiting = NOTICE_WAITS
        return {
            "mine": (_("to be acknowledged by us"), waiting & Q(broadcaster__in=member_ids(user))),
            "others": (_("of our stories, by others"), waiting & Q(recall__story__broadcaster__in=member_ids(user))),
            "waiting": (_("waiting"), waiting),
            "overdue": (_("overdue"), waiting & Q(due_at__lt=Now())),
            "done": (_("acknowledged"), Q(acknowledged_at__isnull=False)),
        }


class HealthFilter(ByWord):
    """The same words as ``Feed.health``, asked of the database."""

    title, parameter_name = _("health"), "health"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        working = Q(is_active=True, failures=0)
        synced = working & Q(last_success_at__isnull=False)
        return {
            "healthy": (_("healthy"), synced & Q(heard_at__gte=Now() - F("quiet_after"))),
            "quiet": (_("quiet"), synced & Q(heard_at__lt=Now() - F("quiet_after"))),
            "failing": (_("failing"), Q(is_active=True, failures__gt=0)),
            "new": (_("new"), working & Q(last_success_at__isnull=True)),
            "stopped": (_("stopped"), Q(is_active=False)),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        heard = queryset.annotate(heard_at=Coalesce("last_new_at", "created_at"))
        return super().queryset(request, heard)


class QuarantineStatusFilter(ByWord):
    title, parameter_name = _("status"), "status_is"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(status=value)) for value in QuarantineStatus}


class QuarantineReasonFilter(ByWord):
    title, parameter_name = _("reason"), "reason_is"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(reason=value)) for value in QuarantineReason}


class WhichRequestFilter(ByWord):
    title, parameter_name = _("which"), "which"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        mine = member_ids(user)
        return {
            "to-answer": (_("to answer"), Q(to_broadcaster__in=mine, status__in=UNANSWERED)),
            "received": (_("received"), Q(to_broadcaster__in=mine)),
            "made": (_("ours"), Q(from_broadcaster__in=mine)),
        }


UNANSWERED = (RequestStatus.ASKED, RequestStatus.ACKNOWLEDGED)


class RequestStatusFilter(ByWord):
    title, parameter_name = _("status"), "state"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(status=value)) for value in RequestStatus}


class UseKindFilter(ByWord):
    title, parameter_name = _("kind"), "kind"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {str(value): (value.label, Q(kind=value)) for value in UseKind}


class UseOriginFilter(ByBroadcaster):
    title, parameter_name, column = _("origin"), "origin", "take__story__broadcaster"


class UserOfFilter(ByBroadcaster):
    title, parameter_name, column = _("used by"), "user", "take__broadcaster"


class ByWeek(DropdownFilter):
    """The week that begins on a Monday, by the clock of the person who looks; other days change nothing."""

    column: str

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[Choice]:
        return [(day.isoformat(), date_format(day, "DATE_FORMAT")) for day in reversed(weeks(staff(request)))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        try:
            starts_at, ends_at = bounds_of_week(date.fromisoformat(self.value() or ""), staff(request))
        except (ValueError, OverflowError):  # no day, or one whose week reaches beyond the calendar
            return queryset
        return queryset.filter(**{f"{self.column}__gte": starts_at, f"{self.column}__lt": ends_at})


class OfferedFilter(ByWeek):
    title, parameter_name, column = _("offered in the week of"), "week", "offered_at"


class TakenFilter(ByWeek):
    title, parameter_name, column = _("taken in the week of"), "week", "taken_at"


class UsedFilter(ByWeek):
    title, parameter_name, column = _("used in the week of"), "week", "used_at"


class OfferedToFilter(ByBroadcaster):
    title, parameter_name, column = _("offered to"), "partner", "to_broadcaster"
