"""Bags for other archives (BagIt 1.0, RFC 8493): masters with their checksums, what is known of them, what they went
through. A bag is a list of files; it is written to a folder or sent as a tar archive, without being kept in between.
"""

import hashlib
import re
import tarfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bagit  # type: ignore[import-untyped]
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.catalogue import with_parts
from archive.constants import MASTERS, PremisOutcome, PremisType
from archive.formats import pbcore, premis
from archive.formats.writing import Shown
from archive.models import Item, MediaFile, PreservationEvent
from archive.services.sniff import extension_of
from broadcasters.permissions import require
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.stores import media_store

AGENT = "mediaexchange BagIt export"
_UNSAFE = re.compile(r"[^\w.\- ]+")  # letters of all scripts may stand in names; % and line ends would be escaped
_BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the bag. ``pieces`` reads it anew each time."""

    path: str
    size_bytes: int
    sha256: str
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Bag:
    """``files`` are those of the store that went in."""

    name: str
    entries: list[Entry]
    files: list[MediaFile] = field(default_factory=list)

    @property
    def size_bytes(self) -> int:
        return sum(entry.size_bytes for entry in self.entries)


def build_bag(items: Iterable[Item], *, actor: User | None) -> Bag:
    """The list of what belongs into it: each item's masters, or all its files where it has no master, PBCore, PREMIS.

    Nothing is read yet but rows. Raises DomainError if no item has a file, ForbiddenError.
    """
    listed = list(with_parts(Item.objects.filter(pk__in=[item.pk for item in items]).order_by("pk")))
    for item in listed:
        require(actor, "archive.change_instantiation", item.broadcaster_id)
    payload: list[Entry] = []
    files: dict[int, MediaFile] = {}
    for item in listed:
        found = _files_of(item)
        if not found:
            continue
        folder = f"data/{_safe(item.identifier)}-{str(item.uid)[:8]}"
        payload += [_entry_of(f"{folder}/{name}", file) for name, file in found]
        unique = {file.pk: file for _name, file in found}
        payload.append(_document(f"{folder}/premis.xml", premis.render(unique.values())))
        payload.append(_document(f"{folder}/pbcore.xml", pbcore.render([Shown(item, is_own=True)])))
        files |= unique
    if not files:
        raise DomainError("nothing-to-pack", _("None of the items has a file in the store."))
    # Tags come last: what was broken off is no bag.
    return Bag(_bag_name(listed), [*payload, *_tags(payload, listed)], list(files.values()))


def export_bag(items: Iterable[Item], target: Path, *, actor: User | None) -> Bag:
    """Write the bag into ``target``, a folder that is empty or not there yet, and let the reference tool verify it.

    Raises DomainError if something lies there, or if a file in the store is damaged or missing; OSError.
    """
    bag = build_bag(items, actor=actor)
    if target.exists() and any(target.iterdir()):
        raise DomainError("folder-not-empty", _("The folder is not empty."))
    for entry in bag.entries:
        path = target / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for piece in _checked(entry):
                file.write(piece)
    bagit.Bag(str(target)).validate()
    note_packing(bag, actor=actor)
    return bag


def stream_bag(bag: Bag) -> Iterator[bytes]:
    """The bag as a tar archive (POSIX.1-2001), piece by piece. Raises OSError in the middle if a file is damaged:
    an archive that breaks off is not taken for a whole one."""
    for entry in bag.entries:
        header = tarfile.TarInfo(f"{bag.name}/{entry.path}")
        header.size, header.mode, header.mtime = entry.size_bytes, 0o640, int(timezone.now().timestamp())
        yield header.tobuf(tarfile.PAX_FORMAT)
        try:
            yield from _checked(entry)
        except DomainError as error:
            raise OSError(str(error)) from error
        yield bytes(-entry.size_bytes % _BLOCK)
    yield bytes(2 * _BLOCK)


@transaction.atomic
def note_packing(bag: Bag, *, actor: User | None) -> None:
    """Keep that the files went into a bag."""
    PreservationEvent.objects.bulk_create(
        [
            PreservationEvent(
                file=file, kind=PremisType.EXPORT, outcome=PremisOutcome.SUCCESS, detail={"bag": bag.name},
                agent=AGENT, actor=actor,
            )
            for file in bag.files
        ]
    )  # fmt: skip


def _files_of(item: Item) -> list[tuple[str, MediaFile]]:
    """Names and files; each name once."""
    held = [each for each in item.instantiations.all() if each.file is not None and each.file.is_ready]
    masters = [each for each in held if each.generation in MASTERS]
    found: list[tuple[str, MediaFile]] = []
    for each in masters or held:
        assert each.file is not None
        stem, _dot, ending = each.file.original_name.rpartition(".")
        name = _safe(stem or ending or "file")
        found.append((f"{name}-{each.file.sha256[:8]}.{extension_of(each.file.content_type)}", each.file))
    return found


def _entry_of(path: str, file: MediaFile) -> Entry:
    return Entry(path, file.size_bytes, file.sha256, lambda: media_store().pieces(file.storage_name))


def _document(path: str, content: bytes) -> Entry:
    return Entry(path, len(content), hashlib.sha256(content).hexdigest(), lambda: iter((content,)))


def _tags(payload: list[Entry], items: list[Item]) -> list[Entry]:
    """Sections 2.1.1, 2.1.3 and 2.2 of RFC 8493."""
    houses = {item.broadcaster_id: localized(item.broadcaster, "name") for item in items}
    facts: list[tuple[str, Any]] = [("Source-Organization", name) for name in houses.values()]
    facts += [("External-Identifier", _line(f"{item.identifier} urn:uuid:{item.uid}")) for item in items]
    facts += [
        ("Bagging-Date", timezone.now().date().isoformat()),
        ("Bag-Software-Agent", AGENT),
        ("Payload-Oxum", f"{sum(entry.size_bytes for entry in payload)}.{len(payload)}"),
    ]
    tags = [
        _document("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        _document("bag-info.txt", "".join(f"{name}: {_line(str(value))}\n" for name, value in facts).encode()),
        _document("manifest-sha256.txt", _manifest(payload)),
    ]
    return [*tags, _document("tagmanifest-sha256.txt", _manifest(tags))]


def _manifest(entries: list[Entry]) -> bytes:
    return "".join(f"{entry.sha256}  {entry.path}\n" for entry in entries).encode()


def _checked(entry: Entry) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    try:
        for piece in entry.pieces():
            digest.update(piece)
            size += len(piece)
            if size > entry.size_bytes:
                break
            yield piece
    except FileNotFoundError as error:
        raise _damaged(entry) from error
    if (size, digest.hexdigest()) != (entry.size_bytes, entry.sha256):
        raise _damaged(entry)


def _damaged(entry: Entry) -> DomainError:
    return DomainError("file-damaged", _("A file in the store is damaged or missing: %(name)s") % {"name": entry.path})


def _bag_name(items: list[Item]) -> str:
    name = _safe(items[0].identifier) if len(items) == 1 else f"{len(items)}-items"
    return f"{name}-{timezone.now():%Y%m%dT%H%M%SZ}"


def _safe(text: str) -> str:
    """Fit for a name in every file system: no separators, nothing hidden, one form of each letter."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    return name.encode()[:80].decode(errors="ignore") or "item"


def _line(text: str) -> str:
    return " ".join(text.split())
