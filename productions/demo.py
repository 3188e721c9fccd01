"""Co-productions of the demonstration: a documentary, a cultural exchange and a report. Their people are fictional.

Cuts to review take processor time that a start does not have: a timetable row has the workers make them, and what was
decided of them follows; see ``demo_cuts``.
"""

from collections.abc import Iterator

from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from broadcasters.constants import Area, ModuleState
from broadcasters.models import Module
from broadcasters.services.module import move_module
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import User
from productions import demo_liberators, demo_roads, demo_women
from productions.demo_cast import Cast
from productions.demo_cuts import is_lacking
from productions.demo_texts import REASONS, said
from productions.models import Production

ADMINISTRATOR = "belgrade-admin"
_TASK = "productions.tasks.make_demo_cuts"
_TIMETABLE_NAME = "demo-cuts"
_EVERY_S = 5
_PARTS = (demo_liberators, demo_women, demo_roads)


def load_productions() -> Iterator[str]:
    """Yields a line about each part. Safe to repeat: what is there is kept. Needs the demo's staff and archives."""
    yield f"Co-productions: {_load_all()} new."
    if is_lacking():
        _ask_for_cuts()
        yield "Cuts to review: made by the workers from now on."


@transaction.atomic
def _load_all() -> int:
    module = _start_module()
    if module is None:
        return 0
    known = set(Production.objects.values_list("slug", flat=True))
    fresh = [part for part in _PARTS if part.SLUG not in known]
    for part in fresh:
        part.load(Cast(module))
    # Nobody is written to about the past of a demonstration.
    Notification.objects.filter(kind__startswith="productions.", mail__isnull=True).update(mail_due_at=None)
    return len(fresh)


def _start_module() -> Module | None:
    """The running module of co-productions; None where there is none."""
    module = Module.objects.filter(area=Area.CO_PRODUCTION).order_by("pk").first()
    if module is not None and module.state == ModuleState.PROPOSED:
        admin = User.objects.get(username=ADMINISTRATOR)
        move_module(module, actor=admin, state=ModuleState.ACTIVE, reason=REASONS[0])
        Module.objects.filter(pk=module.pk).update(**said("state_reason", REASONS))
        module.refresh_from_db()
    return module if module is not None and module.is_running else None


def _ask_for_cuts() -> None:
    """A row of the timetable: whoever sweeps it finds what lacks, however often workers are killed."""
    every, _created = IntervalSchedule.objects.get_or_create(every=_EVERY_S, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.update_or_create(
        name=_TIMETABLE_NAME,
        defaults={"task": _TASK, "interval": every, "queue": "media", "expire_seconds": 30, "enabled": True},
    )


def end_timetable() -> None:
    """Nothing lacks any more."""
    PeriodicTask.objects.filter(name=_TIMETABLE_NAME).update(enabled=False)
