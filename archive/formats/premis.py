"""PREMIS 3.0: what a file is, what happened to it, and who or what did it. Elements stand in its schema's order."""

from collections.abc import Iterable
from datetime import UTC

from lxml import etree

from archive.formats.writing import XSI, add, serialised
from archive.models import MediaFile, PreservationEvent

NAMESPACE = "http://www.loc.gov/premis/v3"
_VOCABULARY = "http://id.loc.gov/vocabulary/preservation"
_OURS = "mediaexchange"


def render(files: Iterable[MediaFile]) -> bytes:
    """One document with every file as an object, all their events, oldest first, and the agents these name."""
    root = etree.Element(f"{{{NAMESPACE}}}premis", nsmap={None: NAMESPACE, "xsi": XSI})
    root.set("version", "3.0")
    listed = list(files)
    for file in listed:
        _object(root, file)
    events = list(PreservationEvent.objects.filter(file__in=listed).select_related("file").order_by("at", "id"))
    for event in events:
        _event(root, event)
    for name in dict.fromkeys(event.agent for event in events):
        agent = add(root, "agent")
        _identifier(agent, "agentIdentifier", name)
        add(agent, "agentName", name)
        add(agent, "agentType", "software", _authority("agentType"))
    return serialised(root)


def _object(root: etree._Element, file: MediaFile) -> None:
    thing = add(root, "object", "", {f"{{{XSI}}}type": "file"})
    _identifier(thing, "objectIdentifier", f"urn:uuid:{file.uid}")
    traits = add(thing, "objectCharacteristics")
    fixity = add(traits, "fixity")
    add(fixity, "messageDigestAlgorithm", "SHA-256", _authority("cryptographicHashFunctions"))
    add(fixity, "messageDigest", file.sha256)
    add(traits, "size", file.size_bytes)
    designation = add(add(traits, "format"), "formatDesignation")
    add(designation, "formatName", file.content_type)
    add(thing, "originalName", file.original_name)
    location = add(add(thing, "storage"), "contentLocation")
    add(location, "contentLocationType", "name in the store")
    add(location, "contentLocationValue", file.storage_name)


def _event(root: etree._Element, event: PreservationEvent) -> None:
    happened = add(root, "event")
    _identifier(happened, "eventIdentifier", f"urn:uuid:{event.uid}")
    add(happened, "eventType", event.kind, _authority("eventType"))
    add(happened, "eventDateTime", event.at.astimezone(UTC).isoformat(timespec="milliseconds"))
    result = add(happened, "eventOutcomeInformation")
    add(result, "eventOutcome", event.outcome, _authority("eventOutcome"))
    if event.detail:
        note = "; ".join(f"{name}: {value}" for name, value in event.detail.items())
        add(add(result, "eventOutcomeDetail"), "eventOutcomeDetailNote", note)
    _identifier(happened, "linkingAgentIdentifier", event.agent)
    _identifier(happened, "linkingObjectIdentifier", f"urn:uuid:{event.file.uid}")


def _identifier(parent: etree._Element, name: str, value: str) -> None:
    identifier = add(parent, name)
    add(identifier, f"{name}Type", "URN" if value.startswith("urn:") else _OURS)
    add(identifier, f"{name}Value", value)


def _authority(scheme: str) -> dict[str, object]:
    return {"authority": scheme, "authorityURI": f"{_VOCABULARY}/{scheme}"}
