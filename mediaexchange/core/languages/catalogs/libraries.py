"""Strings of our dependencies that a user can meet, and which of them the dependencies leave untranslated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

import polib

from mediaexchange.core.languages.catalogs.extraction import extract
from mediaexchange.core.languages.catalogs.files import LATIN, Key, is_translated, key_of, strings_of
from mediaexchange.core.languages.leftovers.words import foreign_words

_NEVER = ("management/*", "*/management/*", "*migrations/*", "tests/*", "tests.py", "locale/*", "*/locale/*")


@dataclass(frozen=True, slots=True)
class Library:
    """A package whose modules, except those `without` (patterns below its folder), speak to users."""

    package: str
    without: tuple[str, ...] = ()


# Left out: what only programmers see, pages we replace (CSRF failure), and parts we neither install nor show.
LIBRARIES = (
    Library("django", ("conf/*", "contrib/*", "core/management/*", "test/*", "utils/translation/*", "views/*")),
    Library("django.contrib.admin", ("templates/admin/invalid_setup.html",)),
    Library("django.contrib.auth"),
    Library("django.contrib.contenttypes"),
    Library("django.contrib.messages"),
    Library("django.contrib.postgres"),
    Library("django.contrib.sessions"),
    Library("unfold", ("contrib/*", "templates/unfold_crispy/*")),
    Library("unfold.contrib.filters"),
    Library("unfold.contrib.forms", ("templates/unfold/forms/helpers/toolbar.html",)),
    Library("rest_framework", ("templates/*", "authtoken/*", "schemas/*")),
    Library("django_filters", ("templates/*",)),
    Library("django_celery_beat"),
    Library("axes", ("admin.py",)),
    Library("modeltranslation"),
    Library("drf_spectacular", ("contrib/*", "views.py")),
    Library("timezone_field"),
)
_SCRIPTS = ("django.contrib.admin",)  # the packages whose catalog the admin's jsi18n page serves


def library_messages(domain: str) -> list[polib.POEntry]:
    """The messages of `LIBRARIES` in the installed versions, with places relative to where packages are installed."""
    site = package_folder("django").parent
    files: list[Path] = []
    for library in LIBRARIES:
        if domain == "django" or library.package in _SCRIPTS:
            files += _sources(library, domain)
    return extract(site, files, domain)


def library_translations(locale: str, domain: str) -> dict[Key, polib.MOEntry]:
    """What the libraries' own compiled catalogs hold for a locale; the other libraries' words for a message count."""
    found: dict[Key, polib.MOEntry] = {}
    for library in LIBRARIES:
        folder = package_folder(library.package) / ("conf/locale" if library.package == "django" else "locale")
        path = folder / locale / "LC_MESSAGES" / f"{domain}.mo"
        if path.exists() and (domain == "django" or library.package in _SCRIPTS):
            found |= {key_of(entry): entry for entry in polib.mofile(str(path)) if is_translated(entry)}
    return found


def untranslated(
    messages: list[polib.POEntry], theirs: Mapping[Key, polib.MOEntry], ours: polib.POFile, locale: str
) -> list[polib.POEntry]:
    """The messages that our catalog must translate.

    Those for which no library has a translation, or has one with words of another language; and those whose
    translation we replace by a better one, which a translator's comment in our catalog says.
    """
    language = locale.lower().replace("_", "-")
    replaced = {key_of(entry) for entry in ours if entry.tcomment}
    sound = {
        key for key, entry in theirs.items() if not any(foreign_words(text, language) for text in strings_of(entry))
    }
    return [message for message in messages if key_of(message) not in sound or key_of(message) in replaced]


def latin_gaps(messages: list[polib.POEntry], domain: str) -> list[polib.MOEntry]:
    """The libraries' own Serbian translations of messages that they do not have in Latin script."""
    cyrillic, latin = library_translations("sr", domain), library_translations(LATIN, domain)
    return [cyrillic[key] for key in map(key_of, messages) if key in cyrillic and key not in latin]


def package_folder(package: str) -> Path:
    """Where an installed package lies; LookupError if it is not installed."""
    specification = find_spec(package)
    if specification is None or specification.origin is None:
        raise LookupError(f"{package} is not installed")
    return Path(specification.origin).parent


def _sources(library: Library, domain: str) -> Iterator[Path]:
    folder = package_folder(library.package)
    suffixes = {".py", ".html", ".txt"} if domain == "django" else {".js"}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in suffixes and not any(fnmatch(name, pattern) for pattern in (*_NEVER, *library.without)):
            yield path
