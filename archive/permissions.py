"""What each role may do with the archive."""

from broadcasters.constants import Role
from broadcasters.permissions import grant

_CATALOGUE = (
    "collection", "series", "item", "itemtitle", "itemdescription", "itemdate", "itemidentifier", "credit", "itemplace",
    "instantiation", "segment", "timedtext",
)  # fmt: skip
_SEEN = (
    "mediafile", "upload", "track", "step", "derivative", "preservationevent", "underlyingright", "grant", "grantuse",
    "footagerequest", "requestline", "licence", "footagedelivery", "download", "catalogueimport", "importrow",
)  # fmt: skip

grant(Role.values, *(f"archive.view_{name}" for name in (*_CATALOGUE, *_SEEN)))
grant(
    (Role.EDITOR, Role.EXCHANGE_DESK, Role.ARCHIVIST, Role.PRODUCER, Role.ADMINISTRATOR),
    "archive.add_mediafile",
    "archive.add_upload",
)
grant(
    (Role.ARCHIVIST, Role.ADMINISTRATOR),
    *(f"archive.{verb}_{name}" for verb in ("add", "change", "delete") for name in _CATALOGUE),
    "archive.add_catalogueimport",
    "archive.change_catalogueimport",
    "archive.change_upload",
    "archive.change_step",
)
grant(
    (Role.ARCHIVIST, Role.RIGHTS_OFFICER, Role.ADMINISTRATOR),
    *(f"archive.{verb}_underlyingright" for verb in ("add", "change", "delete")),
)
# Deciding over rights is the rights officer's; asking another house for footage is the work of those who need it.
grant(
    (Role.RIGHTS_OFFICER, Role.ARCHIVIST, Role.ADMINISTRATOR),
    "archive.add_grant",
    "archive.change_grant",
    "archive.change_footagerequest",
    "archive.change_licence",
)
grant(
    (Role.EDITOR, Role.EXCHANGE_DESK, Role.PRODUCER, Role.ARCHIVIST, Role.ADMINISTRATOR),
    "archive.add_footagerequest",
    "archive.add_footagedelivery",
    "archive.add_grantuse",
)
