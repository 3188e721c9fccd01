"""What its speakers call a language: the same whatever language the page or document around it is in."""

from django.conf.locale import LANG_INFO

from mediaexchange.core.languages.tags import LANGUAGES, shown_language

AUTONYMS = {language.code: language.autonym for language in LANGUAGES}


def own_name(tag: str) -> str:
    """Of a BCP 47 tag, with a capital; the tag itself where nobody has named the language, and "" for ""."""
    if code := shown_language(tag):
        return AUTONYMS[code]
    known = LANG_INFO.get(tag.lower()) or LANG_INFO.get(tag.partition("-")[0].lower(), {})
    return str(known.get("name_local", tag)).capitalize() if known else tag
