"""Correspondents: who they are, their papers, where they are for those who may know, what is kept of them."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from archive.admin.base import houses_with
from archive.admin.filters import ByWord, HouseFilter
from broadcasters.models import Place
from broadcasters.permissions import may, roles_of
from broadcasters.querysets import member_ids
from correspondents.admin.base import (
    CorrespondentsAdmin,
    DayField,
    assignment_label,
    day,
    paper_label,
    period_of,
    term_of,
)
from correspondents.admin.paper import deeds_of
from correspondents.constants import PaperKind, PaperStatus
from correspondents.models import Assignment, Correspondent, CountryRequirement, Paper, Skill, Whereabouts
from correspondents.services.export import export_of
from correspondents.services.paper import want_paper
from correspondents.services.person import (
    KEEP,
    KEEP_WHERE,
    PLACED,
    erase_correspondent,
    note_whereabouts,
    save_correspondent,
)
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, label, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User
from mediaexchange.core.rights.words import territory_label

_STANDING = (PaperStatus.WANTED, PaperStatus.APPLIED, PaperStatus.GRANTED)


class CorrespondentForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        skills = list(answers["skills"]) if "skills" in answers else None
        return save_correspondent(self.instance, actor=self.user, changed=set(self.changed_data), skills=skills)


class WhereaboutsForm(HelpedForm):
    place = forms.ModelChoiceField(
        label=_("place"), queryset=Place.objects.all(), required=False, widget=UnfoldAdminSelectWidget
    )
    address = forms.CharField(
        label=_("address"), required=False, help_text=_("Hotel, flat, room."), widget=UnfoldAdminTextInputWidget
    )
    phone = forms.CharField(label=_("telephone"), required=False, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(label=_("e-mail"), required=False, widget=UnfoldAdminTextInputWidget)
    emergency_contact = forms.CharField(
        label=_("to be told in an emergency"), required=False, widget=UnfoldAdminTextareaWidget
    )
    local_contacts = forms.CharField(label=_("local contacts"), required=False, widget=UnfoldAdminTextareaWidget)
    note = forms.CharField(label=_("note"), required=False, widget=UnfoldAdminTextareaWidget)


class WantForm(HelpedForm):
    requirement = forms.ModelChoiceField(
        label=_("requirement"), queryset=CountryRequirement.objects.none(), widget=UnfoldAdminSelectWidget
    )
    apply_by_on = DayField(label=_("to be applied for by"), required=False)


class ActiveFilter(ByWord):
    """Of one's own house alone: of others nobody is told."""

    title, parameter_name = _("active"), "active"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        own = Q(broadcaster__in=member_ids(user))
        return {"yes": (_("yes"), own & Q(is_active=True)), "no": (_("no"), own & Q(is_active=False))}


