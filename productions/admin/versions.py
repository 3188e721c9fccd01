"""Language versions: planned in any language, declared, reviewed; the checklist of what is owed of each."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from archive.admin.base import moment, short_name
from archive.admin.filters import ByChoice
from broadcasters.models import Broadcaster
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.rights.source_types import SYNTHETIC
from productions.admin.base import ProductionPagesAdmin, header_of, may_at, production_view
from productions.constants import (
    VERSION_MOVES,
    AiUse,
    DeliverableKind,
    DeliverableStatus,
    VersionKind,
    VersionStatus,
)
from productions.models import Deliverable, LanguageVersion, Partner, Production
from productions.services.deliverable import plan_deliverables
from productions.services.delivery_gate import version_blockers
from productions.services.production import partner_ids
from productions.services.stage import blockers_of
from productions.services.version import move_version, review_version, save_version

CHANGE = "productions.change_languageversion"
VERSION_LOOKS = {
    VersionStatus.PLANNED: "",
    VersionStatus.IN_PROGRESS: "info",
    VersionStatus.READY: "warning",
    VersionStatus.DELIVERED: "success",
    VersionStatus.CANCELLED: "danger",
}
DELIVERABLE_LOOKS = {
    DeliverableStatus.DUE: "",
    DeliverableStatus.DELIVERED: "info",
    DeliverableStatus.ACCEPTED: "success",
    DeliverableStatus.REJECTED: "danger",
}
# IPTC's words that say how such content came to be, those that mean synthetic first.
SOURCE_WORDS = {
    "trainedAlgorithmicMedia": gettext_lazy("made by generative AI"),
    "compositeWithTrainedAlgorithmicMedia": gettext_lazy("edited with generative AI"),
    "compositeSynthetic": gettext_lazy("composite with synthetic parts"),
    "algorithmicMedia": gettext_lazy("made by an algorithm"),
    "virtualRecording": gettext_lazy("recording of a virtual event"),
    "algorithmicallyEnhanced": gettext_lazy("enhanced by an algorithm"),
    "digitalCapture": gettext_lazy("digital recording of real life"),
    "humanEdits": gettext_lazy("edited by people"),
}


class VersionForm(ServiceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:  # the service writes the tag canonically: “hu” is enough
            self.fields["language"].validators = []
        if "digital_source_type" in self.fields:
            known = self.instance.digital_source_type
            words = [*SOURCE_WORDS.items(), *([(known, known)] if known and known not in SOURCE_WORDS else [])]
            field = forms.ChoiceField(
                label=self.fields["digital_source_type"].label, required=False, choices=[("", "—"), *words],
                widget=UnfoldAdminSelectWidget,
                help_text=_("IPTC’s word, which machines read. Synthetic content needs one that says so."),
            )  # fmt: skip
            self.fields["digital_source_type"] = field

    def perform(self, answers: dict[str, Any]) -> Model:
        if self.instance.pk is None:
            self.instance.production = answers["production"]
        return save_version(self.instance, actor=self.user, changed=set(self.changed_data))

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "language"}  # type: ignore[misc]


class VersionKindFilter(ByChoice):
    title, parameter_name, column, choices_of = gettext_lazy("kind"), "kind", "kind", VersionKind


class VersionStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = gettext_lazy("status"), "state", "status", VersionStatus


class AiFilter(ByChoice):
    title, parameter_name, column, choices_of = gettext_lazy("use of AI"), "ai", "ai_use", AiUse


@admin.register(LanguageVersion)
class LanguageVersionAdmin(ProductionPagesAdmin, ServiceAdmin):
    form = VersionForm
    list_display = ("name", "production", "kind", "state", "payer_shown", "owner_shown", "ai")
    list_display_links = ("name",)
    list_select_related = ("production", "payer", "owner")
    list_filter = (VersionStatusFilter, VersionKindFilter, AiFilter)
    search_fields = ("language", "autonym", "production__slug")
    fields = (
        "production", ("language", "autonym"), "kind", ("payer", "owner"), "reuse_terms", ("ai_use", "ai_tool"),
        "digital_source_type", "ai_label",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("production__stage", "production__module", "payer", "owner", "reviewed_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        return given if obj is None else (*given, "production")

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        user = staff(request)
        if db_field.name == "production":
            may_add = Production.objects.changeable_by(user, "productions.add_languageversion")
            return may_add.filter(stage__is_closed=False)
        if db_field.name in ("payer", "owner"):
            seen = Production.objects.visible_to(user)
            return Broadcaster.objects.filter(pk__in=Partner.objects.filter(production__in=seen).values("broadcaster"))
        return super().get_field_queryset(db, db_field, request)

    def boxes_of(self, request: HttpRequest, subject: LanguageVersion) -> list[SafeString]:
        may_change = self.has_change_permission(request, subject)
        moves = [
            (reverse("admin:productions_languageversion_move", args=[subject.pk, status]), VersionStatus(status).label)
            for status in VersionStatus.values
            if may_change and status in VERSION_MOVES[subject.status]
        ]
        context = header_of(request, subject.production) | {
            "version": subject,
            "state": version_label(subject),
            "blockers": version_blockers(subject),
            "reviewed": moment(subject.reviewed_at),
            "may_review": may_change and subject.reviewed_at is None and subject.ai_use not in ("", AiUse.NONE),
            "moves": moves,
            "is_synthetic": subject.ai_use == AiUse.SYNTHETIC,
            "synthetic_types": [SOURCE_WORDS[name] for name in SOURCE_WORDS if name in SYNTHETIC],
            "checklist": reverse("admin:productions_production_deliverables", args=[subject.production_id]),
        }
        return [SafeString(render_to_string("productions/version_box.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/move/<slug:status>/", view(self.move_view), name="productions_languageversion_move"),
            path("<int:pk>/review/", view(self.review_view), name="productions_languageversion_review"),
            *super().get_urls(),
        ]

    def move_view(self, request: HttpRequest, pk: int, status: str) -> HttpResponse:
        version = self._changeable(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if status not in VersionStatus.values:
            raise Http404
        if self.tried(request, partial(move_version, version, actor=staff(request), status=status)):
            said = _("Now: %(status)s.") % {"status": VersionStatus(status).label}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self.back_to(request, self.address(version)))

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self._changeable(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if self.tried(request, partial(review_version, version, actor=staff(request))):
            self.message_user(request, _("You are its reviewer."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(version))

    def _changeable(self, request: HttpRequest, pk: int) -> LanguageVersion:
        version: LanguageVersion | None = self.get_queryset(request).filter(pk=pk).first()
        if version is None:
            raise Http404
        if not self.has_change_permission(request, version):
            raise PermissionDenied
        return version

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def name(self, version: LanguageVersion) -> str:
        return f"{version.language_name} · {version.language}"

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, version: LanguageVersion) -> SafeString:
        return version_label(version)

    @admin.display(description=gettext_lazy("paid for by"), ordering="payer")
    def payer_shown(self, version: LanguageVersion) -> str:
        return short_name(version.payer)

    @admin.display(description=gettext_lazy("owned by"), ordering="owner")
    def owner_shown(self, version: LanguageVersion) -> str:
        return short_name(version.owner)

    @admin.display(description=gettext_lazy("use of AI"), ordering="ai_use")
    def ai(self, version: LanguageVersion) -> str:
        return version.get_ai_use_display() if version.ai_use else _("not declared")


def version_label(version: LanguageVersion) -> SafeString:
    return label(version.get_status_display(), VERSION_LOOKS[VersionStatus(version.status)])


def deliverable_label(row: Deliverable) -> SafeString:
    return label(row.get_status_display(), DELIVERABLE_LOOKS[DeliverableStatus(row.status)])


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one partner is owed: for each version its row by kinds; None where nothing of the kind is owed."""

    broadcaster: Broadcaster
    rows: list[tuple[LanguageVersion, SafeString, list[tuple[Deliverable, SafeString] | None]]]


