"""Deliverables: handed over, accepted, sent back, each with its reason."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now, TruncDate
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from archive.admin.base import moment, page_link, short_name
from archive.admin.filters import ByChoice, ByWord
from archive.models import Instantiation, MediaFile
from broadcasters.models import Broadcaster
from broadcasters.permissions import may
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.models import User
from productions.admin.base import ProductionPagesAdmin, header_of
from productions.admin.review import CarrierField
from productions.admin.versions import deliverable_label
from productions.constants import DELIVERABLE_MOVES, DeliverableKind, DeliverableStatus
from productions.models import Deliverable, LanguageVersion, Partner, Production
from productions.services.deliverable import (
    CHANGE,
    accept_deliverable,
    deliver,
    deliverable_link,
    reject_deliverable,
    save_deliverable,
)
from productions.services.delivery_gate import version_blockers
from productions.services.stage import blockers_of

_MOST_FILES = 200


class DeliverableForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_deliverable(self.instance, actor=self.user, changed=set(self.changed_data))


class HandOverForm(HelpedForm):
    """One of both: carriers and files of the house that owes it."""

    instantiation = CarrierField(
        label=gettext_lazy("carrier or file of the archive"), required=False, queryset=Instantiation.objects.none(),
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    file = forms.ModelChoiceField(
        label=gettext_lazy("file"), required=False, queryset=MediaFile.objects.none(), widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("A file of the store that is in no catalogue. Bring new ones in by “uploads”."),
    )  # fmt: skip

    def __init__(self, *args: Any, deliverable: Deliverable, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = deliverable.supplier_id
        carriers = Instantiation.objects.visible_to(user).filter(item__broadcaster=house).order_by("-pk")
        files = MediaFile.objects.visible_to(user).ready().filter(broadcaster=house).order_by("-pk")
        for name, rows in (("instantiation", carriers), ("file", files)):
            youngest = list(rows.values_list("pk", flat=True)[:_MOST_FILES])
            field: Any = self.fields[name]
            field.queryset = rows.model._default_manager.filter(pk__in=youngest).order_by("-pk")
        self.fields["instantiation"].queryset = self.fields["instantiation"].queryset.select_related("item")  # type: ignore[attr-defined]


class RejectionForm(HelpedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=5000, widget=UnfoldAdminTextareaWidget,
        help_text=gettext_lazy("What is wrong with it. The partner that owes it is told."),
    )  # fmt: skip


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = gettext_lazy("kind"), "kind", "kind", DeliverableKind


class StatusFilter(ByChoice):
    title, parameter_name, column, choices_of = gettext_lazy("status"), "state", "status", DeliverableStatus


class SideFilter(ByWord):
    title, parameter_name = gettext_lazy("side"), "side"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        owed = Q(pk__in=Deliverable.objects.owed().values("pk"))
        return {
            "ours": (_("owed by us"), Q(supplier__in=member_ids(user))),
            "theirs": (_("owed to us"), Q(broadcaster__in=member_ids(user))),
            "late": (_("overdue"), owed & Q(due_on__lt=TruncDate(Now()))),
        }


@admin.register(Deliverable)
class DeliverableAdmin(ProductionPagesAdmin, ServiceAdmin):
    form = DeliverableForm
    list_display = ("what", "production_shown", "version", "to", "by", "state", "due")
    list_display_links = ("what",)
    list_filter = (StatusFilter, KindFilter, SideFilter)
    search_fields = ("version__production__slug", "version__language")
    fields = ("version", "kind", ("supplier", "broadcaster"), "due_on", "specification")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(
            "version__production__stage", "version__production__module", "broadcaster", "supplier",
            "instantiation__item", "file", "delivered_by", "decided_by",
        )  # fmt: skip

    def production_of(self, obj: Any) -> Production:
        found: Production = obj.version.production
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        return given if obj is None else (*given, "version", "kind", "broadcaster")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        user = staff(request)
        if db_field.name == "version":
            productions = Production.objects.changeable_by(user, "productions.add_deliverable")
            return LanguageVersion.objects.wanted().filter(production__in=productions).select_related("production")
        if db_field.name in ("supplier", "broadcaster"):
            seen = Production.objects.visible_to(user)
            return Broadcaster.objects.filter(pk__in=Partner.objects.filter(production__in=seen).values("broadcaster"))
        return super().get_field_queryset(db, db_field, request)

    def boxes_of(self, request: HttpRequest, subject: Deliverable) -> list[SafeString]:
        user = staff(request)
        gives = may(user, CHANGE, subject.supplier_id)
        takes = may(user, CHANGE, subject.broadcaster_id)
        wanted = DELIVERABLE_MOVES[subject.status]
        has_file = bool(subject.file_id or (subject.instantiation and subject.instantiation.file_id))
        context = header_of(request, self.production_of(subject)) | {
            "row": subject,
            "state": deliverable_label(subject),
            "deliver": self._route("deliver", subject) if gives and "delivered" in wanted else "",
            "accept": self._route("accept", subject) if takes and "accepted" in wanted else "",
            "reject": self._route("reject", subject) if takes and "rejected" in wanted else "",
            "save": self._route("link", subject) if has_file and subject.status in ("delivered", "accepted") else "",
            "item": page_link(subject.instantiation.item) if gives and subject.instantiation else "",
            "delivered": moment(subject.delivered_at),
            "decided": moment(subject.decided_at),
        }
        return [SafeString(render_to_string("productions/deliverable_box.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        def named(name: str, view: Any) -> URLPattern:
            guarded = self.admin_site.admin_view(view)
            pattern: URLPattern = path(f"<int:pk>/{name}/", guarded, name=f"productions_deliverable_{name}")
            return pattern

        return [
            named("deliver", self.deliver_view),
            named("accept", self.accept_view),
            named("reject", self.reject_view),
            named("link", self.link_view),
            *super().get_urls(),
        ]

    def deliver_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows all that is in the way, each with its link; hands over where nothing is."""
        row = self._seen(request, pk)
        if not may(staff(request), CHANGE, row.supplier_id):
            raise PermissionDenied
        production = self.production_of(row)
        form = HandOverForm(request.POST if request.method == "POST" else None, deliverable=row, user=staff(request))
        if request.method == "POST" and form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if value is not None}
            if self.tried(request, partial(deliver, row, actor=staff(request), **given)):
                self.message_user(request, _("It is delivered; the other side is told."), messages.SUCCESS)
                return HttpResponseRedirect(self.address(row))
        context = {
            "title": _("Deliver: %(deliverable)s") % {"deliverable": row},
            "form": form,
            "row": row,
            "blockers": [*blockers_of(production, "delivering"), *version_blockers(row.version)],
            "linked": row.instantiation or row.file,
        }
        return self.production_response(request, production, "productions/deliver.html", context)

    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._seen(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(staff(request), CHANGE, row.broadcaster_id):
            raise PermissionDenied
        if self.tried(request, partial(accept_deliverable, row, actor=staff(request))):
            self.message_user(request, _("It is accepted."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(row))

    def reject_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._seen(request, pk)
        if not may(staff(request), CHANGE, row.broadcaster_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            reject_deliverable(row, actor=staff(request), reason=answers["reason"])

        return self.ask(request, row, title=_("Send it back"), form=RejectionForm, run=run)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the file; the link is made when it is asked for."""
        row = self._seen(request, pk)
        made: list[str] = []
        if not self.tried(request, lambda: made.append(deliverable_link(row, user=staff(request))[0])):
            return HttpResponseRedirect(self.address(row))
        return HttpResponseRedirect(made[0])

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, row: Deliverable) -> str:
        return row.get_kind_display()

    @admin.display(description=gettext_lazy("production"), ordering="version__production")
    def production_shown(self, row: Deliverable) -> str:
        return str(row.version.production)

    @admin.display(description=gettext_lazy("owed to"), ordering="broadcaster")
    def to(self, row: Deliverable) -> str:
        return short_name(row.broadcaster)

    @admin.display(description=gettext_lazy("owed by"), ordering="supplier")
    def by(self, row: Deliverable) -> str:
        return short_name(row.supplier)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, row: Deliverable) -> SafeString:
        return deliverable_label(row)

    @admin.display(description=gettext_lazy("due on"), ordering="due_on")
    def due(self, row: Deliverable) -> SafeString | str:
        if row.due_on is None:
            return "—"
        day = date_format(row.due_on, "SHORT_DATE_FORMAT")
        return label(_("overdue: %(day)s") % {"day": day}, "danger") if row.is_overdue else day

    def _seen(self, request: HttpRequest, pk: int) -> Deliverable:
        row: Deliverable | None = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _route(self, name: str, row: Deliverable) -> str:
        return reverse(f"admin:productions_deliverable_{name}", args=[row.pk])
