"""What stands against delivery, in words and with links. The database is asked; no rule is written twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import localized
from productions.constants import DeliveryBar, RevisionKind
from productions.models import ArchiveUse, LanguageVersion, Production, Revision
from productions.services.stage import Blocker, gate_of_many, refuse_blocked

_ASKED = """
SELECT asked.production, bar.code, bar.archive_use_id, bar.broadcaster_id
  FROM unnest(%s::bigint[]) AS asked (production), productions_delivery_bars(asked.production, %s) AS bar
 ORDER BY bar.archive_use_id NULLS FIRST, bar.broadcaster_id
"""


@dataclass(frozen=True, slots=True)
class UseBlocker(Blocker):
    """A stretch of archive footage that is not cleared; ``code`` is of ``DeliveryBar``."""

    archive_use: str = ""
    item: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class PartyBlocker(Blocker):
    """A party whose approval of the final cut is missing."""

    broadcaster: str = ""


@gate_of_many("delivering")
def finals_and_licences(productions: Sequence[Production]) -> dict[int, list[Blocker]]:
    """The final cut is approved by every party, and all archive footage in it is cleared."""
    return _said(productions, None)


def require_deliverable(version: LanguageVersion) -> None:
    """Raises ConflictError "production-blocked" with all that stands against delivering anything of this version.

    The production is locked. Reads ``production.module``.
    """
    production = version.production
    refuse_blocked(production, "delivering", also=version_blockers(version))


def version_blockers(version: LanguageVersion) -> list[Blocker]:
    """What its declaration of AI lacks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT productions_ai_bars(%s)", [version.pk])
        codes = [code for (code,) in cursor.fetchall()]
    link = reverse("admin:productions_languageversion_change", args=[version.pk])
    return [
        Blocker(code, _("%(version)s: %(reason)s.") % {"version": version, "reason": DeliveryBar(code).label}, link)
        for code in codes
    ]


def use_blockers(use: ArchiveUse, codes: Sequence[str]) -> list[Blocker]:
    """The codes, as ``with_bars`` gives them, in words. Reads ``item.broadcaster`` and ``grant.licence``."""
    return [_use_blocker(use, code) for code in codes]


def _said(productions: Sequence[Production], version_id: int | None) -> dict[int, list[Blocker]]:
    """In four statements, however many productions."""
    found: dict[int, list[Blocker]] = {each.pk: [] for each in productions}
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [list(found), version_id])
        rows: list[tuple[int, str, int | None, int | None]] = cursor.fetchall()
    uses = ArchiveUse.objects.select_related("item__broadcaster", "grant__licence").in_bulk(
        {use for _production, _code, use, _house in rows if use}
    )
    houses = Broadcaster.objects.in_bulk({house for _production, _code, _use, house in rows if house})
    finals: dict[int, Revision] = {}
    if houses:
        current = Revision.objects.current().filter(kind=RevisionKind.FINAL_CUT, production__in=found)
        finals = {revision.production_id: revision for revision in current}
    for production, code, use, house in rows:
        if use:
            found[production].append(_use_blocker(uses[use], code))
        elif house:
            found[production].append(_party_blocker(finals[production], houses[house]))
        elif code == DeliveryBar.FINAL_CUT_MISSING:
            found[production].append(_missing(production))
    return found  # that the module runs is a gate of its own


def _missing(production: int) -> Blocker:
    link = f"{reverse('admin:productions_revision_changelist')}?production__id__exact={production}"
    return Blocker(DeliveryBar.FINAL_CUT_MISSING.value, _("No final cut has been submitted."), link)


def _party_blocker(final: Revision, house: Broadcaster) -> Blocker:
    said = _("%(house)s has not approved the final cut (%(revision)s).")
    return PartyBlocker(
        DeliveryBar.FINAL_CUT_UNAPPROVED.value,
        said % {"house": localized(house, "name") or house.slug, "revision": final},
        reverse("admin:productions_revision_change", args=[final.pk]),
        broadcaster=house.slug,
    )


def _use_blocker(use: ArchiveUse, code: str) -> Blocker:
    licence = use.licence
    about: dict[str, Any] = {
        "item": f"{localized(use.item, 'title') or use.item.identifier} ({use.item.identifier})",
        "stretch": f" {_clock(use.in_ms)}–{_clock(use.out_ms or 0)}" if use.in_ms is not None else "",
        "licence": f" ({_('licence %(number)s') % {'number': licence.number}})" if licence else "",
        "reason": _reason(use, code),
    }
    return UseBlocker(
        code,
        _("%(item)s%(stretch)s: %(reason)s%(licence)s.") % about,
        reverse("admin:productions_archiveuse_change", args=[use.pk]),
        archive_use=str(use.uid),
        item=str(use.item.uid),
        licence=licence.number if licence else "",
    )


def _reason(use: ArchiveUse, code: str) -> str:
    ends_at = use.grant.period.upper if use.grant else None
    if code == DeliveryBar.LICENCE_EXPIRED and ends_at:
        day = date_format(localtime(ends_at), "SHORT_DATE_FORMAT")
        return _("the licence has expired on %(day)s") % {"day": day}
    if code == DeliveryBar.SECONDS_EXCEEDED and use.grant:
        return _("more is used than the %(seconds)d s that are licensed") % {"seconds": use.grant.seconds or 0}
    return str(DeliveryBar(code).label)


def _clock(ms: int) -> str:
    """Minutes and seconds of the item, as 2:03."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"
