"""``may_use`` as a condition on many stories, computed by the database; a test holds both to the same answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateTimeField, Exists, F, Func, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Now

from mediaexchange.core.rights.terms import ONLINE, PLATFORMS
from mediaexchange.core.rights.territories import KNOWN, naming
from newsexchange.constants import OPENING_OFFERS, PubStatus, StoryStatus
from newsexchange.models import Edition, Offer


class IsLeft(Func):
    """Whether on some asked platform neither the whole story nor every one of its shots is barred.

    The evaluator's rules once more, in its order: time, platform, place, and then what is forbidden there.
    """

    output_field = BooleanField()
    template = """EXISTS (
      SELECT FROM (SELECT %(expressions)s) AS about (
               story, country, published_at, embargoed_until, at, platforms, online, codes, namings, names, known
             )
        CROSS JOIN unnest(about.platforms) AS platform (name)
        CROSS JOIN LATERAL (
          SELECT shot.id FROM newsexchange_shot AS shot WHERE shot.story_id = about.story
          UNION ALL
          SELECT NULL WHERE NOT EXISTS (SELECT FROM newsexchange_shot AS shot WHERE shot.story_id = about.story)
        ) AS part
       WHERE NOT EXISTS (
         SELECT FROM newsexchange_restriction AS term
           CROSS JOIN unnest(about.codes, about.namings) AS place (code, naming)
          WHERE term.story_id = about.story AND (term.shot_id IS NULL OR term.shot_id = part.id)
            AND (term.starts_at IS NULL OR term.starts_at <= about.at)
            AND (term.ends_at IS NULL OR term.ends_at > about.at)
            AND (cardinality(term.platforms) = 0 OR platform.name = ANY (term.platforms))
            AND (
              cardinality(term.territories) = 0
              OR CASE WHEN term.is_elsewhere
                      THEN NOT term.territories::text[] && string_to_array(place.naming, ',')
                      ELSE term.territories::text[] && string_to_array(place.naming, ',')
                           OR NOT term.territories::text[] <@ about.known END
            )
            AND (
              term.is_barred
              OR term.barred_names::text[] && about.names
              OR (term.no_online AND platform.name = ANY (about.online))
              OR (
                place.code = about.country
                AND term.reimport_hours IS NOT NULL
                AND (
                  about.published_at IS NULL
                  OR greatest(about.published_at, about.embargoed_until)
                     + term.reimport_hours * interval '1 hour' > about.at
                )
              )
            )
       )
    )"""


def usable(
    broadcaster_id: int,
    names: Iterable[str],
    territories: frozenset[str],
    platform: str = "",
    at: datetime | None = None,
) -> Q:
    """Stories that the broadcaster, known by these folded names, may use on the platform (any if "") at the moment.

    Every one of the ``territories`` is meant; ``at`` None is now by the database's clock.
    """
    moment: Any = Now() if at is None else Cast(Value(at), DateTimeField())
    codes = sorted(territories)
    is_left = IsLeft(
        F("pk"),
        F("broadcaster__country_code"),
        F("published_at"),
        F("embargoed_until"),
        moment,
        _array([platform] if platform else PLATFORMS),
        _array(ONLINE),
        _array(codes),
        _array(",".join(sorted(naming(code))) for code in codes),
        _array(names),
        _array(KNOWN),
    )
    return Q(broadcaster=broadcaster_id) | (_is_out(broadcaster_id, moment) & Q(is_left))


def _array(values: Iterable[str]) -> Cast:
    texts = ArrayField(TextField())
    return Cast(Value(list(values), output_field=texts), texts)


def _is_out(broadcaster_id: int, moment: Any) -> Q:
    """What must be so whatever the rights: published, offered, at its time, with a text that may be given."""
    offered = Offer.objects.filter(story_id=OuterRef("pk"), to_broadcaster=broadcaster_id, status__in=OPENING_OFFERS)
    texts = Edition.objects.filter(story_id=OuterRef("pk"))
    return (
        Q(status=StoryStatus.PUBLISHED, pubstatus=PubStatus.USABLE, is_held=False)
        & (Q(embargoed_until__isnull=True) | Q(embargoed_until__lte=moment))
        & (Q(expires_at__isnull=True) | Q(expires_at__gt=moment))
        & Exists(offered)
        & (~Exists(texts) | Exists(texts.given()))
    )
