"""What a language is called, in the active one."""

from django.utils.translation import get_language_info

from mediaexchange.core.languages.tags import shown_language


def language_called(tag: str) -> str:
    """A BCP 47 tag as a reader of the active language calls it; the tag itself where nobody has told us."""
    code = shown_language(tag) or tag.lower()
    for name in (code, code.partition("-")[0]):
        try:
            return str(get_language_info(name)["name_translated"])
        except KeyError:
            continue
    return tag
