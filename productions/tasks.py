"""Background work of co-productions. Every task may run twice, be killed, or never start: rows hold what is due."""

from celery import shared_task

from productions.services.archive_use import announce_uncleared
from productions.services.instalment import tell_of_overdue
from productions.services.reminders import tell_of_schedules
from productions.services.review import announce_overdue


@shared_task
def tell_of_overdue_instalments() -> None:
    """Tell payers and payees, once an instalment."""
    tell_of_overdue()


@shared_task
def remind_of_schedules() -> None:
    """Tell of milestones that are late and of windows that open or end within a month."""
    tell_of_schedules()


@shared_task
def follow_reviews() -> None:
    """Tell parties that are late to decide, and partners of archive footage that is cleared no longer."""
    announce_overdue()
    announce_uncleared()


@shared_task(acks_late=False)
def make_demo_cuts() -> None:
    """Of the demonstration only: the next cut that it lacks. Its row in the timetable ends with the last one."""
    from productions.demo import end_timetable
    from productions.demo_cuts import make_next_cut

    if not make_next_cut():
        end_timetable()
