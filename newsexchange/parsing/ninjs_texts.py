"""The texts of a ninjs item with their roles and languages: 1.x puts the role into the name, 2.x and 3.x beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsexchange.parsing.base import DocumentError, Text
from newsexchange.parsing.g2_metadata import speaks
from newsexchange.parsing.json_text import JsonObject, line, objects, string
from newsexchange.parsing.markup import (
    ambiguous_to_html,
    ambiguous_to_plain,
    language_tag,
    looks_like_html,
    one_line,
    plain_to_html,
)
from newsexchange.parsing.nitf_body import nitf_content
from newsexchange.parsing.preflight import load_xml
from newsexchange.parsing.sanitise import html_to_text

HTML_WORDS = ("html", "xhtml")  # in a role or a media type
# Fields that are read, and those about the document rather than the news.
KNOWN = frozenset({
    "uri", "type", "mediatype", "version", "language", "pubstatus", "urgency", "profile", "representationtype",
    "firstcreated", "versioncreated", "contentcreated", "expires", "embargoed", "embargoeduntil", "title", "slugline",
    "by", "byline", "located", "creditline", "source", "ednote", "copyrightholder", "copyrightnotice", "usageterms",
    "link", "url", "guid", "filename", "keyword", "keywords", "evolvedfrom", "digitalsourcetype", "standard", "$schema",
    "$standard", "mimetype", "href", "subject", "subjects", "association", "associations", "altid", "altids",
    "people", "person", "persons", "organisations", "organisation", "organizations", "organization", "places", "place",
    "events", "event", "objects", "object", "authors", "author", "contributors", "contributor", "infosources",
    "infosource", "genres", "genre", "services", "service",
})  # fmt: skip
FORM = re.compile(r"(.*?)(xhtml5?|html5?|nitf|text)?", re.DOTALL)  # what ends a name of 1.x: description_caption_xhtml
HEADLINE_RANKS = {"main": 0, "": 1}
SUMMARY_ROLES = frozenset({"summary", "teaser", "abstract", "synopsis", "short", "lead", "standfirst"})


@dataclass(frozen=True, slots=True)
class Said:
    """One text as the item holds it."""

    value: str
    role: str = ""
    content_type: str = ""
    language: str = ""

    @property
    def form(self) -> str:
        """Role and media type, between which the versions divide what a text is written in."""
        return f"{self.role} {self.content_type}"

    @property
    def is_html(self) -> bool:
        return any(word in self.form for word in HTML_WORDS)

    @property
    def html(self) -> str:
        """As HTML, whatever it is written in."""
        if self.is_html:
            return _inside_body(self.value)
        if "nitf" in self.form or "xml" in self.content_type:
            return _from_xml(self.value)
        is_plain = "text" in self.form or "plain" in self.form
        return plain_to_html(self.value) if is_plain else ambiguous_to_html(self.value)

    @property
    def plain(self) -> str:
        """As one line of plain text."""
        if self.is_html:
            return one_line(html_to_text(self.value))
        return (
            ambiguous_to_plain(self.value)
            if not self.content_type and looks_like_html(self.value)
            else one_line(self.value)
        )


def said(fields: JsonObject, plural: str, singular: str) -> list[Said]:
    """All forms of a text that are not empty, those of 2.x and 3.x first."""
    found = []
    listed = fields.get(plural)
    for text in objects(listed):
        spoken = {name.replace("_", "").lower(): value for name, value in text.items()}
        found.append(
            Said(
                string(spoken.get("value")),
                line(spoken.get("role")).lower(),
                line(spoken.get("contenttype")).lower(),
                language_tag(string(spoken.get("language")) or string(spoken.get("lang"))),
            )
        )
    if isinstance(listed, str | list):  # a bare text where a list of objects is expected
        found += [Said(value) for value in strings(listed)]
    for name, value in fields.items():
        if name.startswith(singular) and name != plural and not isinstance(value, list | dict):
            role, form = FORM.fullmatch(name.removeprefix(singular)).groups()  # type: ignore[union-attr]  # fits all
            found.append(Said(string(value), role or form or "", form or ""))
    return [text for text in found if text.value]


def strings(value: object) -> tuple[str, ...]:
    """All different texts of a list with their lines, or the one that stands where a list is expected."""
    values = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(text for item in values if (text := string(item))))


def headline(fields: JsonObject, tag: str) -> str:
    """The main headline in the item's language; without one the first, then the title."""
    found = said(fields, "headlines", "headline")
    found.sort(key=lambda text: (not speaks(text.language, tag), HEADLINE_RANKS.get(text.role, len(HEADLINE_RANKS))))
    values = [text.plain for text in found] + [line(fields.get("title"))]
    return next((value for value in values if value), "")


