"""Background work of correspondents. It may run twice, be killed, or never start: rows hold what is due."""

from celery import shared_task

from correspondents.services.anniversary import remind_of_anniversaries
from correspondents.services.paper import expire_papers
from correspondents.services.reminders import remind_of_papers


@shared_task
def watch_papers() -> None:
    """Let papers end whose last day is over where they hold, and remind people of those that end or are due."""
    expire_papers()
    remind_of_papers()


@shared_task
def watch_anniversaries() -> None:
    """Remind desks of anniversaries that come near and that nobody has planned for them."""
    remind_of_anniversaries()
