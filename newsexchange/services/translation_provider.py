"""A house's translation services: made, changed, tried out; and what they have cost this month."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster
from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outgoing.configuration import allowed_addresses
from mediaexchange.core.outgoing.errors import OutgoingError
from mediaexchange.core.outgoing.guard import AddressGuard
from mediaexchange.core.translating.nothing import NullTranslator
from mediaexchange.core.translating.port import Translated, TranslationError, Translator
from mediaexchange.core.translating.registry import SERVICES
from mediaexchange.core.translating.services import Account
from newsexchange.constants import OrderError, TranslationAdapter
from newsexchange.models import TranslationProvider, TranslationSpending
from newsexchange.services.translation_memory import home_of, memory_of

CHANGEABLE = frozenset({
    "name", "url", "region", "secret", "languages", "least_percent", "position", "is_active", "sees_confidential",
    "monthly_characters",
})  # fmt: skip
NEEDS_KEY = frozenset({TranslationAdapter.AZURE, TranslationAdapter.DEEPL})
MOST_TRIED = 500  # characters


@transaction.atomic
def create_provider(broadcaster: Broadcaster, *, actor: User | None, **values: Any) -> TranslationProvider:
    """Raises DomainError for an address that may not be reached or a missing key."""
    require(actor, "newsexchange.add_translationprovider", broadcaster)
    provider = TranslationProvider(broadcaster=broadcaster, **values)
    _check(provider)
    provider.save()
    return provider


@transaction.atomic
def change_provider(provider: TranslationProvider, *, actor: User | None, **changes: Any) -> TranslationProvider:
    """Write these fields; an empty ``secret`` keeps the one that is stored. Raises what ``create_provider`` raises.

    A stored key does not follow to another address: with a new one it is given again.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"Not to be changed: {sorted(unknown)}")
    provider = TranslationProvider.objects.select_for_update(of=("self",), no_key=True).get(pk=provider.pk)
    require(actor, "newsexchange.change_translationprovider", provider.broadcaster_id)
    if not changes.get("secret"):
        changes.pop("secret", None)
        if provider.secret and changes.get("url", provider.url) != provider.url:
            raise DomainError("key-missing", _("Give the key again: it is not sent to a new address unasked."))
    for name, value in changes.items():
        setattr(provider, name, value)
    _check(provider)
    provider.save(update_fields=[*changes])
    return provider


def try_provider(provider: TranslationProvider, *, actor: User, text: str, source: str, target: str) -> Translated:
    """Have one sentence translated now. It counts as sent. Raises DomainError with the reason where it fails."""
    require(actor, "newsexchange.change_translationprovider", provider.broadcaster_id)
    if len(text) > MOST_TRIED:
        raise DomainError("too-long", _("At most %(count)d characters.") % {"count": MOST_TRIED})
    translator, source, target = translator_of(provider), home_of(source), home_of(target)
    if not translator.supports(source, target):
        raise _failed(OrderError.NO_PROVIDER)
    if provider.is_external and not spend(provider, len(text)):
        raise _failed(OrderError.BUDGET)
    try:
        (found,) = translator.translate([text], source, target)
    except TranslationError as error:
        if provider.is_external:
            give_back(provider, len(text) - error.charged)
        raise _failed(OrderError(error.code), reason=error.detail) from error
    if not found.text:
        raise _failed(OrderError.NOTHING_FOUND)
    return found


def translator_of(provider: TranslationProvider) -> Translator:
    """The row as something that translates."""
    if provider.adapter == TranslationAdapter.NULL:
        return NullTranslator()
    if provider.adapter == TranslationAdapter.MEMORY:
        return memory_of(provider.broadcaster_id, provider.name, least_percent=provider.least_percent)
    languages = tuple(home_of(language) for language in provider.languages)
    account = Account(provider.name, provider.url, provider.region, provider.secret, languages)
    return SERVICES[provider.adapter](account)


def spend(provider: TranslationProvider, characters: int) -> bool:
    """Count characters before they are sent; False, and nothing is counted, if they are more than the month allows."""
    TranslationSpending.objects.get_or_create(provider=provider, month=_month())
    month = TranslationSpending.objects.filter(provider=provider, month=_month())
    if provider.monthly_characters is not None:
        month = month.filter(characters__lte=provider.monthly_characters - characters)
    return month.update(characters=F("characters") + characters) == 1


def give_back(provider: TranslationProvider, characters: int) -> None:
    """They were counted and certainly not translated."""
    month = TranslationSpending.objects.filter(provider=provider, month=_month())
    month.update(characters=Greatest(F("characters") - characters, 0))


def spent(provider: TranslationProvider) -> int:
    """Characters of this month."""
    row = TranslationSpending.objects.filter(provider=provider, month=_month()).first()
    return row.characters if row else 0


def _month() -> date:
    return timezone.now().date().replace(day=1)


def _failed(error: OrderError, **details: Any) -> DomainError:
    return DomainError(f"translation-{error.value}", error.label, **details)


def _check(provider: TranslationProvider) -> None:
    """What the database cannot check. Raises DomainError."""
    if provider.adapter in NEEDS_KEY and not provider.secret:
        raise DomainError("key-missing", _("This service needs a key."))
    if not provider.url:
        return
    try:
        target = AddressGuard(allowed_addresses()).target(provider.url)
    except OutgoingError as error:
        raise DomainError("bad-address", _("This address cannot be used."), reason=error.code) from error
    if target.scheme != "https" and target.pair not in allowed_addresses():
        raise DomainError("bad-address", _("A service's address begins with https."), reason="not-encrypted")
