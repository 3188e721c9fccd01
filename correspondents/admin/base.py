"""What the pages of correspondents share: both clocks, moments typed by the place's clocks, states and terms."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import INPUT_CLASSES

from archive.admin.base import ArchiveAdmin
from broadcasters.moments import both_zones
from correspondents.constants import (
    AccessStatus,
    AssignmentStatus,
    EventStatus,
    HandOverStatus,
    PaperStatus,
    Priority,
    WishStatus,
)
from correspondents.models import Assignment, Paper
from correspondents.moments import today_in
from mediaexchange.core.admin_base import ServiceAdmin, TranslatedAdmin, label
from mediaexchange.core.validators import validate_day, validate_moment

ASSIGNMENT_LOOK = {
    AssignmentStatus.DRAFT: "",
    AssignmentStatus.ASSIGNED: "info",
    AssignmentStatus.ACCEPTED: "success",
    AssignmentStatus.IN_PROGRESS: "success",
    AssignmentStatus.COMPLETED: "",
    AssignmentStatus.DECLINED: "warning",
    AssignmentStatus.CANCELLED: "danger",
}
PAPER_LOOK = {
    PaperStatus.WANTED: "warning",
    PaperStatus.APPLIED: "info",
    PaperStatus.GRANTED: "success",
    PaperStatus.REFUSED: "danger",
    PaperStatus.EXPIRED: "danger",
    PaperStatus.REVOKED: "danger",
    PaperStatus.DROPPED: "",
}
ACCESS_LOOK = {
    AccessStatus.REQUESTED: "warning",
    AccessStatus.GRANTED: "success",
    AccessStatus.REFUSED: "danger",
    AccessStatus.WITHDRAWN: "",
}
HAND_OVER_LOOK = {
    HandOverStatus.OFFERED: "info",
    HandOverStatus.ACCEPTED: "success",
    HandOverStatus.DECLINED: "danger",
    HandOverStatus.WITHDRAWN: "",
}
EVENT_LOOK = {EventStatus.TENTATIVE: "warning", EventStatus.CONFIRMED: "success", EventStatus.CANCELLED: "danger"}
WISH_LOOK = {
    WishStatus.WANTED: "warning",
    WishStatus.PLANNED: "info",
    WishStatus.DELIVERED: "success",
    WishStatus.WITHDRAWN: "",
}
PRIORITY_LOOK = {Priority.LOW: "", Priority.NORMAL: "", Priority.HIGH: "warning", Priority.URGENT: "danger"}
SOON_DAYS = 60


class CorrespondentsAdmin(ArchiveAdmin):
    class Media:
        css = {"all": ["correspondents/correspondents.css"]}

    def named_page(self, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """A page of a row, below its own address."""
        guarded = self.admin_site.admin_view(view)
        full = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        pattern: URLPattern = path(f"<int:object_id>/{route}", guarded, name=full)
        return pattern

    def back(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """To the page of ours that the form names, else to the row's own."""
        return HttpResponseRedirect(self.back_to(request, self.address(obj)))


class CorrespondentsRecordAdmin(CorrespondentsAdmin, ServiceAdmin, TranslatedAdmin):
    """Records with translated fields whose form a service stores; some fields stay what they were."""

    fixed: tuple[str, ...] = ("broadcaster",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, *self.fixed) if obj is not None else given


class LocalMomentField(forms.Field):
    """A moment as clocks somewhere show it, without a zone: the form says whose clocks they are."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "class": " ".join([*INPUT_CLASSES, "max-w-2xl"])}, format="%Y-%m-%dT%H:%M"
    )
    default_validators = [validate_moment]

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            return datetime.fromisoformat(str(value)).replace(tzinfo=None)
        except ValueError:
            raise forms.ValidationError(_("Enter a day and a time.")) from None


class DayField(forms.DateField):
    """A day, picked by the browser's own means."""

    default_validators = [validate_day]
    widget = forms.DateInput(
        attrs={"type": "date", "class": " ".join([*INPUT_CLASSES, "max-w-2xl"])}, format="%Y-%m-%d"
    )
    input_formats = ["%Y-%m-%d"]


def at_clocks(moment: datetime | None, zone: str) -> datetime | None:
    """What a field of local moments shows for a stored one: hours and minutes, so that nobody changes what they see."""
    return moment.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None) if moment else None


def by_clocks(moment: datetime, zone: str) -> datetime:
    """The instant at which clocks of this zone show it; of two, the first."""
    return moment.replace(tzinfo=ZoneInfo(zone))


def in_both_zones(starts_at: datetime | None, ends_at: datetime | None, zone: str, *others: str) -> SafeString | str:
    """One line for the place's clocks, one for the reader's and for others that show something else."""
    if starts_at is None:
        return "—"
    lines = (
        (local.text, local.city)
        for local in both_zones(starts_at, ends_at, zone, timezone.get_current_timezone_name(), *others)
    )
    rows = format_html_join("", '<span class="co-zone">{} <span class="ar-sub">{}</span></span>', lines)
    return format_html('<span class="co-zones">{}</span>', rows)


def period_of(assignment: Assignment) -> SafeString | str:
    """By the clocks of the place, of the reader and of the house that sends. Reads ``broadcaster``."""
    return in_both_zones(
        assignment.starts_at, assignment.ends_at, assignment.time_zone, assignment.broadcaster.time_zone
    )


def assignment_label(assignment: Assignment) -> SafeString:
    return label(assignment.get_status_display(), ASSIGNMENT_LOOK[AssignmentStatus(assignment.status)])


def paper_label(paper: Paper) -> SafeString:
    return label(paper.get_status_display(), PAPER_LOOK[PaperStatus(paper.status)])


def day(value: date | None) -> str:
    return date_format(value, "SHORT_DATE_FORMAT") if value else "—"


def term_of(paper: Paper) -> SafeString | str:
    """The days of a paper with how near its end is: in words, a sign and a colour."""
    if paper.valid is None:
        return "—"
    last = paper.valid_until
    first = day(paper.valid_from)
    if last is None:
        return _("from %(first)s, without an end") % {"first": first}
    days = f"{first} – {day(last)}"
    left = (last - today_in(paper.time_zone)).days
    if paper.status != PaperStatus.GRANTED:
        return days
    if left < 0:
        return format_html('{} <strong class="co-term co-over">✕ {}</strong>', days, _("over"))
    words = ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left}
    if left > SOON_DAYS:
        return format_html('{} <span class="co-term co-good">✓ {}</span>', days, words)
    return format_html(
        '{} <strong class="co-term {}">! {}</strong>', days, "co-close" if left <= SOON_DAYS // 2 else "co-soon", words
    )
