"""A request's arguments (section 3.1 and 4): which a verb takes, dates, and the tokens with which lists go on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing

from archive.formats.writing import clean
from archive.oai.errors import OaiError, bad_argument
from archive.oai.formats import FORMATS

TOKEN_HOURS = 24
_SALT = "archive.oai"
_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_SET = re.compile(r"(collection|category|holder):([-a-zA-Z0-9_]{1,50})\Z", re.ASCII)
# Verb → arguments that it needs, arguments that it takes.
VERBS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is of, and where it goes on: rows after ``after`` up to ``last``, the newest at its begin.

    ``starts`` and ``ends`` are ISO moments, ``ends`` exclusive; "" for no bound. ``seen`` counts what was given before.
    """

    verb: str
    prefix: str
    starts: str = ""
    ends: str = ""
    set_kind: str = ""
    set_value: str = ""
    after: int = 0
    last: int = 0
    seen: int = 0

    @property
    def from_at(self) -> datetime | None:
        return datetime.fromisoformat(self.starts) if self.starts else None

    @property
    def until_at(self) -> datetime | None:
        return datetime.fromisoformat(self.ends) if self.ends else None

    def up_to(self, last: int) -> "Selection":
        return replace(self, last=last)

    def going_on(self, *, after: int, given: int) -> "Selection":
        return replace(self, after=after, seen=self.seen + given)


def checked(values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each argument once, and only those that the verb takes. Raises OaiError."""
    verbs = values.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiError("badVerb", "The verb is missing, repeated or not one of the six.")
    needed, taken = VERBS[verbs[0]]
    arguments = {}
    for name, given in values.items():
        if name == "verb":
            continue
        if name not in needed | taken:
            raise bad_argument(f"The verb takes no argument {name[:40]!r}.")
        if len(given) != 1 or not given[0] or clean(given[0]) != given[0] or len(given[0]) > 2000:
            raise bad_argument(f"The argument {name!r} is given once, with a value.")
        arguments[name] = given[0]
    if "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise bad_argument("A resumptionToken stands alone.")
    elif missing := sorted(needed - arguments.keys()):
        raise bad_argument(f"The verb needs {', '.join(missing)}.")
    return arguments | {"verb": verbs[0]}


def selection_of(arguments: Mapping[str, str]) -> Selection:
    """What ListIdentifiers or ListRecords asks for. Raises OaiError."""
    if token := arguments.get("resumptionToken"):
        return read_token(token, arguments["verb"])
    if arguments["metadataPrefix"] not in FORMATS:
        raise OaiError("cannotDisseminateFormat", "There is no such metadata format here.")
    kind, value = "", ""
    if "set" in arguments:
        match = _SET.match(arguments["set"])
        if match is None:
            raise OaiError("noRecordsMatch", "There is no such set.")
        kind, value = match.groups()
    starts, ends = _bounds(arguments.get("from", ""), arguments.get("until", ""))
    return Selection(arguments["verb"], arguments["metadataPrefix"], starts, ends, kind, value)


def _bounds(starts: str, ends: str) -> tuple[str, str]:
    if starts and ends and len(starts) != len(ends):
        raise bad_argument("“from” and “until” have the same granularity.")
    from_at, until_at = _moment(starts), _moment(ends)
    if until_at is not None:
        until_at += timedelta(days=1) if _DAY.match(ends) else timedelta(seconds=1)
    if from_at is not None and until_at is not None and from_at >= until_at:
        raise bad_argument("“from” is not after “until”.")
    return from_at.isoformat() if from_at else "", until_at.isoformat() if until_at else ""


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    if not (_SECONDS.match(text) or _DAY.match(text)):
        raise bad_argument("Dates are written YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return moment if moment.year < 9999 else datetime(9998, 12, 31, tzinfo=UTC)
    except ValueError:
        raise bad_argument("There is no such date.") from None


def write_token(selection: Selection) -> str:
    """Signed, so that nothing need be kept; what it selects is asked anew for whoever brings it."""
    values = {name: value for name, value in asdict(selection).items() if value}
    return signing.dumps(values, salt=_SALT, compress=True)


def read_token(token: str, verb: str) -> Selection:
    """Raises OaiError for one that is changed, expired or of another verb."""
    try:
        values: Any = signing.loads(token, salt=_SALT, max_age=timedelta(hours=TOKEN_HOURS))
        selection = Selection(**values)
    except (signing.BadSignature, TypeError):
        raise OaiError("badResumptionToken", "The token is not one of ours, or is too old.") from None
    if selection.verb != verb or selection.prefix not in FORMATS:
        raise OaiError("badResumptionToken", "The token belongs to another list.")
    return selection
