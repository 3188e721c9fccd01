"""Kazakh Cyrillic in which Latin look-alikes were typed, as in about 0.3 % of the words of real news text."""

import re

from mediaexchange.core.languages.protect import convert_outside

LOOK_ALIKES = str.maketrans(
    "aAcCeEoOpPxXyYkKBHMTiIhəƏɵƟëË",
    "аАсСеЕоОрРхХуУкКВНМТіІһәӘөӨёЁ",
)
_CYRILLIC = "\u0400-\u052f"
_LATIN = "A-Za-z\u00c0-\u024f\u0259\u0275"
_MIXED = re.compile(f"[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}]")
_WORD = re.compile(f"[{_LATIN}{_CYRILLIC}]+")
# An acronym with a Kazakh ending (MBAның): two or more Latin capitals, then nothing but lower-case Cyrillic.
_ACRONYM = re.compile("[A-Z]{2,}[а-яёәғқңөұүһі]+")


def normalise_mixed_script(text: str) -> str:
    """Turn Latin look-alikes inside Cyrillic words into Cyrillic letters; wholly Latin words and addresses stay.

    A word that also holds a Latin letter without a Cyrillic twin (iPhoneды) is taken as intended and left alone.
    """
    if not _MIXED.search(text):
        return text
    return convert_outside(text, lambda segment: _WORD.sub(_repair, segment))


def _repair(match: re.Match[str]) -> str:
    word = match.group()
    if not _MIXED.search(word) or _ACRONYM.fullmatch(word):
        return word
    repaired = word.translate(LOOK_ALIKES)
    return word if re.search(f"[{_LATIN}]", repaired) else repaired
