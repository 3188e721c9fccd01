"""OAI-PMH 2.0: the six verbs, each as the element that answers it. The protocol is at openarchives.org/OAI/2.0."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from lxml import etree

from archive.formats.writing import XSI, add, serialised
from archive.oai import arguments as asked
from archive.oai.errors import OaiError
from archive.oai.formats import FORMATS
from archive.oai.selecting import Reader, Row, earliest, newest_id, one, page_of, safe_moment, sets_for

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
IDENTIFIER_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
PAGE = 100  # records


def answer(values: Mapping[str, list[str]], reader: Reader, address: str) -> bytes:
    """The whole document; errors of the protocol are answers too.

    ``responseDate`` is a moment up to which the reader has now seen every change: a harvester that takes the first
    response's for its next “from” misses nothing, however slow the transactions that were under way.
    """
    root = etree.Element(f"{{{NAMESPACE}}}OAI-PMH", nsmap={None: NAMESPACE, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    add(root, "responseDate", _stamp(safe_moment()))
    request = add(root, "request", address)
    try:
        given = asked.checked(values)
        answered = _verb(given, reader, address)
    except OaiError as error:
        if error.code not in ("badVerb", "badArgument"):
            _say_what_was_asked(request, values)
        add(root, "error", error.message, {"code": error.code})
        return serialised(root)
    _say_what_was_asked(request, values)
    root.append(answered)
    return serialised(root)


def _say_what_was_asked(request: etree._Element, values: Mapping[str, list[str]]) -> None:
    for name, given in values.items():
        request.set(name, given[0])


def _verb(given: Mapping[str, str], reader: Reader, address: str) -> etree._Element:
    verb = given["verb"]
    node = etree.Element(f"{{{NAMESPACE}}}{verb}", nsmap={None: NAMESPACE})
    if verb == "Identify":
        _identify(node, address)
    elif verb == "ListMetadataFormats":
        _list_formats(node, given, reader)
    elif verb == "ListSets":
        _list_sets(node, given, reader)
    elif verb == "GetRecord":
        _get_record(node, given, reader)
    else:
        _list_records(node, asked.selection_of(given), reader)
    return node


def _identify(node: etree._Element, address: str) -> None:
    add(node, "repositoryName", "Media exchange archive")
    add(node, "baseURL", address)
    add(node, "protocolVersion", "2.0")
    add(node, "adminEmail", settings.DEFAULT_FROM_EMAIL)
    add(node, "earliestDatestamp", _stamp(earliest()))
    add(node, "deletedRecord", "persistent")
    add(node, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    scheme = etree.SubElement(
        add(node, "description"), f"{{{IDENTIFIER}}}oai-identifier", nsmap={None: IDENTIFIER, "xsi": XSI}
    )
    scheme.set(f"{{{XSI}}}schemaLocation", f"{IDENTIFIER} {IDENTIFIER_SCHEMA}")
    add(scheme, "scheme", "oai")
    add(scheme, "repositoryIdentifier", repository())
    add(scheme, "delimiter", ":")
    add(scheme, "sampleIdentifier", identifier_of(UUID(int=0)))


def repository() -> str:
    """The name in identifiers: the host that the public address names."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def identifier_of(uid: UUID) -> str:
    return f"oai:{repository()}:{uid}"


def _uid_of(identifier: str) -> UUID:
    """Raises OaiError for one that is not ours."""
    scheme, _colon, rest = identifier.partition(":")
    host, _colon, name = rest.partition(":")
    try:
        uid = UUID(name)
    except ValueError:
        uid = None
    if uid is None or scheme != "oai" or host != repository() or str(uid) != name:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return uid


def _found(identifier: str, reader: Reader) -> Row:
    row = one(_uid_of(identifier), reader)
    if row is None:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return row


def _list_formats(node: etree._Element, given: Mapping[str, str], reader: Reader) -> None:
    if "identifier" in given and not _found(given["identifier"], reader).is_readable:
        raise OaiError("noMetadataFormats", "The record has been withdrawn.")
    for each in FORMATS.values():
        entry = add(node, "metadataFormat")
        add(entry, "metadataPrefix", each.prefix)
        add(entry, "schema", each.schema)
        add(entry, "metadataNamespace", each.namespace)


def _list_sets(node: etree._Element, given: Mapping[str, str], reader: Reader) -> None:
    """All in one answer: there are as many as shelves and houses."""
    if "resumptionToken" in given:
        raise OaiError("badResumptionToken", "Sets are given in one answer; there are no tokens for them.")
    for spec, name in sets_for(reader):
        entry = add(node, "set")
        add(entry, "setSpec", spec)
        add(entry, "setName", name)


def _get_record(node: etree._Element, given: Mapping[str, str], reader: Reader) -> None:
    row = _found(given["identifier"], reader)
    if given["metadataPrefix"] not in FORMATS:
        raise OaiError("cannotDisseminateFormat", "There is no such metadata format here.")
    _record(node, row, given["metadataPrefix"])


def _list_records(node: etree._Element, selection: asked.Selection, reader: Reader) -> None:
    is_first = not selection.last
    if is_first:
        selection = selection.up_to(newest_id())
    with_metadata = selection.verb == "ListRecords"
    rows = page_of(selection, reader, PAGE + 1, with_metadata=with_metadata)
    if not rows and is_first:
        raise OaiError("noRecordsMatch", "Nothing matches.")
    page = rows[:PAGE]
    for row in page:
        if with_metadata:
            _record(node, row, selection.prefix)
        else:
            _header(node, row)
    if len(rows) > PAGE:
        following = selection.going_on(after=page[-1].pk, given=len(page))
        expires = datetime.now(UTC) + timedelta(hours=asked.TOKEN_HOURS)
        about = {"expirationDate": _stamp(expires), "cursor": str(selection.seen)}
        add(node, "resumptionToken", asked.write_token(following), about)
    elif not is_first:
        add(node, "resumptionToken", "", {"cursor": str(selection.seen)})


def _record(node: etree._Element, row: Row, prefix: str) -> None:
    record = add(node, "record")
    _header(record, row)
    if row.shown is not None:
        add(record, "metadata").append(FORMATS[prefix].element_of(row.shown))


def _header(node: etree._Element, row: Row) -> None:
    header = add(node, "header", attributes={"status": "" if row.is_readable else "deleted"})
    add(header, "identifier", identifier_of(row.uid))
    add(header, "datestamp", _stamp(row.stamp))
    for spec in row.sets:
        add(header, "setSpec", spec)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
