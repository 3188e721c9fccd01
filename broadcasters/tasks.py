"""Background work on agreements. Due times are rows; these only ring."""

from celery import shared_task

from broadcasters.services import airing_import, airing_sheets, brief_sending
from broadcasters.services.agreement_reminders import remind_of_agreements


@shared_task
def dispatch_briefs() -> None:
    """Make and send the briefs that are due, until nothing is. Several may be at it side by side."""
    while brief_sending.plan_issues():
        pass
    while brief_sending.send_next():
        pass


@shared_task
def work_on_airing_imports() -> None:
    """Read as-run logs and audience tables that wait, write those that were approved, look for what was aired."""
    airing_import.work_on_imports()


@shared_task
def sweep_airing_imports() -> None:
    """Wake a worker for imports of which nobody has heard; let go of workbooks that nobody has decided on."""
    airing_import.wake_if_waiting()
    airing_sheets.forget_workbooks()


@shared_task
def watch_agreements() -> None:
    """Remind people of terms that end, last days for notice, promises and milestones that are due."""
    remind_of_agreements()
