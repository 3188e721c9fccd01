"""Update the catalogs of strings that our dependencies leave untranslated."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.languages.catalogs.extraction import ExtractionError
from mediaexchange.core.languages.catalogs.files import DOMAINS, TRANSLATED, is_translated, merged
from mediaexchange.core.languages.catalogs.libraries import library_messages, library_translations, untranslated
from mediaexchange.core.languages.catalogs.stores import LIBRARY_CATALOGS


class Command(BaseCommand):
    """Keeps the translations that are there; drops messages that libraries no longer have or now translate."""

    help = "Collect the dependencies' untranslated strings into locale/libraries (needs gettext)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for domain in DOMAINS:
            try:
                messages = library_messages(domain)
            except ExtractionError as error:
                raise CommandError(str(error)) from error
            for locale in TRANSLATED:
                ours = LIBRARY_CATALOGS.read(locale, domain)
                catalog = merged(
                    ours, untranslated(messages, library_translations(locale, domain), ours, locale), locale
                )
                LIBRARY_CATALOGS.write(catalog, locale, domain)
                empty = sum(not is_translated(entry) for entry in catalog)
                self.stdout.write(f"{domain} {locale}: {len(messages)} met, {len(catalog)} ours, {empty} untranslated")
