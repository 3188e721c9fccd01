"""Who guesses the secret of an API client is locked out like who guesses a password: by name and address, by axes."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

_KEPT = ("REMOTE_ADDR", "PATH_INFO", "HTTP_USER_AGENT")


def seconds_locked(request: HttpRequest, client_id: str) -> int:
    """For how long whoever asks from here may not try this client, at most; 0 while they may."""
    if AxesProxyHandler.is_allowed(_without_secrets(request), {"username": client_id}):
        return 0
    wait = get_cool_off(request)
    return int(wait.total_seconds()) if wait else 0


def count_wrong_guess(request: HttpRequest, client_id: str) -> None:
    user_login_failed.send(__name__, credentials={"username": client_id}, request=_without_secrets(request))


def _without_secrets(request: HttpRequest) -> HttpRequest:
    """Axes keeps the form of a failed attempt in the database; this one has none."""
    attempt = HttpRequest()
    attempt.method = request.method
    attempt.META = {name: request.META[name] for name in _KEPT if name in request.META}
    return attempt
