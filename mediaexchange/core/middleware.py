"""What surrounds every request: its id, where it comes from, its language, and who is acting."""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from mediaexchange.core.context import acting, new_request_id, request_id
from mediaexchange.core.languages.tags import negotiate, shown_language, to_bcp47
from mediaexchange.core.sessions import brings_key

GetResponse = Callable[[HttpRequest], HttpResponse]
_CLEAN_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}\Z")


class RequestIdMiddleware:
    """Take over a caller's ``X-Request-ID`` if it is harmless, make one otherwise, and send it back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        current = given if _CLEAN_ID.match(given) else new_request_id()
        token = request_id.set(current)
        try:
            with acting(None):  # whoever is found out to act later, the thread forgets it with the request
                response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = current
        return response


class VisitorAddressMiddleware:
    """Behind a proxy that is trusted, ``REMOTE_ADDR`` is the visitor's: limits and lockouts count visitors.

    ``X-Forwarded-Proto`` of anybody else is dropped, before somebody asks whether the request came encrypted.

    ``X-Forwarded-For`` is read from its end, where the nearest proxy wrote, up to the first address not trusted: what
    stands before it is what the visitor says. ``TRUSTED_PROXIES`` holds addresses and networks; ``*`` trusts whoever
    connects, and nobody before.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.trusts_peer = "*" in settings.TRUSTED_PROXIES
        self.trusted = [ip_network(each, strict=False) for each in settings.TRUSTED_PROXIES if each != "*"]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.META.get("REMOTE_ADDR", "")
        if not (self.trusts_peer or self._is_trusted(address)):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if self.trusts_peer and _is_address(hops[-1]):
            address = hops.pop()
        while hops and self._is_trusted(address) and _is_address(hops[-1]):
            address = hops.pop()
        request.META["REMOTE_ADDR"] = address
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self.trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class ApiSlashMiddleware:
    """An address of the API is the same with and without its final slash: a redirect would lose a POST's body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/") and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self.get_response(request)


class LanguageMiddleware:
    """In the API ``?lang=`` wins; on pages the language chosen there, then the account's own; else Accept-Language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", to_bcp47(language))
        patch_vary_headers(response, ["Accept-Language"])
        return response


class TimeZoneMiddleware:
    """Pages show times in the signed-in person's own zone; the API always speaks UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class ActorMiddleware:
    """Attribute what a signed-in person writes; API views do the same once they know the key's account."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"} or brings_key(request):
            return self.get_response(request)
        with acting(request.user.pk if request.user.is_authenticated else None):
            return self.get_response(request)


def language_of(request: HttpRequest) -> str:
    """The Django language code in which this request is answered."""
    if request.path.startswith("/api/"):
        if asked := shown_language(request.GET.get("lang", "")):
            return asked
    else:
        if chosen := shown_language(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
            return chosen
        if request.user.is_authenticated:
            return str(request.user.language)
    return negotiate(request.headers.get("Accept-Language", "")) or settings.LANGUAGE_CODE
