"""A strict reader of iCalendar (RFC 5545), written from the standard and apart from the library that writes ours."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import vobject

_LINE = re.compile(
    r'(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)', re.DOTALL
)
_ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LAST-MODIFIED", "TRANSP"}
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME"}


@dataclass
class Read:
    """One VEVENT: texts unescaped, moments in UTC, days as dates; ``ends`` is exclusive."""

    values: dict[str, str] = field(default_factory=dict)
    starts: datetime | date = date.min
    ends: datetime | date = date.min

    def __getitem__(self, name: str) -> str:
        return self.values[name]


def read(document: bytes) -> tuple[dict[str, str], list[Read]]:
    """The calendar's own properties and its events. Raises AssertionError for whatever the standard forbids."""
    assert document.endswith(b"\r\n"), "a line ends in CRLF"
    physical = document[:-2].split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in physical), "no bare line ends (3.1)"
    assert all(len(line) <= 75 for line in physical), "75 octets at most without the line end (3.1)"
    lines: list[bytes] = []
    for line in physical:
        if line[:1] in (b" ", b"\t"):
            lines[-1] += line[1:]
        else:
            assert line, "no empty lines"
            lines.append(line)
    assert (lines[0], lines[-1]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")
    own: dict[str, str] = {}
    events: list[Read] = []
    inside = False
    for text in (line.decode() for line in lines[1:-1]):
        matched = _LINE.fullmatch(text)
        assert matched, f"no content line: {text}"
        name, parameters, value = matched["name"], matched["parameters"], matched["value"]
        if text == "BEGIN:VEVENT":
            assert not inside
            inside = True
            events.append(Read())
        elif text == "END:VEVENT":
            _check(events[-1])
            inside = False
        else:
            values = events[-1].values if inside else own
            assert name not in values, f"{name} stands twice"
            values[name] = _unescaped(value) if name in _TEXTS else value
            if name in ("DTSTART", "DTEND"):
                moment = _moment(value, parameters)
                setattr(events[-1], "starts" if name == "DTSTART" else "ends", moment)
    assert not inside
    assert own["VERSION"] == "2.0"
    assert own["PRODID"]
    identities = [event["UID"] for event in events]
    assert len(identities) == len(set(identities)), "each event once"
    _heard_alike(document, events)
    return own, events


def _heard_alike(document: bytes, events: list[Read]) -> None:
    """A program that neither we nor our library wrote reads the same events."""
    calendar = vobject.readOne(document.decode())
    heard = {
        event.uid.value: (event.dtstart.value, event.dtend.value, event.summary.value, event.sequence.value)
        for event in getattr(calendar, "vevent_list", [])
    }
    assert heard == {event["UID"]: (event.starts, event.ends, event["SUMMARY"], event["SEQUENCE"]) for event in events}


def _check(event: Read) -> None:
    missing = _ONCE - set(event.values)
    assert not missing, f"without {missing}"
    assert type(event.starts) is type(event.ends), "days end in days, moments in moments (3.8.2.2)"
    assert event.ends > event.starts
    assert event["SEQUENCE"].isdigit()
    assert event["STATUS"] in ("TENTATIVE", "CONFIRMED", "CANCELLED")
    assert event["TRANSP"] in ("OPAQUE", "TRANSPARENT")
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        _moment(event[name], "")


def _moment(value: str, parameters: str) -> datetime | date:
    if parameters:
        assert parameters == ";VALUE=DATE", f"only days need a parameter here: {parameters}"
        return date.fromisoformat(value)
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _unescaped(value: str) -> str:
    """Texts of 3.3.11: backslashes stand before backslash, comma, semicolon and n, nowhere else."""
    bare = re.sub(r"\\[\\,;nN]", "", value)
    assert not re.search(r"[\\,;]", bare), f"not escaped: {value}"
    return re.sub(r"\\([\\,;nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)
