"""What documents say in words, in the active language: rights, AI, where a text comes from, moments in two zones."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediaexchange.core.rights.words import platform_label, territory_label
from newsexchange.constants import AiUse, EditionOrigin
from newsexchange.formats.outgoing import Outgoing
from newsexchange.parsing.base import Restriction

_SCOPES = {
    (False, False): gettext_lazy("Everywhere, on all platforms."),
    (False, True): gettext_lazy("Everywhere, on: %(platforms)s."),
    (True, False): gettext_lazy("In %(territories)s, on all platforms."),
    (True, True): gettext_lazy("In %(territories)s, on: %(platforms)s."),
}
_SCOPES_ELSEWHERE = {
    False: gettext_lazy("Everywhere except %(territories)s, on all platforms."),
    True: gettext_lazy("Everywhere except %(territories)s, on: %(platforms)s."),
}


def restriction_in_words(item: Restriction, zone: ZoneInfo) -> str:
    """One paragraph: the scope, then what is forbidden in it. Moments in this zone and in UTC."""
    return " ".join((*_scope(item, zone), *_bans(item)))


def text_origin_label(out: Outgoing) -> str:
    return str(EditionOrigin(out.text_origin).label)


def ai_label(out: Outgoing) -> str:
    """What readers and viewers are to be told: the desk's own label or, without one, the name of the use."""
    if out.ai_label:
        return out.ai_label
    if out.entry.ai_use:
        return str(AiUse(out.entry.ai_use).label)
    return text_origin_label(out) if out.text_origin == EditionOrigin.MACHINE else ""


def ownership_line(out: Outgoing) -> str:
    """The origin and who owns it, as it must stand with everything it offers."""
    return f"{out.origin.name} ({out.origin.ownership_label})"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """In the origin's zone, named, and in UTC: readers sit in several zones."""
    local, neutral = at.astimezone(zone), at.astimezone(UTC)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone.key}) = {date_format(neutral, 'DATETIME_FORMAT')} (UTC)"


def timecode(milliseconds: int | None) -> str:
    """Hours, minutes, seconds from the beginning of the recording, with a fraction only where there is one."""
    if milliseconds is None:
        return "–"
    seconds, fraction = divmod(milliseconds, 1000)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{clock}.{fraction:03d}" if fraction else clock


def _scope(item: Restriction, zone: ZoneInfo) -> Iterator[str]:
    words = {
        "territories": _listed(territory_label(name) for name in item.territories),
        "platforms": _listed(platform_label(name) for name in item.platforms),
    }
    scopes = _SCOPES_ELSEWHERE[bool(item.platforms)] if item.is_elsewhere else None
    yield str(scopes or _SCOPES[bool(item.territories), bool(item.platforms)]) % words
    if item.starts_at:
        yield _("From %(moment)s.") % {"moment": moment(item.starts_at, zone)}
    if item.ends_at:
        yield _("Until %(moment)s.") % {"moment": moment(item.ends_at, zone)}


def _bans(item: Restriction) -> Iterator[str]:
    if item.is_barred:
        yield _("No use.")
    if item.barred_competitors:
        yield _("Not for: %(names)s.") % {"names": _listed(item.barred_competitors)}
    if item.max_seconds is not None:
        yield _("At most %(seconds)d s.") % {"seconds": item.max_seconds}
    if item.reimport_hours is not None:
        yield _("Not to be shown by others in the country of origin for %(hours)d h after first publication.") % {
            "hours": item.reimport_hours
        }
    if item.no_online:
        yield _("No online use.")
    if item.no_archive:
        yield _("Not to be kept in an archive.")
    if item.no_edit:
        yield _("Not to be edited.")
    if item.no_resale:
        yield _("Not to be passed on or sold.")
    if item.note:
        yield _("In the source's words: “%(note)s”") % {"note": item.note}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
