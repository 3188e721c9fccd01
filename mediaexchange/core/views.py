"""Health, and errors outside the API's views: the API answers in problem details, pages in HTML."""

from typing import Any

from axes.helpers import get_cool_off
from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import defaults
from django.views.decorators.cache import never_cache

from mediaexchange.core.admin_base import not_found
from mediaexchange.core.api.problems import is_api, problem_response


@never_cache
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers. Asks neither PostgreSQL nor Redis: a restart would repair neither."""
    return JsonResponse({"status": "live"})


@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """PostgreSQL answers, so requests can be served; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ready"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem_response(request, 400, "bad-request", _("The request cannot be understood."))
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem_response(request, 403, "forbidden", _("Your role does not allow this."))
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return problem_response(request, 404, "not-found", _("There is nothing here that you can see."))
    user = getattr(request, "user", None)
    if user is not None and user.is_active and user.is_staff and request.path.startswith(reverse("admin:index")):
        return not_found(request, admin.site)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest, *_args: Any) -> HttpResponse:
    if is_api(request):
        return problem_response(request, 500, "internal-error", _("Something went wrong on our side."))
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if is_api(request):
        return problem_response(request, 403, "csrf-failed", _("The CSRF token is missing or wrong."))
    from django.views.csrf import csrf_failure as page

    return page(request, reason)


def locked_out(request: HttpRequest, _original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Axes' answer to whoever has guessed too many passwords for a name; it says when the name opens again."""
    wait = get_cool_off(request)
    seconds = int(wait.total_seconds()) if wait else 0
    minutes = max(1, round(seconds / 60))
    message = ngettext(
        "The password was wrong too often. Try again in %(count)d minute.",
        "The password was wrong too often. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}
    if is_api(request):
        return problem_response(request, 429, "locked-out", message, headers={"Retry-After": str(seconds)})
    response = render(request, "429.html", {"message": message}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
