"""Lines no longer than the columns that they are stored in: one endless byline must not keep a story out.

Whatever is cut stands whole among the entry's texts or identifiers.
"""

from dataclasses import replace
from hashlib import sha256

from newsexchange.parsing.base import Entry, Text

# The columns of a story; of what is not here, they hold any length. Each with the kind of text that it is.
LONGEST = {
    "headline": (500, "headline"),
    "slugline": (200, "slugline"),
    "byline": (300, "byline"),
    "dateline_place": (200, "dateline"),
    "credit": (500, "creditline"),
    "copyright_notice": (500, "copyright"),
}
LONGEST_KEYWORD = 200
LONGEST_LINK = 2000
LONGEST_GUID = 1000
WHOLE = "whole"  # the role of a text whose beginning alone is in its column


def fitted(entry: Entry) -> Entry:
    """The entry as it can be stored; mostly unchanged."""
    changes: dict[str, object] = {}
    texts: list[Text] = []
    for name, (longest, kind) in LONGEST.items():
        value = getattr(entry, name)
        if len(value) > longest:
            changes[name] = shortened(value, longest)
            texts.append(Text(kind, value, WHOLE))
    if any(len(word) > LONGEST_KEYWORD for word in entry.keywords):
        words = (shortened(word, LONGEST_KEYWORD) for word in entry.keywords)
        changes["keywords"] = tuple(dict.fromkeys(words))
        texts += [Text("keyword", word, WHOLE) for word in entry.keywords if len(word) > LONGEST_KEYWORD]
    if len(entry.link) > LONGEST_LINK:
        changes["link"] = ""
        texts.append(Text("property", entry.link, "link"))
    if len(entry.guid) > LONGEST_GUID:
        changes["guid"] = f"urn:sha256:{sha256(entry.guid.encode('utf-8', 'replace')).hexdigest()}"
        changes["alt_ids"] = (*entry.alt_ids, ("guid", entry.guid))
    if not changes:
        return entry
    said = {text.value for text in entry.texts}
    whole = (text for text in texts if text.value not in said)
    return replace(entry, **changes, texts=(*entry.texts, *whole))  # type: ignore[arg-type]  # by their names above


def shortened(text: str, longest: int) -> str:
    """The beginning with an ellipsis if the text is longer: up to the end of a word, unless that loses the half."""
    if len(text) <= longest:
        return text
    words = text[:longest].rpartition(" ")[0]
    return (words if len(words) > longest // 2 else text[: longest - 1]).rstrip(" ,;:-–—\n") + "…"
