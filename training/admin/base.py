"""What training's pages share: both zones beside each other, deeds that come by one address."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from archive.admin.base import ArchiveAdmin
from broadcasters.moments import both_zones
from mediaexchange.core.admin_base import ServiceAdmin, TranslatedAdmin, label
from training.constants import EnrolmentStatus, WorkshopStatus
from training.models import Enrolment, Workshop
from training.moments import zones_of

WORKSHOP_LOOK = {
    WorkshopStatus.DRAFT: "",
    WorkshopStatus.OPEN: "success",
    WorkshopStatus.RUNNING: "info",
    WorkshopStatus.COMPLETED: "",
    WorkshopStatus.CANCELLED: "danger",
}
ENROLMENT_LOOK = {
    EnrolmentStatus.NOMINATED: "info",
    EnrolmentStatus.CONFIRMED: "success",
    EnrolmentStatus.WAITING: "warning",
    EnrolmentStatus.OFFERED: "info",
    EnrolmentStatus.WITHDRAWN: "",
    EnrolmentStatus.REJECTED: "danger",
    EnrolmentStatus.LAPSED: "",
    EnrolmentStatus.CANCELLED: "danger",
}


class TrainingAdmin(ArchiveAdmin):
    class Media:
        css = {"all": ["training/training.css"]}


class TrainingRecordAdmin(TrainingAdmin, ServiceAdmin, TranslatedAdmin):
    """Records with translated fields whose form a service stores; the slug and the house stay what they were."""

    fixed: tuple[str, ...] = ("slug", "broadcaster")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, *self.fixed) if obj is not None else given


def in_both_zones(starts_at: datetime | None, ends_at: datetime | None, workshop: Workshop) -> SafeString | str:
    """One line for the host's clocks, one for the reader's, one for those of other parties that show something else.

    Reads ``programme.module.parties``.
    """
    if starts_at is None:
        return "—"
    lines = (
        (local.text, local.city)
        for local in both_zones(starts_at, ends_at, *zones_of(workshop, reader=timezone.get_current_timezone_name()))
    )
    rows = format_html_join("", '<span class="tr-zone">{} <span class="ar-sub">{}</span></span>', lines)
    return format_html('<span class="tr-zones">{}</span>', rows)


def workshop_label(workshop: Workshop) -> SafeString:
    return label(workshop.get_status_display(), WORKSHOP_LOOK[WorkshopStatus(workshop.status)])


def enrolment_label(enrolment: Enrolment) -> SafeString:
    return label(enrolment.get_status_display(), ENROLMENT_LOOK[EnrolmentStatus(enrolment.status)])
