"""Which item of the house a record is about: by UID, by the house's own identifier, by the identifier of a source."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from archive.models import Item, ItemIdentifier
from archive.parsing.base import Code, ParsedRecord, problem
from broadcasters.models import Broadcaster

MAX_IDENTIFIER = 100


class Matcher:
    """The candidates of one chunk of records, found in three queries."""

    def __init__(self, records: Sequence[ParsedRecord], broadcaster: Broadcaster) -> None:
        own = Item.objects.filter(broadcaster=broadcaster)
        uids = {uid for record in records if (uid := _uuid(record.said.get("uid", "")))}
        names = {record.said["identifier"] for record in records if record.said.get("identifier")}
        found = list(own.filter(Q(uid__in=uids) | Q(identifier__in=names)).values_list("pk", "uid", "identifier"))
        self.by_uid = {uid: pk for pk, uid, _name in found}
        self.by_name = {name: pk for pk, _uid, name in found}
        self.names = {pk: name for pk, _uid, name in found}
        self.by_source: dict[tuple[str, str], set[int]] = defaultdict(set)
        pairs = {(source, value) for record in records for source, value in record.said.get("identifiers", ())}
        rows = ItemIdentifier.objects.filter(
            item__broadcaster=broadcaster, value__in={value for _source, value in pairs}
        )
        for source, value, pk in rows.values_list("source", "value", "item_id"):
            if (source, value) in pairs:
                self.by_source[source, value].add(pk)

    def match(self, record: ParsedRecord, *, is_table: bool) -> int | None:
        """The item's key, None for a record that is new. What cannot be decided becomes the record's refusal."""
        said = record.said
        name, given = str(said.get("identifier", "")), str(said.get("uid", ""))
        if len(name) > MAX_IDENTIFIER:
            _refused(record, Code.IDENTIFIER_TOO_LONG, "identifier", name)
            return None
        by_uid = self.by_uid.get(_uuid(given) or UUID(int=0)) if given else None
        if given and by_uid is None:
            if is_table:
                _refused(record, Code.UID_UNKNOWN, "uid", given)
                return None
            record.add("identifiers", ["UUID", given])  # the item of another installation
        by_name = self.by_name.get(name)
        if by_uid and by_name and by_uid != by_name:
            _refused(record, Code.IDENTITY_CONFLICT, "identifier", name)
            return None
        if by_uid and name and name != self.names[by_uid]:
            record.problems.append(problem(Code.NOT_IMPORTED, "identifier", name))
        if found := by_uid or by_name:
            return found
        by_source = set().union(*(self.by_source.get((row[0], row[1]), set()) for row in said.get("identifiers", ())))
        if len(by_source) > 1:
            _refused(record, Code.SEVERAL_MATCH, "identifiers", name)
            return None
        if not by_source and not name:
            _refused(record, Code.IDENTIFIER_MISSING)
            return None
        return next(iter(by_source), None)


def _refused(record: ParsedRecord, code: str, where: str = "", value: Any = "") -> None:
    record.refusal = record.refusal or problem(code, where, value)


def known_wholes(records: Iterable[ParsedRecord], broadcaster: Broadcaster) -> set[str]:
    """Which of the wholes that are named can be had: items of the house, and records of the document itself."""
    named = {str(record.said["parent"]) for record in records if record.said.get("parent")}
    own = Item.objects.filter(broadcaster=broadcaster, identifier__in=named).values_list("identifier", flat=True)
    return set(own) | {str(record.said["identifier"]) for record in records if record.said.get("identifier")}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
