"""A picture for the demonstration's ferry, drawn here: so that one story has a file to look at and to fetch."""

from collections.abc import Iterator
from io import BytesIO

import typst

from mediaexchange.core.models import User
from newsexchange.demo_stories import FERRY
from newsexchange.models import Story
from newsexchange.services.media import attach_file

_NAME = "demo-ferry.png"
_DRAWN = b"""
#set page(width: 320pt, height: 180pt, margin: 0pt, fill: rgb("#cfe8f5"))
#place(bottom, rect(width: 100%, height: 60pt, fill: rgb("#2f6f9f")))
#place(center + bottom, dy: -50pt, rect(width: 150pt, height: 26pt, radius: 4pt, fill: rgb("#f4f4f4")))
#place(center + bottom, dy: -76pt, rect(width: 60pt, height: 22pt, radius: 3pt, fill: rgb("#e0b040")))
"""


def load_picture(editor: User) -> Iterator[str]:
    """Yields a line about it. Safe to repeat: the same content is the same file. Call it outside of a transaction."""
    story = Story.objects.get(slugline=FERRY, broadcaster__in=editor.memberships.values("broadcaster"))
    is_new = not story.renditions.exists()
    if is_new:
        drawn = typst.compile(_DRAWN, format="png", ppi=144)
        attach_file(story, BytesIO(drawn), actor=editor, original_name=_NAME, rel="web", title="Трајект на Дунаву")
    yield f"Pictures of stories: {int(is_new)} new."
