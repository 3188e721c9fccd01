"""Archive footage in productions: what is used, under which licence, and what is not cleared."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import DropdownFilter

from archive.admin.base import clock, page_link, short_name
from archive.models import Grant, Item, Segment
from broadcasters.permissions import may
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from productions.admin.base import ProductionPagesAdmin, header_of, may_at, production_view
from productions.models import ArchiveUse, Production
from productions.services.archive_use import (
    ADD,
    CHANGE,
    CONTRIBUTE,
    DELETE,
    add_use,
    change_use,
    contribute_use,
    remove_use,
)
from productions.services.delivery_gate import use_blockers
from productions.services.production import partner_ids


class UseForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        values: dict[str, Any] = {name: answers.get(name) for name in ("segment", "in_ms", "out_ms", "grant")}
        values["place"] = answers.get("place") or ""
        if self.instance.pk is None:
            return add_use(answers["production"], actor=self.user, item=answers["item"], **values)
        if "segment" in self.changed_data and not {"in_ms", "out_ms"} & set(self.changed_data):
            values |= {"in_ms": None, "out_ms": None}  # the new segment's own
        return change_use(self.instance, actor=self.user, **values)

    def _get_validation_exclusions(self) -> set[str]:
        """The service checks the stretch as a whole, with the segment."""
        return {*super()._get_validation_exclusions(), "in_ms", "out_ms"}  # type: ignore[misc]


class ClearedFilter(DropdownFilter):
    title, parameter_name = gettext_lazy("clearance"), "cleared"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("cleared")), ("no", _("not cleared"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.cleared(self.value() == "yes") if self.value() in ("yes", "no") else queryset


@admin.register(ArchiveUse)
class ArchiveUseAdmin(ProductionPagesAdmin, ServiceAdmin):
    form = UseForm
    list_display = ("title_shown", "production", "holder", "stretch", "licence_shown", "clearance")
    list_display_links = ("title_shown",)
    list_filter = (ClearedFilter,)
    search_fields = ("item__identifier", "production__slug")
    fields = ("production", "item", "segment", ("in_ms", "out_ms"), "grant", "place")
    autocomplete_fields = ("item",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.with_bars().select_related(
            "production__stage", "production__module", "item__broadcaster", "segment", "grant__licence"
        )
        return found

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Segment and grant are chosen once the item is known; the grant that fits is found by itself."""
        return self.fields if obj is not None else ("production", "item", ("in_ms", "out_ms"), "place")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        return given if obj is None else (*given, "production", "item")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None and "grant" in form.base_fields:
            houses = partner_ids(obj.production)
            grants = Grant.objects.visible_to(staff(request)).filter(item=obj.item_id, grantee__in=houses)
            form.base_fields["grant"].queryset = grants.select_related("licence", "item", "grantee")
            form.base_fields["grant"].label_from_instance = _grant_name
            form.base_fields["segment"].queryset = Segment.objects.filter(item=obj.item_id)
        return form

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "production":
            return Production.objects.changeable_by(staff(request), ADD).filter(stage__is_closed=False)
        return super().get_field_queryset(db, db_field, request)

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        user = staff(request)
        is_seen = Item.objects.visible_to(user).filter(pk=subject.item_id).exists()
        is_partner = subject.item.broadcaster_id in partner_ids(subject.production)
        licence = subject.licence
        context = header_of(request, subject.production) | {
            "use": subject,
            "item": page_link(subject.item) if is_seen else subject.item,
            "licence": _licence_link(subject, user) if licence else "",
            "stretch": self.stretch(subject),
            "blockers": use_blockers(subject, subject.bars),
            "may_contribute": is_partner
            and not subject.is_contributed
            and may(user, CONTRIBUTE, subject.item.broadcaster_id),
            "may_remove": may_at(request, DELETE, subject.production),
            "ask": f"{reverse('admin:archive_footagerequest_add')}?item={subject.item.uid}" if is_seen else "",
            "list": reverse("admin:productions_production_footage", args=[subject.production_id]),
        }
        return [SafeString(render_to_string("productions/use_box.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/contribute/", view(self.contribute_view), name="productions_archiveuse_contribute"),
            path("<int:pk>/remove/", view(self.remove_view), name="productions_archiveuse_remove"),
            *super().get_urls(),
        ]

    def contribute_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        use = self._seen(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may(staff(request), CONTRIBUTE, use.item.broadcaster_id):
            raise PermissionDenied
        if self.tried(request, partial(contribute_use, use, actor=staff(request))):
            self.message_user(request, _("The holder contributes this footage."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(use))

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        use = self._seen(request, pk)
        if not may_at(request, DELETE, use.production):
            raise PermissionDenied
        back = reverse("admin:productions_production_footage", args=[use.production_id])

        def run(_answers: dict[str, Any]) -> HttpResponse:
            remove_use(use, actor=staff(request))
            return HttpResponseRedirect(back)

        return self.ask(
            request, use, title=_("Take it out of the production"), run=run,
            explanation=_("Its row goes; the history keeps it."),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("item"), ordering="item")
    def title_shown(self, use: ArchiveUse) -> str:
        return str(use.item)

    @admin.display(description=gettext_lazy("holder"), ordering="item__broadcaster")
    def holder(self, use: ArchiveUse) -> str:
        return short_name(use.item.broadcaster)

    @admin.display(description=gettext_lazy("stretch"))
    def stretch(self, use: ArchiveUse) -> str:
        return f"{clock(use.in_ms)} – {clock(use.out_ms)}" if use.in_ms is not None else _("the whole item")

    @admin.display(description=gettext_lazy("licence"))
    def licence_shown(self, use: ArchiveUse) -> str:
        return ground_of(use)

    @admin.display(description=gettext_lazy("clearance"))
    def clearance(self, use: Any) -> SafeString:
        return clearance_label(use)

    def _seen(self, request: HttpRequest, pk: int) -> ArchiveUse:
        use: ArchiveUse | None = self.get_queryset(request).filter(pk=pk).first()
        if use is None:
            raise Http404
        return use


def ground_of(use: ArchiveUse) -> str:
    """The licence's number, or on what other ground it is used."""
    if use.is_contributed:
        return _("contributed by its holder")
    if use.grant is None:
        return "—"
    return use.grant.licence.number if use.grant.licence else _("a grant without a licence")


def clearance_label(use: Any) -> SafeString:
    return label(_("not cleared"), "danger") if use.bars else label(_("cleared"), "success")


@production_view(
    "footage/", "footage", title=gettext_lazy("Archive footage"), permission="productions.view_archiveuse", position=65
)
def footage(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """All footage of the production, each with its licence and what it lacks."""
    uses: Any = ArchiveUse.objects.with_bars().filter(production=production).order_by("pk")
    rows = list(uses.select_related("item__broadcaster", "grant__licence"))
    context = {
        "title": _("Archive footage"),
        "rows": [
            (use, ground_of(use), clearance_label(use), use_blockers(use, use.bars), _stretch(use)) for use in rows
        ],
        "lacking": sum(1 for use in rows if use.bars),
        "may_add": may_at(request, ADD, production),
        "may_change": may_at(request, CHANGE, production),
    }
    return page.production_response(request, production, "productions/footage.html", context)  # type: ignore[no-any-return]


def _stretch(use: ArchiveUse) -> str:
    return f"{clock(use.in_ms)} – {clock(use.out_ms)}" if use.in_ms is not None else _("the whole item")


def _grant_name(grant: Any) -> str:
    number = grant.licence.number if grant.licence else _("a grant without a licence")
    return f"{number} → {grant.grantee or '*'}"


def _licence_link(use: ArchiveUse, user: Any) -> SafeString | str:
    """Only the two houses of a licence open it."""
    licence = use.licence
    if licence is None:
        return ""
    houses = (licence.holder_id, licence.licensee_id)
    return page_link(licence) if any(may(user, "archive.view_licence", house) for house in houses) else licence.number
