"""The bell on every page of the admin."""

from typing import Any

from django import template

from mediaexchange.core.inbox.reading import COUNTED, unread_count
from mediaexchange.core.models import User

register = template.Library()


@register.inclusion_tag("core/inbox/bell.html", takes_context=True)
def bell(context: dict[str, Any]) -> dict[str, Any]:
    """How much the signed-in person has not read, in one statement that counts no further than it shows."""
    reader = context["request"].user
    count = unread_count(reader) if isinstance(reader, User) else 0
    return {"count": count, "is_capped": count > COUNTED, "most": COUNTED}
