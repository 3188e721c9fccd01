"""How much may hang on one story. Each part is read whole with every page, document and question about rights.

What a feed brings is bounded when it is read (``parsing.limits``) and replaced each time; this is for what desks add.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError
from newsexchange.models import Rendition, Restriction, Shot, Soundbite

MOST: dict[Any, int] = {Restriction: 200, Rendition: 500, Shot: 500, Soundbite: 500}
_REFUSALS: dict[Any, Any] = {
    Restriction: _("A story has at most %(limit)d restrictions."),
    Rendition: _("A story has at most %(limit)d files."),
    Shot: _("A story has at most %(limit)d shots."),
    Soundbite: _("A story has at most %(limit)d soundbites."),
}


def require_room(model: Any, *, before: int, after: int) -> None:
    """For a locked story: how many rows of the sort it has, and would have. Raises DomainError for growing too large.

    One that is too large already may still be changed and made smaller.
    """
    limit = MOST[model]
    if after > max(before, limit):
        raise DomainError("too-many", _REFUSALS[model] % {"limit": limit}, limit=limit)
