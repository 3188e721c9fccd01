"""Whether a story can still change."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import ConflictError
from newsexchange.constants import PubStatus
from newsexchange.models import Story


def require_alive(story: Story) -> None:
    """Raise ConflictError for a killed story."""
    if story.pubstatus == PubStatus.CANCELED:
        raise ConflictError(
            "story-canceled",
            _("The story was killed; nothing revives it."),
            current=story.pubstatus,
            wanted=str(PubStatus.USABLE),
        )
