"""Which words may stand in a text of a language."""

import re

# Terms of the trade and values of programs that are written in Latin letters in every language; capitals, numbers and
# words with a capital inside (JSON, IPv4, ETag) need no entry.
INTERNATIONAL = frozenset(
    [
        "Atom",
        "Axes",
        "Basic",
        "Bearer",
        "Celery",
        "Command",
        "Control",
        "Creative",
        "Commons",
        "Crontab",
        "Cron",
        "Django",
        "False",
        "HTML",
        "Hz",
        "Kelvin",
        "Mac",
        "Media",
        "Topics",
        "None",
        "Redis",
        "Single",
        "Sign-On",
        "True",
        "Unfold",
        "Webhook",
        "base64",
        "cron",
        "crontab",
        "http",
        "https",
        "kk",
        "medtop",
        "mm",
        "ms",
        "ninjs",
        "null",
        "on",
        "sha256",
        "code",
        "slug",
        "tus",
        "zxx",
        "sr",
        "ru",
        "en",
        "Cyrl",
        "Latn",
        "latn",
        "Feed",
        "web",
        "webhook",
        "whsec",
    ]
)
_NOT_PROSE = re.compile(
    r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[A-Za-z]|%[#0 +-]*\d*(?:\.\d+)?[sdrif]"  # placeholders
    r"|\w*\{[^{}]*\}\w*|<[^<>]*>|&\w+;|&#\d+;"
    r"|\w+://\S+|[\w.-]+@[\w.-]+"
    r"|“[^”]*[”“]|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|'[\w@./+-]+'"  # quoted: what is to be typed
    r"|\b\w+(?:[._:/-]\w+)+\b"  # names in programs
    r"|[\[\]\w:.-]*\b(?:HH|ss|uuuuuu)\b[\[\]\w:.-]*"  # formats of time
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]+")
_ABBREVIATION = re.compile(r"[A-Z0-9]+|\w+[A-Z]\w*")
_NOT_OF = {
    "sr": re.compile(r"[^А-ИК-ШЂЈЉЊЋЏа-ик-шђјљњћџ]"),
    "kk": re.compile(r"[ЂЈЉЊЋЏђјљњћџЎўЄєЇї]"),
    "ru": re.compile(r"[^А-Яа-яЁё]"),
}
# Little words that no Kazakh sentence has; by its letters every Russian word could be Kazakh.
_RUSSIAN = re.compile(r"\b(?:и|для|на|от|по|что|это|или|из|в|этот|эта)\b", re.IGNORECASE)


def foreign_words(text: str, language: str) -> list[str]:
    """The words of a translated message that are not of this language: in another script, or with others' letters."""
    prose = _NOT_PROSE.sub(" ", text)
    if language in ("en", "sr-latn"):
        return _CYRILLIC.findall(prose)
    found = [word for word in _LATIN.findall(prose) if not is_international(word)]
    words = _CYRILLIC.findall(_LATIN.sub(" ", prose))
    if language == "kk":
        found += [word for word in words if _RUSSIAN.fullmatch(word)]
    if pattern := _NOT_OF.get(language):
        found += [word for word in words if pattern.search(word)]
    return found


def is_international(word: str) -> bool:
    """Whether the word is written so in every language."""
    return word in INTERNATIONAL or bool(_ABBREVIATION.fullmatch(word))
