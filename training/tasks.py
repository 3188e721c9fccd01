"""Background work of training. Every task may run twice, be killed, or never start: rows hold what is due."""

from celery import shared_task

from training.services.attendance import purge_failures
from training.services.enrolment import pass_on_offers
from training.services.mailing import send_next


@shared_task
def pass_offers_on() -> None:
    """Let offers end whose time is over, and give their seats and any other free ones to those who wait."""
    pass_on_offers()


@shared_task
def dispatch_notices() -> None:
    """Send participants what is due, until nothing is. Several may be at it side by side."""
    while send_next():
        pass


@shared_task
def purge_wrong_codes() -> None:
    """Forget wrong codes of long ago."""
    purge_failures()
