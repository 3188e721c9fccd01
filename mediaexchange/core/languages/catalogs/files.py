"""Where catalogs lie and how they are written, so that two tools leave the same bytes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polib

# Django's own headers: catalogs with the same rule are merged into one table when they are loaded.
_SERBIAN = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    3,
)
PLURALS = {
    "sr": _SERBIAN,
    "sr_Latn": _SERBIAN,
    "kk": ("nplurals=2; plural=(n!=1);", 2),
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
        "n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
        4,
    ),
}
TRANSLATED = ("sr", "kk", "ru")  # by people; the Latin catalog is derived from the Cyrillic one
LATIN = "sr_Latn"
DOMAINS = ("django", "djangojs")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of catalogs, one folder for each locale in it."""

    folder: Path

    def path(self, locale: str, domain: str = "django") -> Path:
        return self.folder / locale / "LC_MESSAGES" / f"{domain}.po"

    def read(self, locale: str, domain: str = "django") -> polib.POFile:
        """The catalog on disk, or an empty one with the right headers."""
        path = self.path(locale, domain)
        if not path.exists():
            return _with_headers(polib.POFile(wrapwidth=0), locale)
        return _with_headers(polib.pofile(str(path), wrapwidth=0), locale)

    def write(self, catalog: polib.POFile, locale: str, domain: str = "django") -> None:
        """Write the catalog if its bytes change; a supplementary domain without entries has no file."""
        path = self.path(locale, domain)
        if not len(catalog) and domain != "django":
            path.unlink(missing_ok=True)
            return
        text = str(catalog).rstrip("\n") + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def key_of(entry: polib.POEntry) -> Key:
    """What gettext looks an entry up by: context and msgid."""
    return (entry.msgctxt or "", entry.msgid)


def strings_of(entry: polib.POEntry) -> tuple[str, ...]:
    """The translations of an entry, one for each plural form."""
    if entry.msgid_plural:
        return tuple(text for _, text in sorted(entry.msgstr_plural.items()))
    return (entry.msgstr,)


def is_translated(entry: polib.POEntry) -> bool:
    """Whether every form has text; fuzzy entries do not count, because they are not compiled."""
    strings = strings_of(entry)
    return bool(strings) and all(strings) and not entry.obsolete and "fuzzy" not in entry.flags


def blank(entry: polib.POEntry, locale: str) -> polib.POEntry:
    """The same message without a translation, with the empty plural forms that `locale` needs."""
    return polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural or "",
        msgstr_plural=dict.fromkeys(range(PLURALS[locale][1]), "") if entry.msgid_plural else {},
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
        comment=entry.comment,
        occurrences=entry.occurrences,
    )


def merged(catalog: polib.POFile, wanted: Iterable[polib.POEntry], locale: str) -> polib.POFile:
    """Exactly the wanted messages in their order, with the translations `catalog` already has."""
    present = {key_of(entry): entry for entry in catalog if not entry.obsolete}
    result = _with_headers(polib.POFile(wrapwidth=0), locale)
    for message in wanted:
        entry = blank(message, locale)
        known = present.get(key_of(message))
        if known is not None and bool(known.msgid_plural) == bool(message.msgid_plural):
            entry.msgstr = known.msgstr
            entry.msgstr_plural.update(known.msgstr_plural)
            entry.tcomment = known.tcomment
            entry.flags += ["fuzzy"] if "fuzzy" in known.flags else []
        result.append(entry)
    return result


def _with_headers(catalog: polib.POFile, locale: str) -> polib.POFile:
    catalog.metadata = {
        "Project-Id-Version": "mediaexchange",
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[locale][0],
    }
    catalog.metadata_is_fuzzy = False
    catalog.header = ""
    return catalog