@production_view(
    "deliverables/", "deliverables", title=gettext_lazy("Versions and deliverables"),
    permission="productions.view_deliverable", position=60,
)  # fmt: skip
def checklist(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """The matrix of versions and kinds for each partner, and what is in the way of delivering."""
    versions = list(production.versions.select_related("payer", "owner"))
    may_plan = may_at(request, "productions.add_deliverable", production)
    if request.method == "POST":
        return _plan(page, request, production, versions, may_plan=may_plan)
    owed: dict[tuple[int, int, str], Deliverable] = {
        (row.broadcaster_id, row.version_id, row.kind): row
        for row in Deliverable.objects.filter(version__in=versions).select_related("supplier")
    }
    houses = list(Broadcaster.objects.filter(pk__in=partner_ids(production)).order_by("pk"))
    sheets = [
        Sheet(
            house,
            [
                (version, version_label(version), [_cell(owed, house, version, kind) for kind in DeliverableKind])
                for version in versions
            ],
        )
        for house in houses
    ]
    context = {
        "title": _("Versions and deliverables"),
        "sheets": sheets,
        "kinds": [kind.label for kind in DeliverableKind],
        "versions": versions,
        "houses": houses,
        "may_plan": may_plan,
        "blockers": blockers_of(production, "delivering"),
    }
    return page.production_response(request, production, "productions/deliverables.html", context)  # type: ignore[no-any-return]


def _cell(
    owed: dict[tuple[int, int, str], Deliverable], house: Broadcaster, version: LanguageVersion, kind: str
) -> tuple[Deliverable, SafeString] | None:
    row = owed.get((house.pk, version.pk, kind))
    return (row, deliverable_label(row)) if row else None


def _plan(
    page: Any, request: HttpRequest, production: Production, versions: list[LanguageVersion], *, may_plan: bool
) -> HttpResponse:
    """Puts all kinds on the list that one partner owes another of a version."""
    if not may_plan:
        raise PermissionDenied
    version = next((each for each in versions if str(each.pk) == request.POST.get("version")), None)
    houses = Broadcaster.objects.filter(pk__in=partner_ids(production))
    by_id = {str(house.pk): house for house in houses}
    broadcaster, supplier = (by_id.get(request.POST.get(name, "")) for name in ("broadcaster", "supplier"))
    if version is None or broadcaster is None or supplier is None:
        raise Http404
    made: list[Deliverable] = []

    def run() -> None:
        made.extend(plan_deliverables(version, actor=staff(request), broadcaster=broadcaster, supplier=supplier))

    if page.tried(request, run):
        page.message_user(request, _("%(count)d put on the list.") % {"count": len(made)}, messages.SUCCESS)
    return HttpResponseRedirect(request.path)
