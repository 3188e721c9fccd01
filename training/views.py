"""Pages for people without an account: the check of a certificate, a participant's own page, feedback, calendars.

None of them sets a cookie beyond the form's, is kept by a cache, or tells the next site where its reader came from.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from broadcasters.moments import both_zones
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import shown_language, to_bcp47
from mediaexchange.core.limits import is_too_often
from mediaexchange.core.stores import media_store
from training.constants import AttendanceStatus, ConsentPurpose, ConsentRoad, EnrolmentStatus
from training.formats import calendar, certificate_pdf
from training.models import Certificate, Enrolment, Material, Participant, Session, Workshop
from training.services.attendance import check_in
from training.services.certificate import check_certificate
from training.services.enrolment import accept_offer, withdraw_enrolment
from training.services.export import export_of
from training.services.feedback import answer_form
from training.services.participant import record_consent, withdraw_consent
from training.tokens import invitation_of, person_of

View = Callable[..., HttpResponseBase]


def public(name: str, *, limit: int = 30) -> Callable[[View], View]:
    """A page that anybody may ask for, so often a minute; ``limit`` counts for one address."""

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response: HttpResponseBase
            if is_too_often(request, name, limit=limit):
                context = {"message": _("Slow down and try again after the given time.")}
                response = render(request, "429.html", context, status=429)
                response.headers["Retry-After"] = "60"
            else:
                response = view(request, *args, **kwargs)
            response.headers["Referrer-Policy"] = "same-origin"  # without any, forms would come from nowhere
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return guarded

    return decorate


@public("certificate")
@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Name, course, date, and whether it holds. Nothing else, and nothing for a token that nobody was given."""
    found = check_certificate(token)
    if found is None:
        raise Http404
    return render(request, "training/certificate.html", {"certificate": found})


@public("person", limit=300)  # a room behind one address checks in at once: three requests each
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, token: str) -> HttpResponse:
    """A participant's own page: seats, times, check-in, certificates, consents, export."""
    found = person_of(token)
    if found is None:
        raise Http404
    language = _wanted(request) or found.shown_language
    with override(language):
        problem = ""
        if request.method == "POST":
            try:
                answer = _do(request, found)
            except DomainError as error:
                problem = str(error)
            else:
                return answer or redirect(reverse("training:person", args=[token]))
        context = {"person": found, "token": token, "tag": to_bcp47(language), "problem": problem} | _own(found)
        return render(request, "training/person.html", context)


@public("person-export", limit=10)
@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is kept of the person, as a JSON file."""
    found = person_of(token)
    if found is None:
        raise Http404
    content = json.dumps(
        export_of(found, actor=None, is_person=True), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2
    )
    return HttpResponse(
        content,
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"', "X-Content-Type-Options": "nosniff"},
    )


@public("person-certificate", limit=20)
@require_safe
def own_certificate(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """One of the person's certificates as PDF, made for this answer."""
    found = person_of(token)
    rows = Certificate.objects.filter(enrolment__participant=found, revoked_at__isnull=True)
    rows = rows.select_related(
        "enrolment__participant", "enrolment__workshop__broadcaster", "enrolment__workshop__place"
    )
    if found is None or (row := rows.filter(number=number).first()) is None:
        raise Http404
    return pdf_of(row)


