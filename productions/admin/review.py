"""The review page: the cut with notes at their timecodes, what each party says, and until when."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.admin.base import moment, short_name
from archive.admin.filters import ByChoice, ByWord
from archive.models import Instantiation, MediaFile
from archive.timecode import TimecodeError
from broadcasters.models import Broadcaster
from broadcasters.permissions import roles_of
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm, staff
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.numbers import whole_number
from productions.admin.base import ProductionPagesAdmin
from productions.admin.review_page import page_of, shown_deadline, standing_label
from productions.constants import DecisionKind, RevisionKind
from productions.models import Decision, Note, Partner, Production, Revision
from productions.services.production import houses_that_may
from productions.services.review import (
    DECIDE,
    add_note,
    decide_revision,
    resolve_note,
    submit_revision,
    withdraw_decision,
)
from productions.services.review_media import Clock, revision_link, viewing_link

_NOT_KEPT = {"Cache-Control": "private, no-store"}
_MOST_FILES = 200
SUBMIT = "productions.add_revision"


class RevisionForm(ServiceForm):
    def perform(self, answers: dict[str, Any]) -> Model:
        return submit_revision(
            answers["production"],
            actor=self.user,
            kind=answers["kind"],
            broadcaster=answers["broadcaster"],
            instantiation=answers.get("instantiation"),
            file=answers.get("file"),
            description=answers.get("description", ""),
            due_at=answers.get("due_at"),
        )


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = gettext_lazy("kind"), "kind", "kind", RevisionKind


class StandingFilter(ByWord):
    title, parameter_name = gettext_lazy("standing"), "standing"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        overdue = Revision.objects.overdue().values("pk")
        awaited = Revision.objects.awaited().values("pk")
        return {
            "current": (_("not superseded"), Q(superseded_at__isnull=True)),
            "awaited": (_("a decision is awaited"), Q(pk__in=awaited)),
            "overdue": (_("overdue"), Q(pk__in=overdue)),
        }


@admin.register(Revision)
class RevisionAdmin(ProductionPagesAdmin, ServiceAdmin):
    form = RevisionForm
    list_display = ("what", "production", "standing", "deadline", "submitter", "submitted")
    list_display_links = ("what",)
    list_select_related = ("production", "broadcaster")
    list_filter = (StandingFilter, KindFilter)
    search_fields = ("production__slug", "production__name")
    fields = ("production", "kind", "broadcaster", "instantiation", "file", "description", "due_at")

    class Media:
        js = ["archive/viewer.js", "productions/review.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        partners = Partner.objects.select_related("broadcaster")
        return rows.select_related(
            "production__stage", "production__module", "broadcaster", "instantiation", "file", "submitted_by"
        ).prefetch_related("decisions", Prefetch("production__partners", partners))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "production__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was submitted stands; decisions and notes have addresses of their own."""
        return False

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        user = staff(request)
        if db_field.name == "production":
            return Production.objects.changeable_by(user, SUBMIT).filter(stage__is_closed=False)
        if db_field.name == "broadcaster":
            return Broadcaster.objects.of(user)
        if db_field.name == "file":
            return MediaFile.objects.visible_to(user).ready().order_by("-pk")[:_MOST_FILES]
        if db_field.name == "instantiation":
            own = Instantiation.objects.visible_to(user).filter(item__broadcaster__in=roles_of(user))
            return own.select_related("item").order_by("-pk")[:_MOST_FILES]
        return super().get_field_queryset(db, db_field, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The youngest files and carriers; a choice out of very many is no choice."""
        if db_field.name in ("file", "instantiation"):
            rows = self.get_field_queryset(None, db_field, request)
            kwargs["queryset"] = db_field.remote_field.model.objects.filter(pk__in=[row.pk for row in rows or ()])
            if db_field.name == "instantiation":
                kwargs["queryset"] = kwargs["queryset"].select_related("item").order_by("-pk")
                kwargs["form_class"] = CarrierField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        own = list(Broadcaster.objects.of(staff(request))[:2])
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(view)
            pattern: URLPattern = path(f"<int:object_id>/{route}", guarded, name=f"productions_revision_{name}")
            return pattern

        return [
            named("links/", self.links_view, "links"),
            named("look/", self.look_view, "look"),
            named("decide/", self.decide_view, "decide"),
            named("withdraw/", self.withdraw_view, "withdraw"),
            named("note/", self.note_view, "note"),
            named("resolve/", self.resolve_view, "resolve"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        revision = self.get_object(request, object_id)
        if revision is None:
            return self.missing(request, object_id)
        if not self.has_view_permission(request, revision):
            raise PermissionDenied
        return self.production_response(
            request, revision.production, "productions/review.html", page_of(request, revision)
        )

    def links_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A new link for a player whose own has ended."""
        revision = self._seen(request, object_id)
        source, _ends_at = viewing_link(revision, user=staff(request))
        poster, _ends_at = revision_link(revision, "poster", user=staff(request))
        return JsonResponse({"source": source, "poster": poster}, headers=_NOT_KEPT)

    def look_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """To the document; the link is made when it is asked for."""
        source, _ends_at = viewing_link(self._seen(request, object_id), user=staff(request))
        if not source:
            raise Http404
        return HttpResponseRedirect(source)

    def decide_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        revision = self._seen(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        house = self._house(request, revision, DECIDE)
        decision, note = request.POST.get("decision", ""), request.POST.get("note", "")
        if decision not in DecisionKind.values:
            raise Http404
        deed = partial(decide_revision, revision, actor=staff(request), broadcaster=house, decision=decision, note=note)
        if self.tried(request, deed):
            said = _("%(house)s: %(decision)s.") % {"house": house, "decision": DecisionKind(decision).label}
            self.message_user(request, said, messages.SUCCESS)
        return self._back(revision, "decisions")

    def withdraw_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        revision = self._seen(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        house = self._house(request, revision, DECIDE)
        made = Decision.objects.filter(revision=revision, broadcaster=house, withdrawn_at__isnull=True).first()
        if made is None:
            raise Http404
        deed = partial(withdraw_decision, made, actor=staff(request), reason=request.POST.get("reason", ""))
        if self.tried(request, deed):
            self.message_user(request, _("The decision is withdrawn; it stays on record."), messages.SUCCESS)
        return self._back(revision, "decisions")

    def note_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A new thread, or an answer to one. Moments come as timecodes of the material."""
        revision = self._seen(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        house = self._house(request, revision, "productions.add_note")
        made: list[Note] = []

        def write() -> None:
            place = _place(request, revision)
            parent = self._note(revision, request.POST.get("parent", ""))
            made.append(
                add_note(
                    revision,
                    actor=staff(request),
                    broadcaster=house,
                    text=request.POST.get("text", ""),
                    parent=parent,
                    **place,
                )
            )

        if self.tried(request, write):
            return self._back(revision, f"note-{(made[0].parent or made[0]).pk}")
        return self._back(revision, "notes")

    def resolve_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        revision = self._seen(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        note = self._note(revision, request.POST.get("note", ""))
        if note is None:
            raise Http404
        is_resolved = request.POST.get("is_resolved") != "no"
        self.tried(request, partial(resolve_note, note, actor=staff(request), is_resolved=is_resolved))
        return self._back(revision, f"note-{note.pk}")

    @admin.display(description=gettext_lazy("revision"), ordering="kind")
    def what(self, revision: Revision) -> str:
        return str(revision)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, revision: Revision) -> SafeString:
        return standing_label(revision)

    @admin.display(description=gettext_lazy("deadline"), ordering="due_at")
    def deadline(self, revision: Revision) -> SafeString | str:
        return shown_deadline(revision)

    @admin.display(description=gettext_lazy("submitted for"), ordering="broadcaster")
    def submitter(self, revision: Revision) -> str:
        return short_name(revision.broadcaster)

    @admin.display(description=gettext_lazy("submitted at"), ordering="submitted_at")
    def submitted(self, revision: Revision) -> str:
        return moment(revision.submitted_at)

    def _seen(self, request: HttpRequest, object_id: int) -> Revision:
        revision: Revision | None = self.get_queryset(request).filter(pk=object_id).first()
        if revision is None:
            raise Http404
        return revision

    def _house(self, request: HttpRequest, revision: Revision, permission: str) -> Broadcaster:
        """The partner in whose name the form was sent; the only one where it names none. Raises PermissionDenied."""
        houses = houses_that_may(staff(request), permission, revision.production)
        named = whole_number(request.POST.get("house", ""))
        wanted = named if named is not None else houses[0] if len(houses) == 1 else 0
        if wanted not in houses:
            raise PermissionDenied
        return Broadcaster.objects.get(pk=wanted)

    def _note(self, revision: Revision, named: str) -> Note | None:
        """None for no name; Http404 for a note that this revision does not have."""
        if not named:
            return None
        try:
            found = Note.objects.filter(revision=revision, uid=UUID(named)).first()
        except ValueError:
            raise Http404 from None
        if found is None:
            raise Http404
        return found

    def _back(self, revision: Revision, anchor: str) -> HttpResponse:
        return HttpResponseRedirect(f"{self.address(revision)}#{anchor}")


class CarrierField(forms.ModelChoiceField):
    """Named by the item first: carriers' own names are numbers of shelves."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.item} · {obj}"


def _place(request: HttpRequest, revision: Revision) -> dict[str, int | None]:
    """Raises DomainError for a timecode that does not occur."""
    clock, place = Clock(revision), dict[str, int | None]()
    for name in ("in", "out"):
        typed = request.POST.get(f"{name}_at", "").strip()
        try:
            place[f"{name}_ms"] = clock.ms_of(typed) if typed else None
        except TimecodeError as error:
            raise DomainError(
                "bad-timecode", _("“%(text)s” is no timecode of this recording.") % {"text": typed[:20]}
            ) from error
    page = request.POST.get("page", "")
    place["page"] = int(page) if page.isdecimal() and 0 < len(page) < 5 else None
    return place
