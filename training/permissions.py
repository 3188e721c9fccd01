"""What each role may do with training.

Whom a house sends, its own coordinator, desk and administrator decide; who gets a seat, the host's coordinator.
A service account has the desk's role: a partner's system may nominate.
"""

from broadcasters.constants import Role
from broadcasters.permissions import grant

_COURSES = (
    "programme",
    "workshop",
    "session",
    "seatquota",
    "trainer",
    "material",
    "feedbackform",
    "question",
    "choice",
)
_SENDING = (Role.TRAINING_COORDINATOR, Role.EXCHANGE_DESK, Role.ADMINISTRATOR)
_HOSTING = (Role.TRAINING_COORDINATOR, Role.ADMINISTRATOR)

grant(Role.values, *(f"training.view_{name}" for name in (*_COURSES, "feedbackresponse")))
grant(
    _SENDING,
    "training.view_participant",
    "training.add_participant",
    "training.change_participant",
    "training.view_consent",
    "training.add_consent",
    "training.change_consent",
    "training.view_enrolment",
    "training.add_enrolment",
    "training.view_attendance",
    "training.view_certificate",
)
grant(
    _HOSTING,
    *(f"training.{verb}_{name}" for verb in ("add", "change") for name in _COURSES),
    *(f"training.delete_{name}" for name in ("seatquota", "trainer", "material", "question", "choice")),
    "training.change_enrolment",
    "training.change_attendance",
    "training.add_certificate",
    "training.change_certificate",
    "training.view_notice",
)
# Slides and hand-outs lie in the archive's store.
grant([Role.TRAINING_COORDINATOR], "archive.add_mediafile")
