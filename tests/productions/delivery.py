"""What tests of review and delivery start from: revisions, versions, deliverables and licensed footage."""

from typing import Any

from archive.models import Item, MediaFile, Segment
from broadcasters.models import Broadcaster
from productions.models import ArchiveUse, Decision, Deliverable, LanguageVersion, Production, Revision
from productions.services.archive_use import add_use
from productions.services.review import decide_revision, submit_revision
from productions.services.version import save_version
from tests.archive.factories import make_archive_module, make_instantiation, make_item, make_segment


def houses_of(production: Production) -> list[Broadcaster]:
    """Its partners, the lead first."""
    return [partner.broadcaster for partner in production.partners.select_related("broadcaster").order_by("pk")]


def make_revision(production: Production, kind: str = "final-cut", **fields: Any) -> Revision:
    """A reel on the lead's shelf, unless a ``file`` or ``instantiation`` is given."""
    lead = houses_of(production)[0]
    if "file" not in fields and "instantiation" not in fields:
        fields["instantiation"] = make_instantiation(make_item(lead, access="house"))
    return submit_revision(production, actor=None, kind=kind, **{"broadcaster": lead} | fields)


def approve(revision: Revision, *houses: Broadcaster) -> list[Decision]:
    """By all partners, unless some are named."""
    parties = houses or houses_of(revision.production)
    return [decide_revision(revision, actor=None, broadcaster=house, decision="approved") for house in parties]


def make_final(production: Production) -> Revision:
    """A final cut that every partner has approved."""
    revision = make_revision(production)
    approve(revision)
    return revision


def make_version(production: Production, language: str = "sr-Cyrl", **fields: Any) -> LanguageVersion:
    """Made without AI, paid and owned by the lead."""
    lead = houses_of(production)[0]
    defaults = {"kind": "original", "payer": lead, "owner": lead, "ai_use": "none"}
    return save_version(LanguageVersion(production=production, language=language, **defaults | fields), actor=None)


def make_deliverable(version: LanguageVersion, **fields: Any) -> Deliverable:
    """The master that the lead owes the other partner; it lies on the lead's shelf."""
    lead, other = houses_of(version.production)[:2]
    defaults = {"kind": "master", "supplier": lead, "broadcaster": other}
    if "file" not in fields:
        defaults["instantiation"] = make_instantiation(make_item(lead, access="house"))
    return Deliverable.objects.create(version=version, **defaults | fields)


def make_ready(production: Production) -> Deliverable:
    """A master that nothing stands against."""
    make_final(production)
    return make_deliverable(make_version(production))


def make_footage(holder: Broadcaster, *partners: Broadcaster) -> Segment:
    """Forty seconds of a reel of somebody else, who shares an archive module with the partners."""
    make_archive_module(holder, *partners)
    return make_segment(make_item(holder))


def use_footage(production: Production, footage: Segment | Item, **fields: Any) -> ArchiveUse:
    """The stretch that is named, under the grant that fits if there is one."""
    segment = footage if isinstance(footage, Segment) else None
    item = footage.item if isinstance(footage, Segment) else footage
    return add_use(production, actor=None, item=item, segment=segment, **fields)


def make_document(broadcaster: Broadcaster, content: bytes = b"%PDF-1.7 script") -> MediaFile:
    """A script; its bytes lie nowhere."""
    from hashlib import sha256

    digest = sha256(content + broadcaster.slug.encode()).hexdigest()
    return MediaFile.objects.create(
        broadcaster=broadcaster, sha256=digest, size_bytes=len(content), content_type="application/pdf",
        original_name="script.pdf", status="ready",
    )  # fmt: skip
