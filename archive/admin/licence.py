"""Licences: terms, counters, deliveries and uses of each grant; on paper in two languages; revoked here."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from archive.admin.base import ReadOnlyAdmin, moment, short_name
from archive.admin.filters import ByChoice, ByWord
from archive.admin.footage_words import GRANT_LOOKS, ReasonForm, days
from archive.admin.grant import grant_box
from archive.constants import GrantStatus
from archive.formats import licence_pdf, odrl
from archive.models import Grant, Licence
from archive.services.licence import WARNED_BEFORE, revoke_licence
from broadcasters.permissions import may
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.api.renderers import JSONRenderer
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, SHOWN
from mediaexchange.core.models import User


class DirectionFilter(ByWord):
    title, parameter_name = _("direction"), "direction"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {
            "given": (_("given by us"), Q(holder__in=member_ids(user))),
            "taken": (_("given to us"), Q(licensee__in=member_ids(user))),
        }


class LicenceStatusFilter(ByChoice):
    title, parameter_name, column, choices_of = _("status"), "state", "status", GrantStatus


class EndFilter(ByWord):
    title, parameter_name = _("end"), "end"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {
            "soon": (_("within thirty days"), Q(ends_at__gt=Now(), ends_at__lte=Now() + WARNED_BEFORE)),
            "over": (_("over"), Q(ends_at__lte=Now())),
        }


@admin.register(Licence)
class LicenceAdmin(ReadOnlyAdmin):
    list_display = ("number", "giver", "taker", "term", "grants_counted", "state", "issued")
    list_display_links = ("number",)
    list_select_related = ("holder", "licensee")
    list_filter = (DirectionFilter, LicenceStatusFilter, EndFilter)
    search_fields = ("number", "footage_request__production_title")
    house_column = "holder_id"
    fields = ("terms_shown",)
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/revoke/", view(self.revoke_view), name="archive_licence_revoke"),
            path("<int:pk>/pdf/", view(self.pdf_view), name="archive_licence_pdf"),
            path("<int:pk>/odrl/", view(self.odrl_view), name="archive_licence_odrl"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("holder", "licensee", "footage_request").prefetch_related("grants")

    def boxes_of(self, request: HttpRequest, subject: Any) -> list[SafeString]:
        boxes = [grant_box(request, grant) for grant in _grants(subject)]
        return [self._box(request, subject), *boxes]

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        licence = self._seen(request, pk)
        if not may(staff(request), "archive.change_licence", licence.holder_id):
            raise PermissionDenied

        def run(answers: dict[str, Any]) -> None:
            revoke_licence(licence, actor=staff(request), reason=answers["reason"])
            self.message_user(request, _("The licence is revoked; its links are closed."))

        return self.ask(request, licence, title=_("Revoke the licence"), form=ReasonForm, run=run)

    def pdf_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """In the two languages of the address; the reader's own first where it names none."""
        licence = self._seen(request, pk)
        named = [request.GET.get(side, "") for side in ("left", "right")]
        languages = named if set(named) <= set(SHOWN) and named[0] != named[1] else list(_usual())
        content = licence_pdf.render(licence, _grants(licence), (languages[0], languages[1]))
        return _saved(content, licence_pdf.CONTENT_TYPE, f"{licence.number}.pdf")

    def odrl_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        licence = self._seen(request, pk)
        try:
            policy = odrl.licence_policy(licence, _grants(licence))
        except odrl.PolicyGoneError as error:
            return self.refused(request, error, self.address(licence))
        content = JSONRenderer().render(policy)
        return _saved(content, odrl.CONTENT_TYPE, f"{licence.number}.jsonld")

    def _seen(self, request: HttpRequest, pk: int) -> Licence:
        licence: Licence | None = self.get_queryset(request).filter(pk=pk).first()
        if licence is None:
            raise Http404
        return licence

    def _box(self, request: HttpRequest, licence: Licence) -> SafeString:
        left, right = _usual()
        context = {
            "licence": licence,
            "state": label(licence.get_status_display(), GRANT_LOOKS[licence.status]),
            "facts": [
                (_("holder"), licence.holder),
                (_("licensee"), licence.licensee),
                (_("days"), days(licence.starts_at, licence.ends_at, licence.time_zone)),
                (_("credit line"), licence.credit_line or "—"),
                (_("issued"), moment(licence.created_at)),
                (_("warned of the expiry at"), moment(licence.expiry_announced_at)),
                *([(_("revoked at"), moment(licence.revoked_at)), (_("reason"), licence.revocation_reason)]
                  if licence.revoked_at else []),
            ],
            "languages": [(language.code, language.autonym) for language in LANGUAGES if language.code in SHOWN],
            "left": left,
            "right": right,
            "request_address": reverse("admin:archive_footagerequest_change", args=[licence.footage_request_id]),
            "may_revoke": licence.status == GrantStatus.ACTIVE
            and may(staff(request), "archive.change_licence", licence.holder_id),
        }  # fmt: skip
        return SafeString(render_to_string("archive/licence.html", context, request))

    @display(description=_("holder"))
    def giver(self, licence: Licence) -> str:
        return short_name(licence.holder)

    @display(description=_("licensee"))
    def taker(self, licence: Licence) -> str:
        return short_name(licence.licensee)

    @display(description=_("days"), ordering="ends_at")
    def term(self, licence: Licence) -> str:
        return days(licence.starts_at, licence.ends_at, licence.time_zone)

    @display(description=_("seconds used"))
    def grants_counted(self, licence: Licence) -> str:
        grants = licence.grants.all()
        return f"{-(-sum(grant.used_ms for grant in grants) // 1000)} / {sum(grant.seconds or 0 for grant in grants)}"

    @display(description=_("status"), ordering="status")
    def state(self, licence: Licence) -> SafeString:
        return label(licence.get_status_display(), GRANT_LOOKS[licence.status])

    @display(description=_("issued"), ordering="created_at")
    def issued(self, licence: Licence) -> str:
        return moment(licence.created_at)

    @display(description=_("further terms"))
    def terms_shown(self, licence: Licence) -> str:
        return licence.terms or "—"


def _grants(licence: Licence) -> list[Grant]:
    rows = Grant.objects.filter(licence=licence).select_related("item__broadcaster", "segment", "grantee", "licence")
    return list(rows.order_by("pk"))


def _usual() -> tuple[str, str]:
    """The reader's language beside English, or English beside Serbian."""
    own = get_language() or DEFAULT
    return own, "sr" if own == DEFAULT else DEFAULT


def _saved(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response.headers["Cache-Control"] = "private, no-store"
    return response
