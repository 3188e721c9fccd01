"""Reasons and conditions in words: names of territories and platforms, dates and shots, for the active language."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import alphabetical
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.rights.terms import Statement
from mediaexchange.core.rights.territories import ALIASES, KNOWN, NAMES, SET_NAMES

PLATFORM_LABELS: Mapping[str, Message] = {
    "television": gettext_lazy("television"),
    "radio": gettext_lazy("radio"),
    "web": gettext_lazy("web"),
    "social": gettext_lazy("social media"),
    "streaming": gettext_lazy("streaming"),
    "mobile": gettext_lazy("mobile"),
}

_BARRED = (
    gettext_lazy("Use is barred everywhere."),
    gettext_lazy("Use is barred in: %(territories)s."),
    gettext_lazy("Use is barred everywhere except: %(territories)s."),
)
_COMPETITOR = (
    gettext_lazy("Your organisation is named among those that may not use it."),
    gettext_lazy("Your organisation is named among those that may not use it in: %(territories)s."),
    gettext_lazy("Your organisation is named among those that may not use it, except in: %(territories)s."),
)
_GRANTED = (
    gettext_lazy("Granted for the whole world."),
    gettext_lazy("Granted only in: %(territories)s."),
    gettext_lazy("Granted everywhere except in: %(territories)s."),
)
_FORMS: Mapping[str, tuple[Message, Message, Message]] = {
    "barred": _BARRED,
    "barred-elsewhere": _BARRED,
    "competitor": _COMPETITOR,
    "territory-not-granted": _GRANTED,
    "granted-in": _GRANTED,
}
# Rights of others inside footage.
RIGHT_LABELS: Mapping[str, Message] = {
    "music": gettext_lazy("music"),
    "performers": gettext_lazy("performers"),
    "third-party": gettext_lazy("third-party footage"),
    "authors": gettext_lazy("authors"),
    "likeness": gettext_lazy("people shown"),
}
_SENTENCES: Mapping[str, Message] = {
    "no-online": gettext_lazy("No online use."),
    "reimport": gettext_lazy("Not to be shown in %(territories)s by others for %(hours)d h after first publication."),
    "all-shots-barred": gettext_lazy("Every shot is barred."),
    "shots-barred": gettext_lazy("Some shots must not be used."),
    "platforms-barred": gettext_lazy("Some platforms are barred."),
    "barred-from": gettext_lazy("Use is barred from a later day on."),
    "max-seconds": gettext_lazy("Longest use: %(seconds)d s."),
    "no-archive": gettext_lazy("Not to be kept in an archive."),
    "no-edit": gettext_lazy("Not to be edited."),
    "no-resale": gettext_lazy("Not to be passed on or sold."),
    "use-until": gettext_lazy("Not to be used after its expiry."),
    "credit": gettext_lazy("Credit the source: %(credit)s"),
    "draft": gettext_lazy("The story is not published yet."),
    "withheld": gettext_lazy("The story is withheld."),
    "canceled": gettext_lazy("The story was killed."),
    "embargo": gettext_lazy("The story is under embargo."),
    "held": gettext_lazy("The story is held until somebody lifts the hold."),
    "expired": gettext_lazy("The story has expired."),
    "not-offered": gettext_lazy("The story is not offered to you."),
    "ai-undeclared": gettext_lazy("Every text is a machine translation whose use of AI nobody has declared."),
    "ai-unreviewed": gettext_lazy("Every text is a machine translation that no person has approved."),
    "ai-unmarked": gettext_lazy("Every text is synthetic without its mark, visible label or human reviewer."),
    "not-published": gettext_lazy("The footage is not published, or was withdrawn."),
    "not-shared": gettext_lazy("The footage is not shared with your organisation."),
    "module-paused": gettext_lazy("The module under which the footage is shared is paused."),
    "footage-embargo": gettext_lazy("The footage is under embargo."),
    "uncleared-music": gettext_lazy("Music in it is not cleared."),
    "uncleared-performers": gettext_lazy("Rights of performers in it are not cleared."),
    "uncleared-third-party": gettext_lazy("Footage of a third party in it is not cleared."),
    "uncleared-authors": gettext_lazy("Rights of authors in it are not cleared."),
    "uncleared-likeness": gettext_lazy("Rights of people shown in it are not cleared."),
    "clearance-refused": gettext_lazy("A rights owner has refused it (%(right)s)."),
    "cleared-elsewhere-only": gettext_lazy("Cleared only in (%(right)s): %(territories)s."),
    "cleared-platforms-only": gettext_lazy("Cleared for some platforms only (%(right)s)."),
    "clearance-ended": gettext_lazy("The clearance has ended (%(right)s)."),
    "cleared-until": gettext_lazy("Cleared for a time only (%(right)s)."),
    "no-grant": gettext_lazy("No grant or licence allows it."),
    "other-stretches-only": gettext_lazy("Only other stretches of it are granted."),
    "platform-not-granted": gettext_lazy("Granted for some platforms only."),
    "language-not-granted": gettext_lazy("Granted for some language versions only: %(languages)s."),
    "not-started": gettext_lazy("The grant has not begun."),
    "ended": gettext_lazy("The grant has ended."),
    "grant-embargo": gettext_lazy("The grant is under embargo."),
    "holdback": gettext_lazy("It is held back."),
    "runs-used-up": gettext_lazy("Runs used: %(used)d of %(runs)d."),
    "seconds-used-up": gettext_lazy("Of %(seconds)d s granted, %(left)d s are left."),
    "exclusive-to-another": gettext_lazy("Another organisation has it exclusively."),
    "grant-stands": gettext_lazy("The other grant holds for this time."),
    "revoked": gettext_lazy("The grant was revoked."),
    "repeat": gettext_lazy("A showing now repeats a run and counts as none."),
    "runs-left": gettext_lazy("Runs left: %(left)d of %(runs)d."),
    "repeat-window": gettext_lazy("Each run may be repeated within %(hours)d h."),
    "seconds-left": gettext_lazy("Seconds left, in all runs together: %(left)d of %(seconds)d."),
    "further-terms": gettext_lazy("Further terms of the licence: “%(terms)s”"),
}


def message(statement: Statement, zone: ZoneInfo | None = None) -> str:
    """The statement in the active language, its moments in this zone or else the active one.

    Moments that are said in a zone, such as a licence's end, stay in it.
    """
    values = statement.values
    if said_in := values.get("time_zone"):
        zone = ZoneInfo(said_in)
    sentences = [_first(statement)]
    if platforms := values.get("platforms"):
        sentences.append(_("On: %(platforms)s.") % {"platforms": _listed(platform_label(name) for name in platforms)})
    if shots := values.get("shots"):
        sentences.append(_("Shots: %(shots)s.") % {"shots": _listed(str(place + 1) for place in shots)})
    if stretches := values.get("stretches"):
        sentences.append(_("Stretches: %(stretches)s.") % {"stretches": _listed(map(_stretch, stretches))})
    if owner := values.get("owner"):
        sentences.append(_("Owner of the right: %(owner)s.") % {"owner": owner})
    if starts_at := values.get("starts_at"):
        sentences.append(_("From: %(moment)s.") % {"moment": _moment(starts_at, zone)})
    if ends_at := values.get("ends_at"):
        sentences.append(_("Until: %(moment)s.") % {"moment": _moment(ends_at, zone)})
    if note := values.get("note"):
        sentences.append(_("In the source's words: “%(note)s”") % {"note": note})
    if number := values.get("licence"):
        sentences.append(_("Licence %(number)s.") % {"number": number})
    return " ".join(sentences)


def said(statements: Iterable[Statement], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Statements as JSON-ready values with a message in the active language and the zone."""
    return [
        {"code": statement.code, "message": message(statement, zone), "values": dict(statement.values)}
        for statement in statements
    ]


