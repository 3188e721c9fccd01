"""What each role may do with media files."""

from broadcasters.constants import Role
from broadcasters.permissions import grant

grant(Role.values, "archive.view_mediafile")
grant(
    (Role.EDITOR, Role.EXCHANGE_DESK, Role.ARCHIVIST, Role.PRODUCER, Role.ADMINISTRATOR),
    "archive.add_mediafile",
)
