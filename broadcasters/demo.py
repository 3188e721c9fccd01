"""Obligations in the demonstration, and since when its modules run: made up, under a memorandum that is public."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from broadcasters.constants import Rhythm
from broadcasters.models import Broadcaster, Memorandum, Module, ModuleMove, Obligation
from mediaexchange.core.inbox.models import Notification

_MEMORANDUM = "ptrc-rts"
_MONTHS = 4
# debtor, creditor, indicator, amount, rhythm, titles
_OWED: tuple[tuple[str, str, str, int, str, dict[str, str]], ...] = (
    (
        "rts", "ptrc", "stories-offered", 5, Rhythm.MONTH,
        {
            "sr": "Пет вести месечно понуђено Астани", "kk": "Астанаға айына бес жаңалық ұсыну",
            "ru": "Пять новостей в месяц для Астаны", "en": "Five stories a month offered to Astana",
        },
    ),
    (
        "ptrc", "rts", "seats-filled", 4, Rhythm.YEAR,
        {
            "sr": "Четири места годишње на радионицама у Београду", "kk": "Белград семинарларында жылына төрт орын",
            "ru": "Четыре места в год на семинарах в Белграде", "en": "Four seats a year in workshops in Belgrade",
        },
    ),
    (
        "ptrc", "rts", "seconds-licensed", 20, Rhythm.QUARTER,
        {
            "sr": "Двадесет секунди архивских снимака тромесечно",
            "kk": "Тоқсанына жиырма секунд мұрағат бейнематериалы",
            "ru": "Двадцать секунд архивных материалов в квартал", "en": "Twenty seconds of archive footage a quarter",
        },
    ),
)  # fmt: skip


@transaction.atomic
def load_obligations() -> Iterator[str]:
    """Yields a line about them. Safe to repeat: an obligation with the same debtor and indicator is kept."""
    memorandum = Memorandum.objects.get(slug=_MEMORANDUM)
    begun = _begun()
    fresh = 0
    for debtor, creditor, counted, amount, rhythm, titles in _OWED:
        houses: dict[str, Any] = {
            "debtor": Broadcaster.objects.get(slug=debtor), "creditor": Broadcaster.objects.get(slug=creditor)
        }  # fmt: skip
        values = {"amount": amount, "rhythm": rhythm, "starts_on": begun}
        texts = {f"title_{language}": text for language, text in titles.items()}
        _row, created = Obligation.objects.get_or_create(
            memorandum=memorandum, indicator=counted, **houses, defaults=values | texts
        )
        fresh += created
    yield f"Obligations under a memorandum: {fresh} new."


@transaction.atomic
def date_modules() -> Iterator[str]:
    """Have the modules that the demonstration has started run since its obligations began. Yields a line about it.

    Safe to repeat: one that somebody has moved since keeps its dates.
    """
    begun = datetime.combine(_begun(), time(8), UTC)
    moved = Module.objects.running().annotate(times=Count("moves")).filter(times__lte=1, state_changed_at__gt=begun)
    uids = list(moved.values_list("uid", flat=True))
    modules = list(moved.values_list("pk", flat=True))
    Module.objects.filter(pk__in=modules).update(state_changed_at=begun)
    ModuleMove.objects.filter(module__in=modules).update(at=begun)
    # Nobody is told today of what began long ago.
    Notification.objects.filter(kind="broadcasters.module-moved", subject_uid__in=uids).delete()
    yield f"Modules that run since {begun:%Y-%m-%d}: {len(modules)} new."


def _begun() -> date:
    begun: date = timezone.localdate().replace(day=1) - relativedelta(months=_MONTHS)
    return begun