@admin.register(Correspondent)
class CorrespondentAdmin(CorrespondentsAdmin, ServiceAdmin):
    form = CorrespondentForm
    list_display = ("shown_name", "broadcaster", "speaks", "standing", "active")
    list_select_related = ("broadcaster",)
    list_filter = (HouseFilter, ActiveFilter)
    search_fields = ("name", "name_latn")
    fields = (
        "broadcaster", "name", "name_latn", "language", "languages", "skills", "home_base", "data_region", "user",
        "is_active",
    )  # fmt: skip
    filter_horizontal = ("skills",)
    autocomplete_fields = ("home_base",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("broadcaster")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The papers of the page's people come in one statement, as far as the reader sees them."""
        listed = super().get_changelist_instance(request)
        people = {person.pk: person for person in listed.result_list}
        papers = Paper.objects.visible_to(staff(request)).filter(correspondent__in=people, status__in=_STANDING)
        houses = roles_of(staff(request))
        for person in people.values():
            person.shown_papers, person.is_own = [], person.broadcaster_id in houses
        for paper in papers.order_by("country_code", "kind", "pk"):
            people[paper.correspondent_id].shown_papers.append(paper)
        listed.result_list = list(people.values())
        return listed

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Another house reads what crosses with an assignment; account, region and home do not."""
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name not in ("data_region", "user", "is_active", "home_base")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("broadcaster",) if obj is not None else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_there = obj is None or not obj.is_anonymous
        return is_there and super().has_change_permission(request, obj)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        houses = houses_with(request, "correspondents.add_correspondent")
        if db_field.name == "broadcaster":
            return houses
        if db_field.name == "user":
            return User.objects.filter(memberships__broadcaster__in=houses, is_service=False).distinct()
        if db_field.name == "skills":
            return Skill.objects.visible_to(staff(request))
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "correspondents.add_correspondent")[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk, "data_region": own[0].data_region} if len(own) == 1 else {})

    @admin.display(description=pgettext_lazy("person", "name"), ordering="name")
    def shown_name(self, person: Correspondent) -> str:
        return person.name_in(get_language() or DEFAULT) or str(person)

    @admin.display(description=_("working languages"))
    def speaks(self, person: Correspondent) -> str:
        return ", ".join(person.languages) or "—"

    @admin.display(description=_("active"), ordering="is_active", boolean=True)
    def active(self, person: Any) -> bool | None:
        """Of one's own house; of others nothing is known."""
        return person.is_active if person.is_own else None

    @admin.display(description=_("papers"))
    def standing(self, person: Any) -> SafeString | str:
        papers = [
            label(f"{territory_label(paper.country_code)}: {paper.get_kind_display()}", _look(paper))
            for paper in person.shown_papers
        ]
        return SafeString(" ".join(papers)) or "—"

    def boxes_of(self, request: HttpRequest, subject: Correspondent) -> list[SafeString]:
        user = staff(request)
        may_keep = may(user, "correspondents.change_paper", subject.broadcaster_id)
        papers = Paper.objects.visible_to(user).filter(correspondent=subject)
        numbered = set(Paper.objects.with_numbers_for(user).filter(correspondent=subject).values_list("pk", flat=True))
        assignments = Assignment.objects.visible_to(user).telling_who().filter(correspondent=subject)
        where = Whereabouts.objects.visible_to(user).filter(correspondent=subject).select_related("place").first()
        is_person = subject.user_id == user.pk
        context = {
            "person": subject,
            "name": subject.name_in(get_language() or DEFAULT) or str(subject),
            "papers": [
                {
                    "paper": paper,
                    "country": territory_label(paper.country_code),
                    "state": paper_label(paper),
                    "term": term_of(paper),
                    "due": day(paper.apply_by_on) if paper.status == "wanted" and paper.apply_by_on else "",
                    "decision": day(paper.decision_due_on)
                    if paper.status == "applied" and paper.decision_due_on
                    else "",
                    "number": paper.masked_reference if paper.pk in numbered else "",
                    "deeds": deeds_of(paper, may_keep=may_keep),
                }
                for paper in papers.order_by("country_code", "kind", "-pk")
            ],
            "assignments": [
                (row, assignment_label(row), period_of(row))
                for row in assignments.select_related("broadcaster").order_by("-period")[:20]
            ],
            "where": _lines(where) if where else [],
            "may_note": not subject.is_anonymous and (is_person or may(user, KEEP_WHERE, subject.broadcaster_id)),
            "may_want": may_keep and not subject.is_anonymous,
            "may_export": is_person or may(user, KEEP, subject.broadcaster_id),
            "may_erase": not subject.is_anonymous and may(user, KEEP, subject.broadcaster_id),
        }
        return [SafeString(render_to_string("correspondents/correspondent.html", context, request))]

    def get_urls(self) -> list[URLPattern]:
        return [
            self.named_page("whereabouts/", self.whereabouts_view, "whereabouts"),
            self.named_page("want/", self.want_view, "want"),
            self.named_page("export/", self.export_view, "export"),
            self.named_page("erase/", self.erase_view, "erase"),
            *super().get_urls(),
        ]

    def whereabouts_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Written by the own desk or the person; never by a host."""
        person = self.get_object(request, str(object_id))
        if person is None:
            return self.missing(request, str(object_id))
        user = staff(request)
        if person.user_id != user.pk and not may(user, KEEP_WHERE, person.broadcaster_id):
            raise PermissionDenied
        row = Whereabouts.objects.filter(correspondent=person).first()
        given = {name: getattr(row, name) for name in PLACED} if row else {}
        form = WhereaboutsForm(request.POST if request.method == "POST" else None, initial=given)
        is_sent = request.method == "POST" and form.is_valid()
        if is_sent and self.tried(request, lambda: note_whereabouts(person, actor=user, **form.cleaned_data)):
            self.message_user(request, _("It is noted."), messages.SUCCESS)
            return HttpResponseRedirect(self.address(person))
        context = {
            "title": _("Whereabouts and contacts"), "form": form,
            "explanation": _("Read by your desk, by the host’s while an assignment runs, and by the person."),
        }  # fmt: skip
        return self.page(request, "core/admin/ask.html", person, context)

    def want_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Puts a paper of a checklist on the person's list."""
        person = self.get_object(request, str(object_id))
        if person is None:
            return self.missing(request, str(object_id))
        if not may(staff(request), "correspondents.add_paper", person.broadcaster_id):
            raise PermissionDenied
        lines = CountryRequirement.objects.visible_to(staff(request)).in_force()

        class Form(WantForm):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.fields["requirement"].queryset = lines  # type: ignore[attr-defined]
                self.fields["requirement"].label_from_instance = _requirement  # type: ignore[attr-defined]

        def run(answers: dict[str, Any]) -> None:
            line = answers["requirement"]
            want_paper(
                person, actor=staff(request), country_code=line.country_code, kind=line.kind,
                time_zone=line.time_zone, requirement=line, apply_by_on=answers["apply_by_on"],
            )  # fmt: skip

        return self.ask(request, person, title=_("Put a paper on the list"), form=Form, run=run)

    def export_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Everything that is kept, as a file for the person; made for this answer."""
        person = self.get_object(request, str(object_id))
        if person is None:
            return self.missing(request, str(object_id))
        found: list[dict[str, Any]] = []
        if not self.tried(request, lambda: found.append(export_of(person, actor=staff(request)))):
            return HttpResponseRedirect(self.address(person))
        content = json.dumps(found[0], cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        headers = {
            "Content-Disposition": 'attachment; filename="correspondent.json"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(content, content_type="application/json", headers=headers)

    def erase_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        person = self.get_object(request, str(object_id))
        if person is None:
            return self.missing(request, str(object_id))
        if not may(staff(request), KEEP, person.broadcaster_id):
            raise PermissionDenied

        def run(_answers: dict[str, Any]) -> None:
            erase_correspondent(person, actor=staff(request))
            self.message_user(request, _("Nothing that names the person is left."), messages.SUCCESS)

        return self.ask(
            request, person, title=_("Erase"), run=run,
            explanation=_(
                "Name, account, contacts and numbers of papers go for good; what was given and has not begun is"
                " called off. Assignments stay, without a person."
            ),
        )  # fmt: skip


def _look(paper: Paper) -> str:
    if paper.status != PaperStatus.GRANTED:
        return "warning" if paper.status == PaperStatus.WANTED else "info"
    return "success"


def _requirement(line: CountryRequirement) -> str:
    kind = dict(PaperKind.choices)[line.kind]
    return f"{territory_label(line.country_code)} · {kind} · {localized(line, 'name')}"


def _lines(where: Whereabouts) -> list[tuple[Any, str]]:
    names = ("address", "phone", "email", "emergency_contact", "local_contacts", "note")
    lines: list[tuple[Any, str]] = [(_("place"), localized(where.place, "name") if where.place else "")]
    lines += [(WhereaboutsForm.base_fields[name].label, getattr(where, name)) for name in names]
    return [(words, text) for words, text in lines if text]
