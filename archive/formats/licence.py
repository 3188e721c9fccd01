"""A licence as people read it, in one language: who, what, where, how often, until when. All of it is plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from archive.constants import GrantStatus
from archive.models import Grant, Licence
from archive.periods import first_day, last_day
from archive.rights_rules import part_of_grant
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.own_names import own_name
from mediaexchange.core.rights.words import platform_label, territory_label

Facts = tuple[tuple[str, str], ...]  # (label, value)


@dataclass(frozen=True, slots=True)
class Line:
    """One grant of it."""

    title: str
    warning: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Page:
    language: str  # BCP 47, of everything here
    title: str
    warning: str
    facts: Facts
    heading: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    signatures: tuple[str, str]
    footer: str


def page(licence: Licence, grants: Sequence[Grant], language: str) -> Page:
    """Call it under the language of the page. Reads each grant's item and segment."""
    return Page(
        language=language,
        title=_("Licence %(number)s") % {"number": licence.number},
        warning=_warning(licence),
        facts=tuple((label, value) for label, value in _facts(licence) if value),
        heading=_("What is granted"),
        lines=tuple(_line(grant, place) for place, grant in enumerate(grants, start=1)),
        notes=tuple(_notes(licence)),
        signatures=(_("For the holder"), _("For the licensee")),
        footer=f"{licence.number} · {licence.uid}",
    )


def _warning(given: Licence | Grant) -> str:
    if given.status != GrantStatus.REVOKED or given.revoked_at is None:
        return ""
    at = moment(given.revoked_at, given.time_zone)
    return _("Revoked on %(moment)s: %(reason)s") % {"moment": at, "reason": given.revocation_reason}


def _facts(licence: Licence) -> Iterator[tuple[str, str]]:
    asked = licence.footage_request
    yield _("Holder"), localized(licence.holder, "name")
    yield _("Licensee"), localized(licence.licensee, "name")
    yield _("For the production"), asked.production_title
    yield _("Purpose"), asked.purpose
    yield _("First day"), date_format(first_day(licence.starts_at, licence.time_zone), "DATE_FORMAT")
    yield _("Last day, to its end"), date_format(last_day(licence.ends_at, licence.time_zone), "DATE_FORMAT")
    yield _("Time zone of these days"), licence.time_zone
    yield _("Ends at"), moment(licence.ends_at, licence.time_zone)
    yield _("Must be credited"), licence.credit_line or localized(licence.holder, "name")
    yield _("Issued"), moment(licence.created_at, licence.time_zone)


def _line(grant: Grant, place: int) -> Line:
    title = f"{place}. {localized(grant.item, 'title')} ({grant.item.identifier})"
    return Line(title, _warning(grant), tuple((label, value) for label, value in _grant_facts(grant) if value))


def _grant_facts(grant: Grant) -> Iterator[tuple[str, str]]:
    begins, ends = part_of_grant(grant)
    if begins is not None or ends is not None:
        segment = localized(grant.segment, "title") if grant.segment else ""
        stretch = f"{timecode(begins or 0)} – {timecode(ends or 0)}"
        yield _("Stretch"), f"{segment}, {stretch}" if segment else stretch
    yield _("Territory"), _territory(grant)
    yield _("Platforms"), ", ".join(map(platform_label, grant.platforms)) or _("all platforms")
    yield _("Language versions"), ", ".join(map(own_name, grant.languages)) or _("all languages")
    if grant.seconds is not None:
        yield _("Seconds, in all runs together"), number_format(grant.seconds, use_l10n=True)
    if grant.runs is not None:
        yield _("Runs"), number_format(grant.runs, use_l10n=True)
    if grant.repeat_hours:
        yield _("Repeats"), _("each run may be repeated within %(hours)d h") % {"hours": grant.repeat_hours}
    yield _("Exclusive"), _("yes") if grant.is_exclusive else _("no")
    if grant.embargoed_until:
        yield _("Embargo until"), moment(grant.embargoed_until, grant.time_zone)
    if grant.holdback_until:
        held = ", ".join(map(platform_label, grant.holdback_platforms)) or _("all platforms")
        yield _("Holdback until"), f"{moment(grant.holdback_until, grant.time_zone)} ({held})"


def _territory(grant: Grant) -> str:
    named = ", ".join(map(territory_label, grant.territories))
    if not named:
        return _("the whole world")
    return _("everywhere except: %(territories)s") % {"territories": named} if grant.is_elsewhere else named


def _notes(licence: Licence) -> Iterator[str]:
    yield from filter(None, licence.terms.splitlines())
    if licence.is_clip_only:
        yield _("Only the approved stretches are delivered.")
    yield _("A repeat within the hours named belongs to its run and counts none of its own.")
    yield _("Uses are reported to the holder. Rights of others in the footage were cleared as recorded at the issue.")
    yield _("Revoking the licence ends all of its grants and closes every download at once.")


def moment(at: datetime, time_zone: str) -> str:
    """In the licence's own zone, with its name."""
    return f"{date_format(at.astimezone(ZoneInfo(time_zone)), 'DATETIME_FORMAT')} ({time_zone})"


def timecode(ms: int) -> str:
    """h:mm:ss.mmm"""
    seconds, thousandths = divmod(ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
