"""Enrolments and certificates as lists across workshops; what is done to them is done on the workshop's page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.base import ReadOnlyAdmin, moment, page_link
from archive.admin.filters import ByChoice, HouseFilter
from archive.admin.item_deeds import ReasonForm
from broadcasters.admin.base import language_column
from broadcasters.permissions import may
from mediaexchange.core.admin_base import label, staff
from training.admin.base import TrainingAdmin, enrolment_label
from training.constants import EnrolmentStatus
from training.models import Certificate, Enrolment
from training.services.certificate import revoke_certificate
from training.views import pdf_of


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "status", "status", EnrolmentStatus


class _Rows(ReadOnlyAdmin, TrainingAdmin):
    def has_history_permission(self, request: HttpRequest, obj: Any) -> bool:
        return False


@admin.register(Enrolment)
class EnrolmentAdmin(_Rows):
    list_display = ("person", "broadcaster", "course", "state", "waits_as", "since")
    list_select_related = ("participant", "broadcaster", "workshop")
    list_filter = (StatusFilter, HouseFilter)
    fields = ("course", "person", "broadcaster", "state", "waits_as", "until", "reason", "since")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_place()
        return found

    @admin.display(description=_("place on the waiting list"), ordering="queue_number")
    def waits_as(self, enrolment: Any) -> str:
        return str(enrolment.place or "—")

    @admin.display(description=_("participant"))
    def person(self, enrolment: Enrolment) -> str:
        return str(enrolment.participant)

    @admin.display(description=_("workshop"))
    def course(self, enrolment: Enrolment) -> SafeString:
        return page_link(enrolment.workshop)

    @admin.display(description=_("status"), ordering="status")
    def state(self, enrolment: Enrolment) -> SafeString:
        return enrolment_label(enrolment)

    @admin.display(description=_("offered until"))
    def until(self, enrolment: Enrolment) -> str:
        return moment(enrolment.offer_ends_at)

    @admin.display(description=_("changed at"), ordering="changed_at")
    def since(self, enrolment: Enrolment) -> str:
        return moment(enrolment.changed_at)


@admin.register(Certificate)
class CertificateAdmin(_Rows):
    list_display = ("number", "person", "course", "issued", "standing", "pdf")
    list_select_related = ("enrolment__participant", "enrolment__workshop")
    search_fields = ("number",)
    fields = ("number", "person", "course", "language_name", "issued", "standing", "revocation_reason", "pdf", "revoke")
    readonly_fields = fields

    language_name = language_column()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related(
            "enrolment__participant", "enrolment__workshop__broadcaster", "enrolment__workshop__place"
        )

    @admin.display(description=_("participant"))
    def person(self, certificate: Certificate) -> str:
        return str(certificate.enrolment.participant)

    @admin.display(description=_("workshop"))
    def course(self, certificate: Certificate) -> SafeString:
        return page_link(certificate.enrolment.workshop)

    @admin.display(description=_("issued at"), ordering="issued_at")
    def issued(self, certificate: Certificate) -> str:
        return moment(certificate.issued_at)

    @admin.display(description=_("status"), ordering="revoked_at")
    def standing(self, certificate: Certificate) -> SafeString:
        return (
            label(pgettext_lazy("certificate", "valid"), "success")
            if certificate.is_valid
            else label(pgettext_lazy("certificate", "revoked"), "danger")
        )

    @admin.display(description="PDF")
    def pdf(self, certificate: Certificate) -> SafeString | str:
        if certificate.enrolment.participant.is_anonymous:
            return "—"
        address = reverse("admin:training_certificate_pdf", args=[certificate.pk])
        return format_html('<a class="ar-link" href="{}">PDF</a>', address)

    @admin.display(description=_("revocation"))
    def revoke(self, certificate: Certificate) -> SafeString | str:
        if not certificate.is_valid:
            return moment(certificate.revoked_at)
        address = reverse("admin:training_certificate_revoke", args=[certificate.pk])
        return format_html('<a class="ar-link" href="{}">{}</a>', address, _("Revoke…"))

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("<int:object_id>/pdf/", site.admin_view(self.pdf_view), name="training_certificate_pdf"),
            path("<int:object_id>/revoke/", site.admin_view(self.revoke_view), name="training_certificate_revoke"),
            *super().get_urls(),
        ]

    def pdf_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        certificate = self.get_object(request, str(object_id))
        if certificate is None:
            return self.missing(request, str(object_id))
        if certificate.enrolment.participant.is_anonymous:
            raise Http404
        return pdf_of(certificate)

    def revoke_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        certificate = self.get_object(request, str(object_id))
        if certificate is None:
            return self.missing(request, str(object_id))
        if not may(staff(request), "training.change_certificate", certificate.enrolment.workshop.broadcaster_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            revoke_certificate(certificate, actor=staff(request), reason=answers["reason"])

        return self.ask(
            request, certificate, title=_("Revoke"), form=ReasonForm, run=run,
            explanation=_("The public check says “revoked” from now on, and not why."),
        )  # fmt: skip
