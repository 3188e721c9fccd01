"""``may_use`` for whole items as a condition, computed by the database; a test holds both to the same answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Now

from archive.constants import Access, GrantStatus, ItemStatus
from archive.models import Grant, UnderlyingRight
from archive.models.rights import territory_numbers
from broadcasters.constants import RUNNING_STATES, Area
from broadcasters.models import Module
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import naming


class IsCleared(Func):
    """Whether on some asked platform no right of others stands against the item, and it is the house's own or one grant
    covers it all. The rules of ``rights_rules`` once more, in their order."""

    output_field = BooleanField()
    template = """EXISTS (
      SELECT FROM (SELECT %(expressions)s) AS about (
               item, is_own, is_shared, house, at, platforms, platform_numbers, territory_numbers, namings
             )
        CROSS JOIN unnest(about.platforms, about.platform_numbers) AS platform (name, number)
       WHERE NOT EXISTS (
               SELECT FROM archive_underlyingright AS others
                WHERE others.item_id = about.item
                  AND (
                    others.clearance <> 'cleared'
                    OR others.ends_at <= about.at
                    OR (cardinality(others.platforms) > 0 AND NOT platform.name = ANY (others.platforms))
                    OR (cardinality(others.territories) > 0 AND EXISTS (
                          SELECT FROM unnest(about.namings) AS place (naming)
                           WHERE NOT others.territories::text[] && string_to_array(place.naming, ',')))
                  )
             )
         AND (
           about.is_own
           OR EXISTS (
             SELECT FROM archive_grant AS granted
              WHERE granted.item_id = about.item AND granted.status = 'active'
                AND (granted.grantee_id = about.house OR (granted.grantee_id IS NULL AND about.is_shared))
                AND lower_inf(granted.part) AND upper_inf(granted.part)
                AND granted.period @> about.at
                AND granted.territory_numbers @> about.territory_numbers
                AND platform.number = ANY (granted.platform_numbers)
                AND (granted.embargoed_until IS NULL OR granted.embargoed_until <= about.at)
                AND (
                  granted.holdback_until IS NULL OR granted.holdback_until <= about.at
                  OR (cardinality(granted.holdback_platforms) > 0
                      AND NOT platform.name = ANY (granted.holdback_platforms))
                )
                AND (
                  (
                    (granted.runs IS NULL OR granted.runs_used < granted.runs)
                    AND (granted.seconds IS NULL OR granted.used_ms < granted.seconds::bigint * 1000)
                  )
                  OR EXISTS (
                    SELECT FROM archive_grantuse AS run
                     WHERE run.grant_id = granted.id AND run.taken_back_at IS NULL AND NOT run.is_repeat
                       AND run.started_at <= about.at
                       AND run.started_at + granted.repeat_hours * interval '1 hour' > about.at
                  )
                )
           )
         )
    )"""


def cleared(broadcaster_id: int, territories: frozenset[str], platform: str = "", at: datetime | None = None) -> Q:
    """Items that the broadcaster may use on the platform (any if "") in every one of the territories at the moment.

    ``at`` None is now by the database's clock.
    """
    moment: Any = Now() if at is None else Cast(Value(at), DateTimeField())
    platforms = [platform] if platform else list(PLATFORMS)
    is_cleared = IsCleared(
        F("pk"),
        ExpressionWrapper(Q(broadcaster=broadcaster_id), BooleanField()),
        ExpressionWrapper(_is_shared(broadcaster_id), BooleanField()),
        Value(broadcaster_id),
        moment,
        _texts(platforms),
        _numbers(map(PLATFORMS.index, platforms)),
        _numbers(territory_numbers(territories, False)),
        _texts(",".join(sorted(naming(code))) for code in sorted(territories)),
    )
    # Sub-queries that do not depend on the item are hashed once; few items are left for the long question.
    burdened = UnderlyingRight.objects.values("item")
    granted = Grant.objects.filter(Q(grantee=broadcaster_id) | Q(grantee__isnull=True), status=GrantStatus.ACTIVE)
    own = Q(broadcaster=broadcaster_id) & (~Q(pk__in=burdened) | Q(is_cleared))
    out = Q(status=ItemStatus.PUBLISHED) & (Q(embargoed_until__isnull=True) | Q(embargoed_until__lte=moment))
    return own | ~Q(broadcaster=broadcaster_id) & out & Q(pk__in=granted.values("item")) & Q(is_cleared)


def _is_shared(broadcaster_id: int) -> Q:
    parties = Module.parties.through.objects
    modules = parties.filter(
        broadcaster_id=OuterRef("broadcaster_id"),
        module__area=Area.ARCHIVE,
        module__state__in=RUNNING_STATES,
        module__in=parties.filter(broadcaster=broadcaster_id).values("module"),
    )
    return Q(access=Access.PUBLIC) | Q(access=Access.PARTNERS) & Q(Exists(modules))


def _texts(values: Iterable[str]) -> Cast:
    texts = ArrayField(TextField())
    return Cast(Value(list(values), output_field=texts), texts)


def _numbers(values: Iterable[int]) -> Cast:
    numbers = ArrayField(IntegerField())
    return Cast(Value(list(values), output_field=numbers), numbers)
