"""Sizes of files as people of the active language write them."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

# SI prefixes in powers of a thousand, as disks are sold; the symbols follow each language's own standard.
_UNITS = (_("%(amount)s B"), _("%(amount)s kB"), _("%(amount)s MB"), _("%(amount)s GB"), _("%(amount)s TB"))


def size_in_words(size: int | None) -> str:
    """Bytes as “1.4 GB”, “1,4 ГБ”: one place after the point, none for bytes; a dash for no size."""
    if size is None:
        return "—"
    amount, unit = float(size), 0
    while round(amount, 1) >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    places = 1 if unit else 0
    rounded = round(amount, places)  # number_format cuts off
    return _UNITS[unit] % {"amount": number_format(rounded, places, use_l10n=True, force_grouping=True)}