def body(fields: JsonObject, tag: str) -> str:
    """The richest form of the text in the item's language: several bodies say the same."""
    return _richest(_in_tongue(said(fields, "bodies", "body"), tag))


def description(fields: JsonObject, tag: str) -> str:
    """The description as HTML if there is one; several plain ones say different things, one stands after the other."""
    found = _in_tongue(said(fields, "descriptions", "description"), tag)
    for text in found:
        if text.is_html:
            return text.html
    return "".join(dict.fromkeys(plain_to_html(text.value) for text in found))


def texts(fields: JsonObject) -> Iterator[Text]:
    """Every text of the item, with the lines that have a field of their own."""
    for text in said(fields, "headlines", "headline"):
        yield Text("headline", text.plain, text.role, text.language)
    yield Text("title", line(fields.get("title")))
    for text in said(fields, "descriptions", "description"):
        if text.role == "caption":
            yield Text("caption", html_to_text(text.html), text.role, text.language)
        else:
            kind = "summary" if text.role in SUMMARY_ROLES else "description"
            yield Text(kind, text.html, text.role, text.language)
    for text in said(fields, "bodies", "body"):
        yield Text("body", text.html, text.role, text.language)
    for name, kind in (("slugline", "slugline"), ("located", "dateline"), ("creditline", "creditline")):
        yield Text(kind, line(fields.get(name)))
    for name in ("by", "byline"):
        yield Text("byline", line(fields.get(name)))
    yield Text("note", string(fields.get("ednote")))
    for notice in strings(fields.get("copyrightnotice")):
        yield Text("copyright", notice)


def other_texts(fields: JsonObject) -> Iterator[Text]:
    """Whatever a source writes into lines of its own, such as the reason of an embargo, under the line's name."""
    for name, value in fields.items():
        if (
            name not in KNOWN
            and not name.startswith(("headline", "body", "bodies", "description"))
            and isinstance(value, str)
        ):
            yield Text("note", string(value), name)


def associated_texts(fields: JsonObject, name: str) -> Iterator[Text]:
    """What an associated item says of itself, under the name of the association: its text is no text of this item."""
    for text in said(fields, "descriptions", "description"):
        yield Text("caption", html_to_text(text.html), name, text.language)
    for text in said(fields, "bodies", "body"):
        yield Text("associated", text.html, name, text.language)
    for by in ("by", "byline"):
        yield Text("byline", line(fields.get(by)), name)
    yield Text("creditline", line(fields.get("creditline")), name)
    yield Text("note", string(fields.get("ednote")), name)


def _in_tongue(found: list[Said], tag: str) -> list[Said]:
    return [text for text in found if speaks(text.language, tag)] or found


def _richest(found: list[Said]) -> str:
    for text in found:
        if text.is_html:
            return text.html
    return next((text.html for text in found if "xml" not in text.form), found[0].html if found else "")


def _inside_body(text: str) -> str:
    return text.removeprefix("<body>").removesuffix("</body>").strip()


def _from_xml(text: str) -> str:
    """NITF as its body; other XML, and what only claims to be XML, by whatever HTML there is in it."""
    try:
        root = load_xml(text)
    except DocumentError:
        return ambiguous_to_html(text)
    return nitf_content(root).html
