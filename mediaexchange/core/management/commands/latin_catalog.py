"""Generate the Serbian Latin catalogs from the Cyrillic ones."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediaexchange.core.languages.catalogs.extraction import ExtractionError
from mediaexchange.core.languages.catalogs.files import DOMAINS, LATIN
from mediaexchange.core.languages.catalogs.latin import latin_catalog
from mediaexchange.core.languages.catalogs.libraries import latin_gaps, library_messages
from mediaexchange.core.languages.catalogs.stores import LIBRARY_CATALOGS, OWN_CATALOGS


class Command(BaseCommand):
    """Overwrites both Latin catalogs; nobody edits them by hand."""

    help = "Generate locale/sr_Latn and locale/libraries/sr_Latn from their Cyrillic twins (needs gettext)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        OWN_CATALOGS.write(latin_catalog(OWN_CATALOGS.read("sr")), LATIN)
        for domain in DOMAINS:
            try:
                gaps = latin_gaps(library_messages(domain), domain)
            except ExtractionError as error:
                raise CommandError(str(error)) from error
            LIBRARY_CATALOGS.write(latin_catalog(LIBRARY_CATALOGS.read("sr", domain), gaps), LATIN, domain)
