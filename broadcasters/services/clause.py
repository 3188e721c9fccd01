"""Clauses of a memorandum, and its texts with their documents."""

import hashlib
from collections.abc import Iterable
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Clause, MemorandumText
from broadcasters.models.clause import LARGEST_DOCUMENT_BYTES
from broadcasters.services.memorandum import tell
from broadcasters.services.saving import lock_memorandum, parties_of, require_one, write
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.models import User
from mediaexchange.core.stores import media_store

CLAUSE_WRITABLE = frozenset(
    {*(f"{field}_{language}" for field in ("heading", "text") for language in STORED), "position", "number", "area"}
)
TEXT_WRITABLE = frozenset({"title", "body", "is_equally_valid", "url", "source"})
# How a document of each kind begins; nothing else is taken in.
_BEGINNINGS = {b"%PDF-": "application/pdf", b"PK\x03\x04": "application/zip"}
_ZIPPED = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
}


@transaction.atomic
def save_clause(clause: Clause, *, actor: User | None, changed: Iterable[str] = ()) -> Clause:
    """Write a clause down, or the ``changed`` fields of a stored one. Raises ConflictError for a number twice."""
    is_new = clause.pk is None
    memorandum = lock_memorandum(clause.memorandum_id)
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_clause", parties_of(memorandum))
    names = {*CLAUSE_WRITABLE, "memorandum"} if is_new else set(changed) & CLAUSE_WRITABLE
    if is_new and not clause.position:
        last = memorandum.clauses.order_by("-position").values_list("position", flat=True).first()
        clause.position = (last or 0) + 1
    write(clause, names, is_new=is_new, named="heading")
    tell_of_clause(clause, actor)
    return clause


def tell_of_clause(clause: Clause, actor: User | None) -> None:
    tell(clause.memorandum, "memorandum.clause", actor, number=clause.number)


@transaction.atomic
def save_text(
    text: MemorandumText,
    *,
    actor: User | None,
    changed: Iterable[str] = (),
    document: IO[bytes] | None = None,
    document_name: str = "",
) -> MemorandumText:
    """Keep the memorandum in one language; a document is written to the store first and to its row second.

    Raises DomainError for a document of another kind or more than 20 MiB, ConflictError for a language twice.
    """
    is_new = text.pk is None
    memorandum = lock_memorandum(text.memorandum_id)
    require_one(actor, f"broadcasters.{'add' if is_new else 'change'}_memorandumtext", parties_of(memorandum))
    names = {*TEXT_WRITABLE, "memorandum", "language"} if is_new else set(changed) & TEXT_WRITABLE
    if document is not None:
        _take_in(text, document, document_name)
        names |= {"document_name", "document_type", "document_sha256", "document_bytes"}
    write(text, names, is_new=is_new)
    tell(memorandum, "memorandum.text", actor, language=text.language)
    return text


def _take_in(text: MemorandumText, document: IO[bytes], name: str) -> None:
    content = document.read(LARGEST_DOCUMENT_BYTES + 1)
    if len(content) > LARGEST_DOCUMENT_BYTES:
        raise DomainError("document-too-large", _("A document has at most 20 MiB."))
    text.document_type = _kind_of(content, name)
    text.document_name = name.rpartition("/")[2][:200]
    text.document_sha256 = hashlib.sha256(content).hexdigest()
    text.document_bytes = len(content)
    document.seek(0)
    media_store().put(text.storage_name, document)


def _kind_of(content: bytes, name: str) -> str:
    """By what it holds; of archives also by its name."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            found = kind if kind != "application/zip" else _ZIPPED.get(f".{name.rpartition('.')[2].lower()}")
            if found:
                return found
    raise DomainError("document-kind", _("A document is a PDF, DOCX or ODT file."))
