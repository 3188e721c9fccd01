"""What is made of a file: which steps it needs, who is at one, and what became of it.

Rows are the obligation. A step that runs is leased; its worker renews the lease while it works and, once it has lost
it, writes nothing any more. A message only says that something may be due.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.constants import StepError, StepKind, StepStatus
from archive.models import MediaFile, Step
from broadcasters.permissions import require
from mediaexchange.core import bell
from mediaexchange.core.errors import ConflictError
from mediaexchange.core.models import User

LEASE = timedelta(seconds=90)  # renewed every few seconds
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
TASK = "archive.tasks.run_steps"
_CLAIMING = 0x6D78_7374  # advisory lock key: "mxst"
_PICTURED = "image/"
_RECORDED = ("audio/", "video/", "application/mxf")
# A picture needs no proxy: browsers are shown its poster.
_OF_PICTURES = frozenset({StepKind.CHECKSUM, StepKind.PROBE, StepKind.POSTER})

log = structlog.get_logger(__name__)


def start_pipeline(file: MediaFile) -> None:
    """Note all steps of the file in the caller's transaction, and ring after it. Safe to repeat: none is done twice."""
    wanted = steps_of(file.content_type)
    Step.objects.bulk_create(
        [
            Step(file=file, kind=kind, status=StepStatus.WAITING if kind in wanted else StepStatus.SKIPPED)
            for kind in StepKind
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(ring)


def steps_of(content_type: str) -> frozenset[StepKind]:
    """What can be made of such content. What is inside a recording is known only when it has been probed."""
    if content_type.startswith(_RECORDED):
        return frozenset(StepKind)
    return _OF_PICTURES if content_type.startswith(_PICTURED) else frozenset({StepKind.CHECKSUM})


@transaction.atomic
def rerun_step(step: Step, *, actor: User | None) -> Step:
    """Let a step be done again, and those that failed for want of it. Raises ConflictError while somebody is at it."""
    require(actor, "archive.change_step", step.file.broadcaster_id)
    step = Step.objects.select_for_update(of=("self",), no_key=True).select_related("file").get(pk=step.pk)
    if step.status == StepStatus.SKIPPED:
        raise ConflictError("step-not-needed", _("This step is not needed for this file."), current=step.status)
    if Step.objects.filter(pk=step.pk, status=StepStatus.RUNNING, leased_until__gt=Now()).exists():
        raise ConflictError("step-running", _("This step is being done at the moment."), current=step.status)
    again = {"status": StepStatus.WAITING, "due_at": Now(), "attempts": 0, "progress_percent": 0, "error": ""}
    Step.objects.filter(pk=step.pk).update(**again, log="", lease_token=None, leased_until=None, finished_at=None)
    waiting = Step.objects.filter(file=step.file_id, status=StepStatus.FAILED, error=StepError.NEEDS_EARLIER)
    waiting.exclude(pk=step.pk).update(**again, log="")
    transaction.on_commit(ring)
    step.refresh_from_db()
    return step


@transaction.atomic
def claim_step() -> tuple[Step, UUID] | None:
    """The step that is due longest, leased; None if none is due, or as many run already as may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMING])
    if free_places() <= 0:
        return None
    due = Step.objects.due().select_for_update(skip_locked=True, of=("self",), no_key=True)
    for step in due.select_related("file").order_by("due_at", "pk")[:20]:
        if step.attempts >= MOST_ATTEMPTS:
            close_step(step, StepStatus.FAILED, error=StepError.GAVE_UP)
            continue
        token = uuid4()
        Step.objects.filter(pk=step.pk).update(
            status=StepStatus.RUNNING,
            attempts=F("attempts") + 1,
            progress_percent=0,
            lease_token=token,
            leased_until=Now() + LEASE,
            started_at=Now(),
            finished_at=None,
        )
        step.attempts += 1
        return step, token
    return None


def free_places() -> int:
    """How many more steps may run at once, everywhere together."""
    running = Step.objects.filter(status=StepStatus.RUNNING, leased_until__gt=Now()).count()
    return int(settings.MEDIA_STEPS_AT_ONCE) - running


def renew(step: Step, token: UUID, percent: int) -> bool:
    """Keep the lease and note the progress; False if it was lost."""
    mine = Step.objects.filter(pk=step.pk, lease_token=token, status=StepStatus.RUNNING)
    return bool(mine.update(leased_until=Now() + LEASE, progress_percent=percent))


def close_step(step: Step, status: StepStatus, *, error: str = "", log: str = "") -> None:
    """Inside a transaction that holds the row. What needs a step that failed has failed as well."""
    Step.objects.filter(pk=step.pk).update(
        status=status,
        error=error,
        log=log,
        progress_percent=100 if status == StepStatus.DONE else F("progress_percent"),
        lease_token=None,
        leased_until=None,
        finished_at=Now(),
    )
    if status == StepStatus.FAILED:
        Step.objects.that_need(step).update(status=StepStatus.FAILED, error=StepError.NEEDS_EARLIER, finished_at=Now())


def put_off(step: Step, *, error: str, log: str) -> None:
    """Try again ever later: what failed was not the file's fault."""
    wait = min(FIRST_WAIT * 2 ** max(0, step.attempts - 1), LONGEST_WAIT)
    Step.objects.filter(pk=step.pk).update(
        status=StepStatus.WAITING, due_at=Now() + wait, error=error, log=log, lease_token=None, leased_until=None
    )


def ring() -> None:
    """Wake one worker."""
    bell.wake(TASK, queue="media")


def wake_if_due() -> None:
    """Wake as many as find something to do and a place to do it."""
    waiting = Step.objects.due().count()
    for _number in range(min(waiting, free_places())):
        ring()
