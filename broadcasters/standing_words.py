"""What the standings of obligations are called, and how they look; the word is always there, the look only helps."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from broadcasters.obligations import Standing

STANDINGS: dict[Standing, tuple[Any, str]] = {
    Standing.NOT_BEGUN: (pgettext_lazy("obligation", "not begun"), ""),
    Standing.MET: (pgettext_lazy("obligation", "met"), "success"),
    Standing.ON_TRACK: (pgettext_lazy("obligation", "on track"), "info"),
    Standing.BEHIND: (pgettext_lazy("obligation", "behind"), "warning"),
    Standing.OVERDUE: (pgettext_lazy("obligation", "overdue"), "danger"),
    Standing.OVER: (pgettext_lazy("obligation", "over"), ""),
    Standing.NOT_COUNTED: (pgettext_lazy("obligation", "not counted"), ""),
}


def part_of(whole: int) -> str:
    """Why less is owed than agreed in a stretch that is not a whole week, month, quarter or year."""
    return _("in proportion; %(amount)s for a whole period") % {"amount": whole}
