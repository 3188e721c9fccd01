"""The Serbian Latin catalogs, derived from the Cyrillic ones."""

from collections.abc import Iterable

import polib

from mediaexchange.core.languages.catalogs.files import LATIN, blank, is_translated, key_of, merged
from mediaexchange.core.languages.serbian import to_latin


def latin_catalog(cyrillic: polib.POFile, more: Iterable[polib.POEntry | polib.MOEntry] = ()) -> polib.POFile:
    """The Latin twin of a Cyrillic catalog, followed by `more` entries that it lacks.

    Untranslated and fuzzy entries stay empty; placeholders and markup stay as they are.
    """
    entries = [entry for entry in cyrillic if not entry.obsolete]
    present = {key_of(entry) for entry in entries}
    entries += [entry for entry in more if key_of(entry) not in present]
    catalog = merged(polib.POFile(), (), LATIN)
    for entry in entries:
        twin = blank(entry, LATIN)
        if is_translated(entry):
            twin.msgstr = to_latin(entry.msgstr)
            twin.msgstr_plural = {form: to_latin(text) for form, text in entry.msgstr_plural.items()}
        catalog.append(twin)
    return catalog
