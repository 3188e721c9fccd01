"""Small steps between XML text, HTML and plain text that the formats share."""

import copy
import html
import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newsexchange.parsing.sanitise import html_to_text

XML_NS = "{http://www.w3.org/XML/1998/namespace}"
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Feeds do not say whether a text is HTML. A known tag or a character reference is proof; "5 < 6 & 7" is not.
HTML_SIGNS = re.compile(
    r"</?(?:a|abbr|address|applet|article|aside|audio|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|embed|figure|figcaption|"
    r"font|footer|form|frame|frameset|h[1-6]|header|hr|i|iframe|img|ins|li|main|mark|meta|noscript|object|ol|p|param|picture|pre|q|s|"
    r"script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video)"
    r"(?:\s[^<>]*)?/?>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});",
    re.IGNORECASE,
)
URL_ATTRIBUTE = re.compile(r"""(<[a-zA-Z][^<>]*?\s(?:href|src|cite|poster)\s*=\s*)(["'])([^"'<>]*)\2""")
CP1252_CONTROLS = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
CP1252_CONTROLS[0] = None  # PostgreSQL stores no NUL
CP1252_CONTROLS[0x85] = "…"
CONTROL = re.compile("[\0\x80-\x9f]")
# An address that joining to any base leaves as it is: nothing to resolve, no dots to fold, no space to drop.
PLAIN_URL = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?(?:/(?!\.)[!-~]*)?")
DURATION = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,9}(?:[.,][0-9]{1,9})?)")
ELEMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
BLANK_LINE = re.compile(r"\n\s*\n")
SPACE = re.compile(r"\s+")


def tidy(text: str | None) -> str:
    """Without surrounding space, NUL, or the C1 controls that are really windows-1252 punctuation."""
    if not text:
        return ""
    if ("\0" in text) if text.isascii() else CONTROL.search(text):  # rare, and translating costs more than looking
        text = text.translate(CP1252_CONTROLS)
    return text.strip()


def one_line(text: str | None) -> str:
    """Tidied plain text with every run of white space made one space."""
    return SPACE.sub(" ", tidy(text))


def looks_like_html(text: str) -> bool:
    """Whether a text of unstated type holds a tag or character reference of HTML."""
    return HTML_SIGNS.search(text) is not None


def plain_to_html(text: str | None) -> str:
    """Plain text escaped, a paragraph for each block between blank lines; "" stays ""."""
    blocks = (block.strip() for block in BLANK_LINE.split(tidy(text).replace("\r\n", "\n")))
    return "".join(f"<p>{html.escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks if block)


def ambiguous_to_html(text: str) -> str:
    """HTML from a text that may be either, as in RSS."""
    text = tidy(text)
    return text if looks_like_html(text) else plain_to_html(text)


def ambiguous_to_plain(text: str) -> str:
    """One line of plain text from a text that may be HTML, entities decoded once."""
    return one_line(html_to_text(tidy(text)) if looks_like_html(text) else text)


def absolute(base: str, url: str | None) -> str:
    """An absolute http or https URL, or "" when it is none (a script, a fragment, nonsense)."""
    if not url:
        return ""
    if "/." not in url and PLAIN_URL.fullmatch(url):
        return url
    try:
        joined = urljoin(base, tidy(url))
        parts = urlsplit(joined)
    except ValueError:  # "http://[" and its like
        return ""
    return joined if url and parts.scheme in {"http", "https"} and parts.netloc else ""


def with_absolute_urls(markup: str, base: str) -> str:
    """HTML whose relative links and sources were resolved; everything else stays as it was."""
    if not base or "=" not in markup:
        return markup

    def resolved(match: re.Match[str]) -> str:
        url = html.unescape(match[3])
        joined = absolute(base, url) if url and not url.startswith("#") else ""
        return f"{match[1]}{match[2]}{html.escape(joined) if joined else match[3]}{match[2]}"

    return URL_ATTRIBUTE.sub(resolved, markup)


def language_tag(text: str | None) -> str:
    """A BCP 47 tag in its usual spelling (sr-Cyrl-RS); "" for none, "und" or nonsense."""
    if not text:
        return ""
    tag = tidy(text).replace("_", "-")
    if not LANGUAGE_TAG.fullmatch(tag) or len(tag) > 35 or tag.lower() in {"und", "mul", "zxx"}:
        return ""
    language, *rest = tag.split("-")
    spelled = (
        part.title() if len(part) == 4 and part.isalpha() else part.upper() if len(part) == 2 else part.lower()
        for part in rest
    )
    return "-".join((language.lower(), *spelled))


def whole_number(text: object) -> int | None:
    """A number of bytes, pixels or versions: 0 or more, else None."""
    if text is None or text == "":
        return None
    try:
        number = int(float(str(text).strip()))
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 2**63 else None


def milliseconds(text: str | None) -> int | None:
    """From seconds or h:mm:ss, fractions allowed; None for anything else."""
    match = DURATION.fullmatch(tidy(text))
    if match is None:
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
    return round((hours * 3600 + minutes * 60 + seconds) * 1000)


def urgency(text: object) -> int | None:
    """IPTC urgency 1–9, else None."""
    number = whole_number(text)
    return number if number is not None and 1 <= number <= 9 else None


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; "" for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """All text inside, tidied; "" for None."""
    if element is None:
        return ""
    return tidy("".join(element.itertext()) if len(element) else element.text)


def inner_html(element: etree._Element) -> str:
    """What stands between an element's tags, as HTML: inline markup whole, escaped markup escaped, no prefixes."""
    if not len(element):
        return tidy(html.escape(element.text or "", quote=False))
    bare = _without_namespaces(element)
    children = (etree.tostring(child, encoding="unicode", method="html", with_tail=True) for child in bare)
    return tidy(html.escape(bare.text or "", quote=False) + "".join(children))


def raw_of(element: etree._Element) -> bytes:
    """The element alone as UTF-8 XML, with the namespaces it needs."""
    raw: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    return raw


def _without_namespaces(element: etree._Element) -> etree._Element:
    """A copy that HTML can be written from: the serialiser would repeat every namespace in scope on every child."""
    bare = copy.deepcopy(element)
    for node in bare.iter(etree.Element):
        name = local_name(node).rpartition(":")[2]
        node.tag = name if ELEMENT_NAME.fullmatch(name) else "span"  # a recovered document may hold impossible names
        for attribute in [attribute for attribute in node.attrib if attribute[0] == "{"]:
            value = node.attrib.pop(attribute)
            if attribute == f"{XML_NS}lang":
                node.set("lang", value)
    etree.cleanup_namespaces(bare)
    return bare
