"""Check that nobody meets an untranslated or broken string in a language we show."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.languages.catalogs.extraction import ExtractionError, extract, own_sources
from mediaexchange.core.languages.catalogs.files import DOMAINS, LATIN, TRANSLATED, Store
from mediaexchange.core.languages.catalogs.latin import latin_catalog
from mediaexchange.core.languages.catalogs.libraries import (
    latin_gaps,
    library_messages,
    library_translations,
    untranslated,
)
from mediaexchange.core.languages.catalogs.problems import catalog_problems, differences, mismatches
from mediaexchange.core.languages.catalogs.stores import LIBRARY_CATALOGS, OWN_CATALOGS, ROOT, WITHOUT_STRINGS


class Command(BaseCommand):
    """Lists every problem before it fails; changes nothing."""

    help = "Check the translation catalogs against the sources and the installed libraries (needs gettext)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            problems = [*_own_problems(), *_library_problems()]
        except ExtractionError as error:
            raise CommandError(str(error)) from error
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(
                f"{len(problems)} problems in the catalogs: run make messages, translate what is empty or fuzzy."
            )


def _own_problems() -> Iterator[str]:
    messages = extract(ROOT, own_sources(ROOT, WITHOUT_STRINGS))
    for locale in TRANSLATED:
        catalog = OWN_CATALOGS.read(locale)
        place = _name(OWN_CATALOGS.path(locale))
        yield from (f"{place}: {problem}" for problem in mismatches(messages, catalog))
        yield from (f"{place}: {problem}" for problem in catalog_problems(catalog, locale))
    yield from _latin_problems(OWN_CATALOGS, "django", latin_catalog(OWN_CATALOGS.read("sr")))


def _library_problems() -> Iterator[str]:
    for domain in DOMAINS:
        messages = library_messages(domain)
        for locale in TRANSLATED:
            catalog = LIBRARY_CATALOGS.read(locale, domain)
            place = _name(LIBRARY_CATALOGS.path(locale, domain))
            wanted = untranslated(messages, library_translations(locale, domain), catalog, locale)
            yield from (f"{place}: {problem}" for problem in mismatches(wanted, catalog))
            yield from (f"{place}: {problem}" for problem in catalog_problems(catalog, locale))
        latin = latin_catalog(LIBRARY_CATALOGS.read("sr", domain), latin_gaps(messages, domain))
        yield from _latin_problems(LIBRARY_CATALOGS, domain, latin)


def _latin_problems(store: Store, domain: str, generated: polib.POFile) -> Iterator[str]:
    place = _name(store.path(LATIN, domain))
    yield from (f"{place}: {problem}" for problem in differences(store.read(LATIN, domain), generated))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
