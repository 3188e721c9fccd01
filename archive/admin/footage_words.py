"""Rights in words for the pages: places, platforms, periods, counters; and the choices of forms about them."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from archive.constants import DeliveryStatus, GrantStatus, LineStatus, RequestStatus
from archive.models import Grant
from archive.periods import first_day, last_day
from archive.rights_rules import part_of_grant, seconds_left
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import ALIASES
from mediaexchange.core.rights.words import platform_label, territory_label
from mediaexchange.core.rights.words import territory_choices as territory_choices

LOOKS: dict[Any, str] = {
    RequestStatus.SUBMITTED: "info",
    RequestStatus.QUOTED: "warning",
    RequestStatus.APPROVED: "success",
    RequestStatus.PARTLY_APPROVED: "success",
    RequestStatus.REFUSED: "danger",
    RequestStatus.WITHDRAWN: "",
}
LINE_LOOKS: dict[Any, str] = {LineStatus.OPEN: "info", LineStatus.APPROVED: "success", LineStatus.REFUSED: "danger"}
GRANT_LOOKS: dict[Any, str] = {GrantStatus.ACTIVE: "success", GrantStatus.REVOKED: "danger"}
DELIVERY_LOOKS: dict[Any, str] = {
    DeliveryStatus.WAITING: "info",
    DeliveryStatus.READY: "success",
    DeliveryStatus.FAILED: "danger",
    DeliveryStatus.REVOKED: "danger",
    DeliveryStatus.ENDED: "",
}


def places(territories: list[str], *, is_elsewhere: bool = False) -> str:
    named = ", ".join(map(territory_label, territories))
    if not named:
        return _t("the whole world")
    return _t("everywhere except: %(territories)s") % {"territories": named} if is_elsewhere else named


def platforms_said(platforms: list[str]) -> str:
    return ", ".join(map(platform_label, platforms)) or _t("all platforms")


def days(starts_at: datetime | None, ends_at: datetime | None, time_zone: str) -> str:
    """First and last day in the zone of what is granted, named."""
    first = date_format(first_day(starts_at, time_zone), "SHORT_DATE_FORMAT") if starts_at else "…"
    last = date_format(last_day(ends_at, time_zone), "SHORT_DATE_FORMAT") if ends_at else "…"
    return f"{first} – {last} ({time_zone})"


def stretch(grant: Grant) -> str:
    """Where in the item, as clock times of the footage."""
    begins, ends = part_of_grant(grant)
    if begins is None and ends is None:
        return _t("the whole item")
    return f"{footage_clock(begins or 0)} – {footage_clock(ends or 0)}"


def footage_clock(ms: int) -> str:
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def seconds_counter(grant: Grant) -> SafeString | str:
    if grant.seconds is None:
        return f"{grant.used_ms // 1000} / ∞"
    used = grant.seconds - seconds_left(grant)
    return meter(used, grant.seconds)


def runs_counter(grant: Grant) -> SafeString | str:
    return f"{grant.runs_used} / ∞" if grant.runs is None else meter(grant.runs_used, grant.runs)


def meter(used: int, most: int) -> SafeString:
    """A number over a bar; the number says it all, the bar only helps."""
    return format_html(
        '<span class="ar-two">{} / {}<progress max="{}" value="{}" aria-hidden="true"></progress></span>',
        used, most, most, used,
    )  # fmt: skip


def platform_choices() -> list[tuple[str, str]]:
    return [(name, platform_label(name)) for name in PLATFORMS]


class TerritoryField(forms.ChoiceField):
    """One of the territories; an alias such as UK, which is not offered, is understood."""

    def prepare_value(self, value: Any) -> Any:
        return ALIASES.get(value, value)

    def to_python(self, value: Any) -> str:
        name = super().to_python(value)
        return ALIASES.get(name, name)


class TerritoriesField(forms.MultipleChoiceField):
    """Any number of territories; aliases, which are not offered, are understood."""

    def __init__(self) -> None:
        super().__init__(
            label=_("territories"), choices=territory_choices, required=False,
            widget=UnfoldAdminSelect2MultipleWidget, help_text=_("None is the whole world."),
        )  # fmt: skip

    def prepare_value(self, value: Any) -> list[str]:
        return [ALIASES.get(name, name) for name in value or ()]

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(self.prepare_value(super().to_python(value))))


def several(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=UnfoldAdminSelect2MultipleWidget, help_text=help_text
    )


def number(label: Any, *, least: int = 1, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=1_000_000, required=required, widget=UnfoldAdminIntegerFieldWidget,
        help_text=help_text,
    )  # fmt: skip


def line(label: Any, most: int, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=UnfoldAdminTextInputWidget, help_text=help_text
    )


def words(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5000, required=required, widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text=help_text,
    )  # fmt: skip


def day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=UnfoldAdminDateWidget, help_text=help_text)


def tags(text: str) -> list[str]:
    """Language tags that were written with commas or spaces between them."""
    return [tag for tag in text.replace(",", " ").split() if tag]


class ReasonForm(HelpedForm):
    reason = words(_("Reason"), required=True, help_text=_("The other house reads it."))
