"""API keys: ``mx_<prefix>_<secret><checksum>``. The checksum finds typing errors and leaked keys without a query."""

import hmac
import re
import secrets
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.compiled import Compiled, compile_queryset, run
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import ApiKey, User

SCOPES = {
    "broadcasters:read": _("Read organisations, people, places, memoranda and modules"),
    "broadcasters:write": _("Write agreements, reviews and digital development of own houses; move modules"),
    "search:read": _("Search what the other scopes let it read"),
    "stories:read": _("Read stories and the change feed"),
    "stories:write": _("Create, change and recall own stories"),
    "offers:read": _("Read offers, takes, requests and uses"),
    "offers:write": _("Make, answer and withdraw offers and requests, and report uses"),
    "archive:read": _("Read the archive’s catalogue, its texts and own files"),
    "archive:write": _("Create, change and withdraw own items of the archive, and upload"),
    "licences:read": _("Read footage requests, licences, grants, deliveries of footage and its uses"),
    "licences:write": _("Ask for footage, have it delivered, report its uses; decide, grant and revoke"),
    "training:read": _("Read programmes, workshops, own participants and their enrolments"),
    "training:write": _("Nominate own people for workshops, answer offers, withdraw; record consents"),
    "correspondents:read": _("Read correspondents, assignments, accreditations and the planning calendar"),
    "correspondents:write": _("Plan coverage, assign own correspondents and answer assignments to one’s own city"),
    "productions:read": _("Read own co-productions, their schedules, versions and deliverables"),
    "productions:write": _("Report progress, deliverables and costs of own co-productions"),
    "airings:read": _("Read airings and foreign shares of own channels"),
    "airings:write": _("Report airings on own channels"),
    "feeds:read": _("Read own feeds and quarantine"),
    "feeds:write": _("Synchronise own feeds and replay quarantine"),
    "subscriptions:read": _("Read own subscriptions and the ledger of deliveries"),
    "subscriptions:write": _("Create, change and try out own subscriptions; have deliveries sent again"),
}
MAX_ALIVE = 2  # one in use and one to rotate to
_SEEN_EVERY = timedelta(minutes=1)
_CLIENT_ID = re.compile("(?:mx_)?([0-9a-f]{12})(?:_…?)?")  # as the admin and the key's text show it
_PREFIX_MARK = "any prefix"
_KEY_FIELDS = tuple(field.attname for field in ApiKey._meta.concrete_fields)
_USER_FIELDS = tuple(field.attname for field in User._meta.concrete_fields)


@transaction.atomic
def issue_key(
    user: User, *, name: str, scopes: list[str], expires_at: datetime | None = None, networks: Sequence[str] = ()
) -> tuple[ApiKey, str]:
    """Create a key and return it with its text, which is shown once and cannot be had again.

    ``networks`` are those it may be used from, as ``networks_in`` gives them; none for any address. Raises DomainError
    for an unknown scope, a person's account or a moment that has passed, ConflictError while two keys are alive.
    """
    if not user.is_service:
        raise DomainError("not-a-service-account", _("API keys belong to service accounts."))
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise DomainError("unknown-scope", _("There is no such scope."), scopes=unknown)
    if expires_at is not None and expires_at <= timezone.now():
        raise DomainError("expiry-passed", _("A key cannot be issued that has expired already."))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at a time who count would both find room
    if ApiKey.objects.alive().filter(user=user).count() >= MAX_ALIVE:
        raise ConflictError("too-many-keys", _("Two keys are alive; revoke one first."))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    text = f"mx_{prefix}_{secret}"
    key = ApiKey.objects.create(
        user=user,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=sorted(scopes),
        networks=list(networks),
        expires_at=expires_at,
    )
    return key, text + _checksum(text)


def find_key(text: str) -> ApiKey | None:
    """The living key behind this text, or None. Compares in constant time; notes once a minute that it was used."""
    body, checksum = text[:-8], text[-8:]
    parts = body.split("_", 2)
    if len(parts) != 3 or parts[0] != "mx" or not hmac.compare_digest(_checksum(body).encode(), checksum.encode()):
        return None
    key = living_key(parts[1])
    if key is None or not hmac.compare_digest(key.digest, _digest(parts[2])):
        return None
    note_use(key)
    return key


def client_id_of(text: str) -> str:
    """The ``client_id`` of a key, from what people copy; "" for what cannot be one."""
    found = _CLIENT_ID.fullmatch(text)
    return f"mx_{found[1]}" if found else ""


def find_client(client_id: str, secret: str) -> ApiKey | None:
    """The living key that is called so. The secret is the key's whole text, or what follows its prefix."""
    start = f"{client_id}_"
    return find_key(secret if secret.startswith(start) else start + secret)


def note_use(key: ApiKey) -> None:
    """Write down that the key was used, once a minute at most."""
    if key.last_used_at is None or key.last_used_at < timezone.now() - _SEEN_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=Now())


def living_key(prefix: str) -> ApiKey | None:
    """The key with its account, while both may be used. Asked at every request: a revoked key is dead at once."""
    compiled = _key_query()
    rows = run(compiled.sql, compiled.parameters({"prefix": prefix}))
    if not rows:
        return None
    key = ApiKey.from_db(connection.alias, _KEY_FIELDS, rows[0][: len(_KEY_FIELDS)])
    key.user = User.from_db(connection.alias, _USER_FIELDS, rows[0][len(_KEY_FIELDS) :])
    return key


@cache
def _key_query() -> Compiled:
    alive = ApiKey.objects.alive().filter(prefix=_PREFIX_MARK, user__is_active=True)
    columns = (*_KEY_FIELDS, *(f"user__{name}" for name in _USER_FIELDS))
    return compile_queryset(alive.values_list(*columns), {"prefix": _PREFIX_MARK})


@transaction.atomic
def limit_key(key: ApiKey, networks: Sequence[str]) -> None:
    """From now on the key and its tokens may be used from these networks alone; none for any address."""
    ApiKey.objects.filter(pk=key.pk).update(networks=list(networks))


@transaction.atomic
def revoke_key(key: ApiKey) -> None:
    """Close the door at once. Safe to repeat; the first moment stays."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=Now())


def _digest(secret: str) -> str:
    return hmac.new(settings.API_KEY_PEPPER.encode(), secret.encode(), "sha256").hexdigest()


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
