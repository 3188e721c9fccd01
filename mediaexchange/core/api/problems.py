"""Errors as RFC 9457 problem details: a stable ``code``, a message in the caller's language, pointers to the fault."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from mediaexchange.core.context import request_id
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.tags import to_bcp47
from mediaexchange.core.middleware import language_of

CONTENT_TYPE = "application/problem+json"

TITLES: dict[int, Message] = {
    400: _("Bad request"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Conflict"),
    410: _("Gone"),
    411: _("Length required"),
    412: _("Precondition failed"),
    413: _("Too large"),
    415: _("Unsupported media type"),
    422: _("Cannot be processed"),
    423: _("Locked"),
    428: _("Precondition required"),
    429: _("Too many requests"),
    460: _("Checksum mismatch"),
    500: _("Internal error"),
    503: _("Unavailable"),
    507: _("No room left"),
}


class BadParameterError(exceptions.APIException):
    """A query parameter that is unknown or has no possible meaning; ``parameter`` names it."""

    status_code = 400
    default_code = "bad-parameter"

    def __init__(self, parameter: str, message: Message, code: str = "bad-parameter") -> None:
        super().__init__(str(message), code)
        self.parameter = parameter


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's handler. Anything unforeseen is logged by Django and answered by ``handler500``."""
    request = context["request"]
    if isinstance(error, DomainError):
        details = {name: value for name, value in error.details.items() if value is not None}
        return problem_response(request, error.status, error.code, error.message, **details)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    code, message, extra = _described(error)
    return problem_response(request, error.status_code, code, message, headers=headers, **extra)


def problem_response(
    request: HttpRequest,
    status: int,
    code: str,
    message: Message,
    *,
    headers: dict[str, str] | None = None,
    **details: Any,
) -> HttpResponse:
    """The response itself, in the request's language even where no middleware has set one."""
    language = language_of(request)
    with translation.override(language):
        body = {
            "type": f"urn:mediaexchange:problem:{code}",
            "title": str(TITLES.get(status, TITLES[400])),
            "status": status,
            "detail": str(message),
            "code": code,
            "instance": request.path,
            "request_id": request_id.get(),
        }
        body |= {name: value for name, value in details.items() if name not in body}
        content = orjson.dumps(body, default=str)
    response = HttpResponse(content, status=status, content_type=CONTENT_TYPE, headers=headers or {})
    response.headers["Content-Language"] = to_bcp47(language)
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept-Language", "Authorization"])
    return response


def problem_of(error: DomainError | exceptions.APIException) -> dict[str, Any]:
    """The same for one item of many: status, code, detail and pointers, in the active language."""
    if isinstance(error, DomainError):
        details = {name: value for name, value in error.details.items() if value is not None}
        return {"status": error.status, "code": error.code, "detail": str(error.message)} | details
    code, message, extra = _described(error)
    return {"status": error.status_code, "code": code, "detail": str(message)} | extra


_MESSAGES: dict[str, tuple[str, Message]] = {
    "not_found": ("not-found", _("There is nothing here that you can see.")),
    "not_authenticated": ("not-authenticated", _("Send an API key or sign in.")),
    "authentication_failed": ("authentication-failed", _("The credentials are not valid.")),
    "permission_denied": ("forbidden", _("Your role does not allow this.")),
    "method_not_allowed": ("method-not-allowed", _("This address does not answer to that method.")),
    "not_acceptable": ("not-acceptable", _("None of the formats you accept is spoken here.")),
    "unsupported_media_type": ("unsupported-media-type", _("Send JSON.")),
    "parse_error": ("malformed-json", _("The body is not valid JSON.")),
    "throttled": ("too-many-requests", _("Slow down and try again after the given time.")),
}


def _described(error: exceptions.APIException) -> tuple[str, Message, dict[str, Any]]:
    if isinstance(error, exceptions.ValidationError):
        return "invalid", _("Some values are not valid."), {"errors": list(_pointers(error.detail, ""))}
    if isinstance(error, BadParameterError):
        errors = [{"parameter": error.parameter, "detail": str(error.detail), "code": str(error.get_codes())}]
        return str(error.get_codes()), str(error.detail), {"errors": errors}
    code = str(error.get_codes()) if isinstance(error.get_codes(), str) else error.default_code
    if code in _MESSAGES:
        return *_MESSAGES[code], {}
    return code.replace("_", "-"), str(error.detail), {}


def _pointers(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """RFC 6901 pointers into the body that was sent."""
    if isinstance(detail, dict):
        for name, value in detail.items():
            below = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from _pointers(value, below)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _pointers(value, f"{pointer}/{index}" if isinstance(value, dict) and value else pointer)
    else:
        code = getattr(detail, "code", "invalid")
        yield {"pointer": f"#{pointer}", "detail": str(detail), "code": str(code).replace("_", "-")}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
