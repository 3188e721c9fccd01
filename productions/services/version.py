"""Language versions: planned, made, declared and delivered. A language is data: no tag needs code."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.errors import invalid
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.rights.source_types import DIGITAL_SOURCE_TYPES
from productions.constants import AiUse, VersionStatus
from productions.languages import canonical_tag
from productions.models import LanguageVersion
from productions.services.delivery_gate import require_deliverable
from productions.services.production import lock_production, partner_ids, require_partner
from productions.services.review import require_open

DECLARED = frozenset({"ai_use", "ai_tool", "digital_source_type", "ai_label"})
_IDENTITY = frozenset({"language", "kind"})
WRITABLE = DECLARED | _IDENTITY | {"autonym", "payer", "owner", "reuse_terms"}


@transaction.atomic
def save_version(version: LanguageVersion, *, actor: User | None, changed: Iterable[str] = ()) -> LanguageVersion:
    """Plan a version, or write the ``changed`` fields of a stored one. The tag is written canonically.

    A changed declaration of AI waits for a reviewer again. Raises DomainError for what cannot be, ConflictError for a
    version that is there already and for what was said of a delivered one; ForbiddenError.
    """
    is_new = version.pk is None
    production = lock_production(version.production)
    require_partner(actor, f"productions.{'add' if is_new else 'change'}_languageversion", production)
    require_open(production)
    if is_new:
        stored, names = version, set(WRITABLE)
        stored.production = production
    else:
        stored = _locked(version)
        names = set(changed) & WRITABLE
        _refuse_delivered(stored, names)
        for field in names:
            setattr(stored, field, getattr(version, field))
    stored.language = canonical_tag(stored.language)
    _check(stored, partner_ids(production))
    if names & DECLARED and not is_new:
        stored.reviewed_by = stored.reviewed_at = None
        names |= {"reviewed_by", "reviewed_at"}
    same = LanguageVersion.objects.filter(production=production, language=stored.language, kind=stored.kind)
    if same.exclude(pk=stored.pk).exists():
        raise ConflictError("version-exists", _("There is such a language version already."))
    stored.save(update_fields=None if is_new else names)
    _tell("version.created" if is_new else "version.changed", stored, actor)
    return stored


@transaction.atomic
def review_version(version: LanguageVersion, *, actor: User) -> LanguageVersion:
    """A person has looked through what AI made of it, and answers for it. Safe to repeat: the first name stays.

    Raises DomainError where nothing of AI is declared, ForbiddenError.
    """
    production = lock_production(version.production)
    require_partner(actor, "productions.change_languageversion", production)
    stored = _locked(version)
    if stored.ai_use in ("", AiUse.NONE):
        raise DomainError("nothing-to-review", _("No work of AI is declared in this version."))
    if stored.reviewed_at is None:
        stored.reviewed_by, stored.reviewed_at = actor, timezone.now()
        stored.save(update_fields=["reviewed_by", "reviewed_at"])
        _tell("version.reviewed", stored, actor)
    return stored


@transaction.atomic
def move_version(version: LanguageVersion, *, actor: User | None, status: str) -> LanguageVersion:
    """Take a version further. Safe to repeat. Nothing is delivered while anything stands against it.

    Raises ConflictError for a move that is not allowed and, with every reason, for what cannot be delivered;
    ForbiddenError.
    """
    production = lock_production(version.production)
    require_partner(actor, "productions.change_languageversion", production)
    require_open(production)
    stored = _locked(version)
    stored.production = production
    if stored.status == status:
        return stored
    if status == VersionStatus.CANCELLED and _has_gone_out(stored):
        raise ConflictError("version-delivered", _("Something of this version is delivered already."))
    stored.move_to(status)
    if status == VersionStatus.DELIVERED:
        require_deliverable(stored)
    stored.save(update_fields=["status"])
    _tell("version.moved", stored, actor, status=status)
    return stored


def _locked(version: LanguageVersion) -> LanguageVersion:
    locked = LanguageVersion.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("production__module", "production__stage").get(pk=version.pk)


def _has_gone_out(version: LanguageVersion) -> bool:
    gone = version.deliverables.filter(status__in=("delivered", "accepted"))
    return version.status == VersionStatus.DELIVERED or gone.exists()


def _refuse_delivered(stored: LanguageVersion, names: set[str]) -> None:
    if names & (_IDENTITY | DECLARED) and _has_gone_out(stored):
        raise ConflictError("version-delivered", _("Something of this version is delivered already."))


def _check(version: LanguageVersion, houses: list[int]) -> None:
    if not {version.payer_id, version.owner_id} <= set(houses):
        raise DomainError("not-a-partner", _("Who pays for it and who owns it are partners of the production."))
    if version.digital_source_type and version.digital_source_type not in DIGITAL_SOURCE_TYPES:
        raise DomainError("bad-source-type", _("This is no digital source type of IPTC."))
    if version.ai_use == AiUse.NONE and (version.ai_tool or version.ai_label):
        raise DomainError("ai-contradiction", _("Without AI there is neither a tool nor a label."))
    try:
        version.clean_fields(exclude={"production", "payer", "owner"})
    except ValidationError as error:
        raise invalid(error) from error


def _tell(kind: str, version: LanguageVersion, actor: User | None, **data: Any) -> None:
    record(
        kind, subject_type="language-version", subject_uid=version.uid, audience=partner_ids(version.production),
        actor=actor, production=str(version.production.uid), language=version.language, **data,
    )  # fmt: skip
