"""People whom one's own house sends, what they have agreed to, and where they are enrolled."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.admin.base import houses_with, page_link
from archive.admin.filters import HouseFilter
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.models import User
from training.admin.base import TrainingAdmin, enrolment_label
from training.constants import ConsentPurpose, ConsentRoad
from training.models import Participant
from training.services.export import export_of
from training.services.participant import record_consent, save_participant, withdraw_consent
from training.tokens import person_address


class ParticipantForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return save_participant(self.instance, actor=self.user, changed=set(self.changed_data))


@admin.register(Participant)
class ParticipantAdmin(TrainingAdmin, ServiceAdmin):
    form = ParticipantForm
    list_display = ("shown_name", "broadcaster", "language", "agreed")
    list_select_related = ("broadcaster",)
    list_filter = (HouseFilter, "language")
    search_fields = ("name_cyrl", "name_latn", "email")
    fields = ("broadcaster", "name_cyrl", "name_latn", "email", "language", "data_region", "user")

    def narrowed(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset.own(request.user)  # type: ignore[attr-defined, no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("consents")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("broadcaster",) if obj is not None else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_there = obj is None or not obj.is_anonymous
        return is_there and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        houses = houses_with(request, "training.add_participant")
        if db_field.name == "broadcaster":
            return houses
        if db_field.name == "user":
            return User.objects.filter(memberships__broadcaster__in=houses, is_service=False).distinct()
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "training.add_participant")[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk, "data_region": own[0].data_region} if len(own) == 1 else {})

    @admin.display(description=pgettext_lazy("person", "name"))
    def shown_name(self, person: Participant) -> str:
        return str(person)

    @admin.display(description=_("consent"))
    def agreed(self, person: Participant) -> SafeString:
        if person.is_anonymous:
            return label(pgettext_lazy("consent", "withdrawn"), "")
        agreed = {each.purpose for each in person.consents.all() if each.withdrawn_at is None}
        return (
            label(pgettext_lazy("consent", "given"), "success")
            if ConsentPurpose.PARTICIPATION in agreed
            else label(pgettext_lazy("consent", "missing"), "warning")
        )

    def boxes_of(self, request: HttpRequest, subject: Participant) -> list[SafeString]:
        enrolments = subject.enrolments.select_related("workshop").order_by("-pk")
        agreed = {each.purpose: each for each in subject.consents.all() if each.withdrawn_at is None}
        context = {
            "person": subject,
            "consents": [
                (
                    value,
                    words,
                    agreed.get(value),
                    reverse("admin:training_participant_withdraw", args=[subject.pk, value]),
                )
                for value, words in ConsentPurpose.choices
            ],
            "roads": [(value, words) for value, words in ConsentRoad.choices if value != ConsentRoad.PAGE],
            "enrolments": [(page_link(row.workshop), enrolment_label(row)) for row in enrolments],
            "link": "" if subject.is_anonymous else person_address(subject),
            "may": self.may_on(request, "change", subject),
        }
        return [SafeString(render_to_string("training/participant.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(view)
            pattern: URLPattern = path(f"<int:object_id>/{route}", guarded, name=f"training_participant_{name}")
            return pattern

        return [
            named("consent/", self.consent_view, "consent"),
            named("withdraw/<slug:purpose>/", self.withdraw_view, "withdraw"),
            named("export/", self.export_view, "export"),
            *super().get_urls(),
        ]

    def consent_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        person = self._person(request, object_id)
        if person is None:
            return self.missing(request, str(object_id))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        purpose, road = request.POST.get("purpose", ""), request.POST.get("road", "")
        is_known = purpose in ConsentPurpose.values and road in ConsentRoad.values
        if is_known and self.tried(
            request, lambda: record_consent(person, actor=staff(request), purpose=purpose, road=road)
        ):
            self.message_user(request, _("The consent is recorded."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(person))

    def withdraw_view(self, request: HttpRequest, object_id: int, purpose: str) -> HttpResponse:
        person = self._person(request, object_id)
        if person is None or purpose not in ConsentPurpose.values:
            return self.missing(request, str(object_id))

        def run(_answers: dict[str, Any]) -> None:
            withdraw_consent(person, actor=staff(request), purpose=purpose)

        ends_all = purpose == ConsentPurpose.PARTICIPATION
        explanation = (
            _("Names, e-mail and account are taken from everything that is kept; seats go to the next. "
              "Only counts remain. It cannot be undone.")
            if ends_all
            else _("The person is not asked any more what was applied.")
        )  # fmt: skip
        form = _SureForm if ends_all else forms.Form
        return self.ask(request, person, title=_("Withdraw the consent"), run=run, form=form, explanation=explanation)

    def export_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Everything that is kept of the person, to be handed over."""
        person = self._person(request, object_id)
        if person is None:
            return self.missing(request, str(object_id))
        content = json.dumps(
            export_of(person, actor=staff(request)), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2
        )
        name = f'attachment; filename="participant-{person.uid}.json"'
        headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type="application/json", headers=headers)

    def _person(self, request: HttpRequest, object_id: int) -> Participant | None:
        """Of the own house, and only for those who may change such rows."""
        person: Participant | None = self.get_object(request, str(object_id))
        if person is not None and not self.may_on(request, "change", person):
            raise PermissionDenied
        return person


class _SureForm(HelpedForm):
    sure = forms.BooleanField(label=_("The person has withdrawn the consent."))
