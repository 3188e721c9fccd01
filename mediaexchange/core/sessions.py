"""Sessions, and what stands on them, for those who have one: a caller that brings a key is never looked up in one."""

from collections.abc import Awaitable

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = HttpResponseBase | Awaitable[HttpResponseBase]


def brings_key(request: HttpRequest) -> bool:
    """Whether the API will look at a key alone, be it right or wrong; see ``ApiKeyAuthentication``."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    return given[:7].lower() == "bearer " and request.path_info.startswith("/api/")


class SessionMiddleware(sessions.SessionMiddleware):
    def __call__(self, request: HttpRequest) -> Answer:
        return self.get_response(request) if brings_key(request) else super().__call__(request)


class AuthenticationMiddleware(auth.AuthenticationMiddleware):
    def __call__(self, request: HttpRequest) -> Answer:
        return self.get_response(request) if brings_key(request) else super().__call__(request)


class MessageMiddleware(messages.MessageMiddleware):
    def __call__(self, request: HttpRequest) -> Answer:
        return self.get_response(request) if brings_key(request) else super().__call__(request)
