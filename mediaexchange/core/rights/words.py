"""Reasons and conditions in words: names of territories and platforms, dates and shots, for the active language."""

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
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.rights.terms import Statement
from mediaexchange.core.rights.territories import NAMES, SET_NAMES

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
}


def message(statement: Statement, zone: ZoneInfo | None = None) -> str:
    """The statement in the active language, its moments in this zone or else the active one."""
    values = statement.values
    sentences = [_first(statement)]
    if platforms := values.get("platforms"):
        sentences.append(_("On: %(platforms)s.") % {"platforms": _listed(platform_label(name) for name in platforms)})
    if shots := values.get("shots"):
        sentences.append(_("Shots: %(shots)s.") % {"shots": _listed(str(place + 1) for place in shots)})
    if starts_at := values.get("starts_at"):
        sentences.append(_("From: %(moment)s.") % {"moment": _moment(starts_at, zone)})
    if ends_at := values.get("ends_at"):
        sentences.append(_("Until: %(moment)s.") % {"moment": _moment(ends_at, zone)})
    if note := values.get("note"):
        sentences.append(_("In the source's words: “%(note)s”") % {"note": note})
    return " ".join(sentences)


def territory_label(name: str, language: str | None = None) -> str:
    """What a reader of the language calls a code or set: the house's own label, or the usual one, or the bare name."""
    labels = settings.TERRITORY_LABELS.get(name) or NAMES.get(name) or SET_NAMES.get(name) or {}
    return resolve(labels, language or get_language() or DEFAULT).text or name


def platform_label(name: str) -> str:
    return str(PLATFORM_LABELS.get(name, name))


def _first(statement: Statement) -> str:
    values: dict[str, Any] = dict(statement.values)
    values["territories"] = _listed(territory_label(name) for name in values.get("territories", ()))
    if statement.code in ("barred", "barred-elsewhere", "competitor"):
        forms = _COMPETITOR if statement.code == "competitor" else _BARRED
        return str(forms[_form(statement)]) % values
    return str(_SENTENCES[statement.code]) % values


def _form(statement: Statement) -> int:
    if not statement.values.get("territories"):
        return 0
    return 2 if statement.values.get("is_elsewhere") else 1


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _moment(text: str, zone: ZoneInfo | None) -> str:
    """With the zone's name: people in two zones read it."""
    zone_name = str(zone or timezone.get_current_timezone())
    local = timezone.localtime(datetime.fromisoformat(text), zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone_name})"
