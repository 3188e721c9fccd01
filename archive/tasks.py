"""Background work of the archive. Every task may run twice, be killed, or never start: rows hold what is due."""

import time

from celery import shared_task

from archive.media.local import forget_leftovers
from archive.services import fixity, importing, pipeline, steps, upload_check, validation
from archive.services.delivery import end_deliveries, prepare_next
from archive.services.delivery import wake_if_due as wake_cutters_if_due
from archive.services.licence import announce_expiries

WORK_S = 300.0  # then another worker's process takes over
_LONGEST_S = 13 * 3600  # a step ends itself long before


@shared_task
def check_uploads() -> None:
    """Look at uploads that are complete and take them into the store. A sweep: whoever was killed is followed."""
    upload_check.check_uploads()


@shared_task
def purge_uploads() -> None:
    """Forget uploads that nobody has continued, with their bytes."""
    upload_check.purge_uploads()


@shared_task
def prepare_deliveries() -> None:
    """Cut clips that were ordered until none is due. Several may be at it side by side."""
    while prepare_next():
        pass


@shared_task
def sweep_footage() -> None:
    """Wake a worker for clips that wait or were lost; close deliveries whose time is over; warn of ending licences."""
    wake_cutters_if_due()
    end_deliveries()
    while announce_expiries():
        pass


# Acknowledged at once: the step's row says what is due, and a message that came again would find nothing.
@shared_task(acks_late=False, time_limit=_LONGEST_S)
def run_steps() -> None:
    """Do steps of the pipeline, one after the other. A killed worker's step is due again when its lease ends."""
    forget_leftovers()
    ends = time.monotonic() + WORK_S
    while steps.run_next_step():
        if time.monotonic() > ends:
            pipeline.ring()
            return


@shared_task
def sweep_steps() -> None:
    """Wake workers for steps that nobody has heard of: a bell was missed, a retry is due, a lease has ended."""
    pipeline.wake_if_due()


@shared_task(acks_late=False, time_limit=_LONGEST_S)
def check_fixity() -> None:
    """Read a day's slice of the store again."""
    fixity.check_slice()


@shared_task(acks_late=False)
def make_demo_footage() -> None:
    """Of the demonstration only: the next file that it lacks. Its row in the timetable ends with the last one."""
    from archive.demo import make_footage

    make_footage()


@shared_task
def work_on_imports() -> None:
    """Read catalogue documents that wait, write those that were approved. Whoever was killed is followed."""
    importing.work_on_imports()


@shared_task
def sweep_imports() -> None:
    """Wake a worker for imports of which nobody has heard."""
    importing.wake_if_waiting()


@shared_task
def validate_changed_items() -> None:
    """Look again at items that were changed, until none is due."""
    while validation.validate_due():
        pass
