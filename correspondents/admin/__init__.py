from correspondents.admin import (  # noqa: F401 — registers the pages
    assignment,
    correspondent,
    event,
    hand_over,
    kit,
    paper,
    requirement,
)
