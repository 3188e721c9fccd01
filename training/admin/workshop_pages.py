"""Pages beside a workshop's form: attendance grid, check-in code, certificates in one go, results of feedback."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from archive.admin.base import ArchiveAdmin
from broadcasters.permissions import may
from mediaexchange.core.admin_base import refusal, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import LANGUAGES, STORED
from training.admin.base import in_both_zones
from training.constants import FEWEST_FOR_TEXTS, AttendanceStatus, EnrolmentStatus, WorkshopStatus
from training.models import Attendance, Enrolment, Workshop
from training.services.attendance import change_attendance, code_of
from training.services.certificate import issue_certificates, standings
from training.services.feedback import results_of
from training.services.material import add_material

HOST = "training.change_enrolment"


class MaterialForm(HelpedForm):
    file = forms.FileField(label=_("file"), required=False, widget=UnfoldAdminFileFieldWidget)
    url = forms.URLField(
        label=_("address"), required=False, max_length=500, assume_scheme="https", widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            if language.code in STORED:
                self.fields[f"title_{language.code}"] = forms.CharField(
                    label=language.autonym, required=False, max_length=200, widget=UnfoldAdminTextInputWidget
                )


class WorkshopPages(ArchiveAdmin):
    def get_urls(self) -> list[URLPattern]:
        def named(route: str, view: Any, name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(view)
            pattern: URLPattern = path(f"<int:object_id>/{route}", guarded, name=f"training_workshop_{name}")
            return pattern

        return [
            named("attendance/", self.attendance_view, "attendance"),
            named("code/<int:session>/", self.code_view, "code"),
            named("certificates/", self.certificates_view, "certificates"),
            named("results/", self.results_view, "results"),
            named("material/", self.material_view, "material"),
            *super().get_urls(),
        ]

    def attendance_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Who was at which session; the host's coordinator marks, a house looks at its own people."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        sessions = list(workshop.sessions.filter(is_cancelled=False))
        rows = Enrolment.objects.visible_to(staff(request)).filter(workshop=workshop, status=EnrolmentStatus.CONFIRMED)
        people = list(rows.select_related("participant", "broadcaster").order_by("broadcaster__slug", "pk"))
        marks = {(mark.enrolment_id, mark.session_id): mark for mark in Attendance.objects.filter(enrolment__in=people)}
        hosts = self._hosts(request, workshop)
        if request.method == "POST":
            if not hosts:
                raise PermissionDenied
            self._mark(request, sessions, people)
            return HttpResponseRedirect(request.path)
        grid = [
            (
                person,
                [(f"m-{person.pk}-{session.pk}", session, marks.get((person.pk, session.pk))) for session in sessions],
            )
            for person in people
        ]
        context = {
            "title": _("Attendance"),
            "sessions": [
                (
                    session,
                    in_both_zones(session.starts_at, session.ends_at, workshop),
                    reverse("admin:training_workshop_code", args=[workshop.pk, session.pk]),
                    " ".join(
                        f"{mark.enrolment_id}:{mark.status}" for mark in marks.values() if mark.session_id == session.pk
                    ),
                )
                for session in sessions
            ],
            "grid": grid,
            "choices": AttendanceStatus.choices,
            "hosts": hosts,
        }
        return self.page(request, "training/attendance.html", workshop, context)

    def _mark(self, request: HttpRequest, sessions: list[Any], people: list[Enrolment]) -> None:
        """Only what somebody has changed on the page; a mark that is another one by now stays, and is told of."""
        changed = 0
        for session in sessions:
            seen = dict(mark.partition(":")[::2] for mark in request.POST.get(f"was-{session.pk}", "").split())
            marks = {
                person: (was, wanted)
                for person in people
                if (wanted := request.POST.get(f"m-{person.pk}-{session.pk}")) in ("", *AttendanceStatus.values)
                and (was := seen.get(str(person.pk), "")) != wanted
            }
            done: list[tuple[int, list[Enrolment]]] = []
            if not marks:
                continue
            deed = partial(change_attendance, session, marks, actor=staff(request))
            self.tried(request, partial(_keep, done, deed), about=str(session))
            for count, moved in done:
                changed += count
                if moved:
                    names = ", ".join(str(person.participant) for person in moved)
                    said = _("%(session)s: somebody else has marked %(names)s meanwhile; look again.")
                    self.message_user(request, said % {"session": session, "names": names}, messages.WARNING)
        text = ngettext("%(count)d mark changed.", "%(count)d marks changed.", changed)
        self.message_user(request, text % {"count": changed}, messages.SUCCESS)

    def code_view(self, request: HttpRequest, object_id: int, session: int) -> HttpResponse:
        """The code of this minute in large figures; the page asks again by itself."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        if not self._hosts(request, workshop):
            raise PermissionDenied
        row = get_object_or_404(workshop.sessions.select_related("workshop"), pk=session)
        code, seconds = code_of(row, actor=staff(request))
        context = {
            "title": _("Check-in code"),
            "code": f"{code[:3]} {code[3:]}",
            "seconds": seconds,
            "session": row,
            "when": in_both_zones(row.starts_at, row.ends_at, workshop),
        }
        response = self.page(request, "training/code.html", workshop, context)
        response.headers["Refresh"] = str(seconds + 1)
        response.headers["Cache-Control"] = "no-store"
        return response

    def certificates_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Who has reached the threshold, and a certificate for each of those ticked."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        hosts = self._hosts(request, workshop)
        seen = set(Enrolment.objects.visible_to(staff(request)).filter(workshop=workshop).values_list("pk", flat=True))
        rows = [row for row in standings(workshop) if row.enrolment.pk in seen]
        if request.method == "POST":
            if not hosts:
                raise PermissionDenied
            ticked = set(request.POST.getlist("enrolment"))
            chosen = [row.enrolment for row in rows if str(row.enrolment.pk) in ticked]
            issued: list[Any] = []
            if self.tried(
                request,
                lambda: issued.extend(issue_certificates(workshop, actor=staff(request), enrolments=chosen)),
            ):
                text = ngettext("%(count)d certificate issued.", "%(count)d certificates issued.", len(issued))
                self.message_user(request, text % {"count": len(issued)}, messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        context = {
            "title": _("Certificates"),
            "rows": rows,
            "hosts": hosts,
            "is_completed": workshop.status == WorkshopStatus.COMPLETED,
            "threshold": workshop.attendance_percent,
        }
        return self.page(request, "training/certificates.html", workshop, context)

    def results_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Counts and means for all parties, what was written for the host, once enough have answered."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        forms = [form for form in (workshop.evaluation_form, workshop.follow_up_form) if form is not None]
        context = {
            "title": _("Results of feedback"),
            "results": [results_of(workshop, form) for form in forms],
            "hosts": self._hosts(request, workshop),
            "fewest": FEWEST_FOR_TEXTS,
        }
        return self.page(request, "training/results.html", workshop, context)

    def material_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A file from the coordinator's own machine, or an address; the store checks it like every other file."""
        workshop = self.get_object(request, str(object_id))
        if workshop is None:
            return self.missing(request, str(object_id))
        if not self._hosts(request, workshop):
            raise PermissionDenied
        form = MaterialForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            titles = {f"title_{language}": given[f"title_{language}"] for language in STORED}
            upload = given["file"]
            try:
                add_material(
                    workshop, actor=staff(request), titles=titles, stream=upload, name=upload.name if upload else "",
                    url=given["url"],
                )  # fmt: skip
            except DomainError as error:
                form.add_error(None, refusal(error))
            else:
                self.message_user(request, _("The material is there."), messages.SUCCESS)
                return HttpResponseRedirect(self.address(workshop))
        return self.page(request, "training/material.html", workshop, {"title": _("Add a material"), "form": form})

    def _hosts(self, request: HttpRequest, workshop: Workshop) -> bool:
        return may(staff(request), HOST, workshop.broadcaster_id)


def _keep(results: list[Any], deed: Callable[[], Any]) -> None:
    results.append(deed())
