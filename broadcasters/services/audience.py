"""Figures of audiences as somebody states them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import UNIT_OF, UNITS, Measure, Unit
from broadcasters.models import Airing, AudienceFigure, Broadcaster, Channel
from broadcasters.permissions import require
from broadcasters.services.audience_rows import find_subject
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record


@transaction.atomic
def state_figure(
    *,
    actor: User | None,
    stated_by: Broadcaster,
    measure: str,
    value: Decimal,
    source: str,
    as_of: date,
    unit: str = "",
    method: str = "",
    language: str = "",
    airing: Airing | None = None,
    channel: Channel | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    subject_uid: UUID | None = None,
) -> AudienceFigure:
    """Write down what a house says of an audience: of an airing, of a channel from day to day, or of an edition of a
    subject that the actor sees, by language. Safe to repeat.

    Raises ConflictError where the same source said another figure as of the same day, DomainError for what cannot be,
    ForbiddenError unless the actor speaks for that house.
    """
    require(actor, "broadcasters.add_audiencefigure", stated_by)
    if sum(each is not None for each in (airing, channel, subject_uid)) != 1:
        raise DomainError("figure-of-what", _("Name an airing, a channel with its days, or an edition of a subject."))
    unit = unit or UNIT_OF.get(measure, "")
    if measure not in Measure.values or unit not in UNITS[measure]:
        raise DomainError("bad-measure", _("This measure is not told in that unit."), field="unit")
    if value < 0 or (unit == Unit.PERCENT and value > 100):
        raise DomainError("figure-impossible", _("People are counted from 0, shares from 0 to 100."), field="value")
    if not source.strip():
        raise DomainError("source-missing", _("Say who measured it, and where that stands."), field="source")
    subject_type, made_by = "", None
    if airing is not None:
        if starts_on or ends_on:
            raise DomainError("figure-of-what", _("An airing has its own day."), field="starts_on")
        made_by, language = airing.origin_id, language or airing.language
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("days-missing", _("Say from which day to which."), field="starts_on")
    if channel is not None:
        if starts_on is None:
            raise DomainError("days-missing", _("Say from which day to which."), field="starts_on")
        ends_on = ends_on or starts_on
        if ends_on > stated_by.today():
            raise DomainError("figure-ahead", _("Only days that are over have an audience."), field="ends_on")
    if subject_uid is not None:
        found = find_subject(subject_uid, actor)
        if found is None:
            raise DomainError("subject-unknown", _("You see nothing of this identity."), field="subject_uid")
        if not language:
            raise DomainError("language-missing", _("Say which language edition."), field="language")
        subject_type, made_by = found
        ends_on = (ends_on or starts_on) if starts_on else None
    key = {
        "airing": airing, "channel": channel, "starts_on": starts_on, "ends_on": ends_on,
        "subject_type": subject_type, "subject_uid": subject_uid, "language": language, "measure": measure,
        "unit": unit, "source": source.strip(), "as_of": as_of, "stated_by": stated_by,
    }  # fmt: skip
    figure, is_new = AudienceFigure.objects.get_or_create(
        **key,
        defaults={"value": value, "method": method.strip(), "made_by_id": made_by, "recorded_by": actor},
    )
    if not is_new:
        if figure.value != value:
            raise ConflictError(
                "figure-stands",
                _("The same source has stated another figure as of this day."),
                current=str(figure.value),
            )
        return figure
    record(
        "airing.audience-stated",
        subject_type="audience-figure",
        subject_uid=figure.uid,
        audience=[stated_by.pk, *([made_by] if made_by else [])],
        actor=actor,
        measure=measure,
    )
    return figure
