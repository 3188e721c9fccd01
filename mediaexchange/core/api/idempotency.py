"""``Idempotency-Key``: a write that a client may send again without its happening twice.

The record is written in the transaction of the deed itself: both exist or neither does, whoever is killed when. Nothing
says "running" in a table, so nothing has to be cleaned up after a crash; who is at it holds an advisory lock, which
PostgreSQL lets go with the transaction.
"""

from contextlib import ExitStack
from datetime import timedelta
from hashlib import blake2b, sha256
from typing import Any

from django.contrib.auth import get_backends
from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from mediaexchange.core.api.parsers import BodyTooLargeError
from mediaexchange.core.api.permissions import scopes_asked
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.models import ApiKey, IdempotencyRecord, User
from mediaexchange.core.secrets import decrypt, encrypt

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
METHODS = frozenset({"POST", "PUT", "PATCH"})
KEPT = timedelta(hours=24)
LONGEST = 255
_HEADERS = ("Content-Type", "Content-Language", "Content-Disposition", "ETag", "Last-Modified", "Location")


class BadKeyError(APIException):
    status_code = 400
    default_code = "bad-idempotency-key"
    default_detail = _("An Idempotency-Key is 1 to 255 visible ASCII characters.")


class RepeatedError(Exception):
    """Not a fault: this request was answered before. ``record`` holds the answer."""

    def __init__(self, record: IdempotencyRecord) -> None:
        super().__init__(record.key)
        self.record = record


class RepeatableMixin(APIView):
    """Every write of a view accepts the header. With it, the whole request is one transaction: an error undoes it all.

    Answers below 500 are kept for a day; a failure of ours is rolled back and may be tried again under the same key.
    """

    is_repeatable = True  # False where bodies are too large to be compared
    _repeating: IdempotencyRecord | None = None  # of this request: a view is made for each
    _savepoint: str | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self._transaction:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            if self._repeating is not None:
                self._keep(self._repeating, response)
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After the caller is known and let through, so that nobody learns another one's answers."""
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER)
        if key is None or request.method not in METHODS or not self.is_repeatable or not isinstance(request.user, User):
            return
        if not (1 <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
            raise BadKeyError
        self._transaction.enter_context(transaction.atomic())
        _lock(request.user, key)
        asked = _digest(request)
        known = IdempotencyRecord.objects.filter(user=request.user, key=key, created_at__gt=Now() - KEPT).first()
        if known is not None and known.body_hash != asked:
            raise DomainError("idempotency-key-reused", _("This Idempotency-Key was used for another request."))
        if known is not None:
            _require_standing(request, request.user, known)
            raise RepeatedError(known)
        route = f"{request.method} {request.get_full_path()}"[:500]
        self._repeating = IdempotencyRecord(
            user=request.user, key=key, route=route, body_hash=asked, standing=sorted(_roles(request.user))
        )
        self._savepoint = transaction.savepoint()

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, RepeatedError):
            return _answer(exc.record)
        if self._savepoint is not None:
            transaction.savepoint_rollback(self._savepoint)
        return super().handle_exception(exc)

    def _keep(self, record: IdempotencyRecord, response: Any) -> None:
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        if response.status_code >= 500 or response.streaming:
            transaction.set_rollback(True)
            return
        record.standing = sorted({*record.standing, *(f"scope:{scope}" for scope in scopes_asked(self.request))})
        record.response_status = response.status_code
        # An answer may show a secret for the one time it is shown.
        record.response_body = encrypt(response.content.decode("latin-1")).encode()
        record.response_headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
        IdempotencyRecord.objects.filter(user=record.user, key=record.key).delete()  # one that is older than a day
        record.save(force_insert=True)


def purge_repeatable() -> int:
    """Forget answers that are older than a day; returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lte=Now() - KEPT).delete()[0]


def _lock(user: User, key: str) -> None:
    """Raises ConflictError while another request with this key is under way."""
    number = int.from_bytes(blake2b(f"{user.pk}:{key}".encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise ConflictError("still-running", _("A request with this Idempotency-Key is still under way."))


def _roles(user: User) -> set[str]:
    """What the account is, and where, as the backends of authentication know it: "superuser", "role:7:editor"."""
    roles = {"superuser"} if user.is_superuser else set()
    for backend in get_backends():
        if hasattr(backend, "standing_of"):
            roles.update(backend.standing_of(user))
    return roles


def _require_standing(request: Request, user: User, record: IdempotencyRecord) -> None:
    """An answer was given to somebody with these roles and scopes. Raises ForbiddenError if any is lost since.

    Doing it afresh instead could do it twice.
    """
    held = _roles(user)
    if isinstance(request.auth, ApiKey):
        held.update(f"scope:{scope}" for scope in request.auth.scopes)
    if not held.issuperset(record.standing):
        raise ForbiddenError(
            "standing-lost", _("This was answered while the account held rights that it holds no longer.")
        )


def _digest(request: Request) -> str:
    """Of method, address with its query, and body. Raises BodyTooLargeError for more than Django reads."""
    inner = request._request
    question = f"{inner.method} {inner.get_full_path()}\n".encode()
    try:
        return sha256(question + inner.body).hexdigest()
    except RequestDataTooBig as error:
        raise BodyTooLargeError from error


def _answer(record: IdempotencyRecord) -> HttpResponse:
    content = decrypt(bytes(record.response_body).decode()).encode("latin-1")
    return HttpResponse(content, status=record.response_status, headers={**record.response_headers, REPLAYED: "true"})
