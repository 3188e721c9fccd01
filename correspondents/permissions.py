"""What each role may do with correspondents.

A house's own desk sends its people; the host's desk answers for the access they are given. A service account has the
desk's role. Where somebody is and how they are reached is for the desk alone.
"""

from broadcasters.constants import Role
from broadcasters.permissions import grant

_DESK = (Role.EXCHANGE_DESK, Role.ADMINISTRATOR)
_PLANNING = (Role.EDITOR, *_DESK)

# Rows are narrowed by ``visible_to``: most see the planning calendar, the checklists and what is their own.
grant(
    Role.values,
    *(
        f"correspondents.view_{name}"
        for name in (
            "correspondent", "assignment", "paper", "handover", "accessgranted", "plannedevent", "coveragewish",
            "countryrequirement", "skill", "footagefiled",
        )
    ),
)  # fmt: skip
grant(
    (*_PLANNING, Role.PRODUCER),
    "correspondents.follow_assignment",  # all of the house's
    "correspondents.view_kit",
    "correspondents.view_kitbooking",
    "correspondents.view_overlappolicy",
)
grant(
    _PLANNING,
    *(
        f"correspondents.{verb}_{name}"
        for verb in ("add", "change")
        for name in ("assignment", "handover", "plannedevent", "coveragewish", "footagefiled", "kitbooking")
    ),
)
grant(
    _DESK,
    "correspondents.keep_paper",  # sees all of the house's, with their numbers
    "correspondents.view_whereabouts",
    *(
        f"correspondents.{verb}_{name}"
        for verb in ("add", "change")
        for name in ("correspondent", "whereabouts", "paper", "kit")
    ),
    "correspondents.host_assignment",  # coordinates those who come
    "correspondents.add_accessgranted",
    "correspondents.change_accessgranted",
)
grant(
    [Role.ADMINISTRATOR],
    *(
        f"correspondents.{verb}_{name}"
        for verb in ("add", "change")
        for name in ("countryrequirement", "overlappolicy", "skill")
    ),
    "correspondents.delete_overlappolicy",
)