def territory_label(name: str, language: str | None = None) -> str:
    """What a reader of the language calls a code or set: the house's own label, or the usual one, or the bare name."""
    labels = settings.TERRITORY_LABELS.get(name) or NAMES.get(name) or SET_NAMES.get(name) or {}
    return resolve(labels, language or get_language() or DEFAULT).text or name


def territory_choices() -> list[tuple[str, str]]:
    """Every code and set by the reader's alphabet; codes tell apart what has one name. Aliases are not offered."""
    names = {code: territory_label(code) for code in KNOWN - ALIASES.keys()}
    times = Counter(names.values())
    said = ((code, f"{name} ({code})" if times[name] > 1 else name) for code, name in names.items())
    return sorted(said, key=lambda choice: (alphabetical(choice[1]), choice[0]))


def platform_label(name: str) -> str:
    return str(PLATFORM_LABELS.get(name, name))


def _first(statement: Statement) -> str:
    values: dict[str, Any] = dict(statement.values)
    values["territories"] = _listed(territory_label(name) for name in values.get("territories", ()))
    values["right"] = RIGHT_LABELS.get(values.get("right", ""), values.get("right", ""))
    values["languages"] = _listed(values.get("languages", ()))
    if forms := _FORMS.get(statement.code):
        return str(forms[_form(statement)]) % values
    return str(_SENTENCES[statement.code]) % values


def _form(statement: Statement) -> int:
    if not statement.values.get("territories"):
        return 0
    return 2 if statement.values.get("is_elsewhere") else 1


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _stretch(part: Iterable[int | None]) -> str:
    """From and to in milliseconds, as clock times of the footage; None is its beginning or end."""
    return "–".join(
        "" if ms is None else f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}" for ms in part
    )


def _moment(text: str, zone: ZoneInfo | None) -> str:
    """With the zone's name: people in two zones read it."""
    zone_name = str(zone or timezone.get_current_timezone())
    local = timezone.localtime(datetime.fromisoformat(text), zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone_name})"