@public("person-material", limit=60)
@require_safe
def own_material(request: HttpRequest, token: str, uid: UUID) -> StreamingHttpResponse:
    """A file of a workshop in which the person has a seat."""
    found = person_of(token)
    seats = Enrolment.objects.filter(participant=found, status=EnrolmentStatus.CONFIRMED).values("workshop")
    rows = Material.objects.filter(uid=uid, workshop__in=seats).select_related("file")
    if found is None or (row := rows.first()) is None or row.file is None or not row.file.is_ready:
        raise Http404
    file = row.file
    response = StreamingHttpResponse(media_store().pieces(file.storage_name), content_type=file.content_type)
    response.headers["Content-Length"] = str(file.size_bytes)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.original_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def pdf_of(row: Certificate) -> HttpResponse:
    """The certificate as a file; the caller has asked who may have it."""
    return HttpResponse(
        certificate_pdf.render(row),
        content_type=certificate_pdf.CONTENT_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{row.number}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@public("feedback")
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """A form, answered once. The page knows whom it has invited; what is kept of the answer does not."""
    invitation = invitation_of(token)
    if invitation is None or invitation.enrolment.participant.is_anonymous:
        raise Http404
    language = _wanted(request) or invitation.enrolment.participant.shown_language
    with override(language):
        problem, is_done = "", invitation.is_used
        questions = list(invitation.form.questions.prefetch_related("choices"))
        given = {question.pk: request.POST.get(f"q{question.pk}", "") for question in questions}
        if request.method == "POST" and not is_done:
            try:
                answer_form(invitation, given)
            except DomainError as error:
                problem = str(error)
            else:
                is_done = True
        context = {
            "form": invitation.form,
            "workshop": invitation.enrolment.workshop,
            "questions": [(question, range(1, question.scale_max + 1), given[question.pk]) for question in questions],
            "is_done": is_done,
            "problem": problem,
            "tag": to_bcp47(language),
        }
        return render(request, "training/feedback.html", context)


@public("calendar", limit=60)
@require_safe
def workshop_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The sessions of a workshop for calendars that ask again by themselves; no person and no address in it."""
    workshop = get_object_or_404(Workshop.objects.select_related("place", "programme__module"), calendar_token=token)
    return HttpResponse(calendar.calendar_of(workshop), content_type=calendar.CONTENT_TYPE)


def _wanted(request: HttpRequest) -> str | None:
    return shown_language(request.GET.get("lang", ""))


def _do(request: HttpRequest, participant: Participant) -> HttpResponse | None:
    """One of the page's buttons. Raises DomainError, Http404 for what is not this person's."""
    deed = request.POST.get("deed", "")
    if deed == "withdraw-consent":
        purpose = request.POST.get("purpose", "")
        if purpose not in ConsentPurpose.values:
            raise Http404
        if purpose == ConsentPurpose.PARTICIPATION and "sure" not in request.POST:
            raise DomainError("not-sure", _("Tick the box first."))
        withdraw_consent(participant, actor=None, purpose=purpose, is_person=True)
        is_over = purpose == ConsentPurpose.PARTICIPATION
        return render(request, "training/gone.html", {"tag": to_bcp47(participant.shown_language)}) if is_over else None
    if deed == "consent":
        record_consent(participant, actor=None, purpose=ConsentPurpose.FOLLOW_UP, road=ConsentRoad.PAGE, is_person=True)
        return None
    enrolment = get_object_or_404(Enrolment, uid=_uid(request, "enrolment"), participant=participant)
    if deed == "accept":
        accept_offer(enrolment, actor=None, is_person=True)
    elif deed == "withdraw":
        withdraw_enrolment(enrolment, actor=None, is_person=True)
    elif deed == "check-in":
        session = get_object_or_404(
            Session.objects.select_related("workshop"), uid=_uid(request, "session"), workshop=enrolment.workshop_id
        )
        check_in(enrolment, session, request.POST.get("code", "")[:20])
    else:
        raise Http404
    return None


def _uid(request: HttpRequest, name: str) -> str:
    try:
        return str(UUID(request.POST.get(name, "")))
    except ValueError:
        raise Http404 from None


def _own(participant: Participant) -> dict[str, Any]:
    enrolments = participant.enrolments.select_related("workshop__broadcaster", "workshop__place").prefetch_related(
        "workshop__sessions", "attendances", "certificates", "workshop__materials__file"
    )
    zone = participant.broadcaster.time_zone
    rows = []
    for enrolment in enrolments.order_by("-pk"):
        workshop = enrolment.workshop
        has_seat = enrolment.status == EnrolmentStatus.CONFIRMED
        marks = {each.session_id: each for each in enrolment.attendances.all()}
        sessions = [
            {
                "session": session,
                "zones": both_zones(session.starts_at, session.ends_at, workshop.time_zone, zone),
                "mark": marks.get(session.pk),
                "is_there": session.pk in marks and marks[session.pk].status == AttendanceStatus.ATTENDED,
                "online_url": (session.online_url or workshop.online_url) if has_seat else "",
            }
            for session in workshop.sessions.all()
        ]
        rows.append(
            {
                "enrolment": enrolment,
                "workshop": workshop,
                "sessions": sessions,
                "has_seat": has_seat,
                "is_offered": enrolment.status == EnrolmentStatus.OFFERED,
                "until": both_zones(enrolment.offer_ends_at, None, workshop.time_zone, zone)
                if enrolment.offer_ends_at
                else [],
                "certificates": [each for each in enrolment.certificates.all() if each.is_valid],
                "materials": workshop.materials.all() if has_seat else [],
            }
        )
    consents = {each.purpose: each for each in participant.consents.filter(withdrawn_at__isnull=True)}
    return {
        "rows": rows,
        "consents": list(consents.values()),
        "may_agree": ConsentPurpose.FOLLOW_UP not in consents,
    }
