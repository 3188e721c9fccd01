"""What is done to every text from outside before it is stored, and a guess at its language when nobody declared one."""

import re
import unicodedata
from collections.abc import Callable

from mediaexchange.core.languages.kazakh import normalise_mixed_script
from mediaexchange.core.languages.protect import prose
from mediaexchange.core.languages.serbian import count_letters, master_text
from mediaexchange.core.languages.serbian_words import DEFAULT_KEEP
from mediaexchange.core.languages.tags import stored_language

_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
# Controls, soft hyphens, zero-width and bidirectional marks, lone surrogates and noncharacters (PostgreSQL refuses
# NUL and surrogates). Joiners go only next to letters: between symbols they build emoji.
_JUNK = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]|[\u200c\u200d](?=\\w)|(?<=\\w)[\u200c\u200d]",
)
# One class that each of those begins with: most texts hold none, and looking for a class is fast.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
_keep: Callable[[], frozenset[str]] = lambda: DEFAULT_KEEP  # noqa: E731 — replaced by ``keep_from``
_STEPS: dict[str, Callable[[str], str]] = {
    "sr": lambda text: master_text(text, _keep()),
    "kk": normalise_mixed_script,
}

_SERBIAN = frozenset("абвгдђежзијклљмнњопрстћуфхцчџш")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_KAZAKH_ONLY = frozenset("әғқңөұүһі")
_MACEDONIAN_WORDS = frozenset(("во", "со", "дека", "ги", "го", "сум", "кои", "ова", "оваа", "беше", "кај"))
_SERBIAN_LATIN = frozenset("abcčćdđefghijklmnoprsštuvzž")
# Words that tell č š ž apart from Slovene, Czech and Slovak when no ć or đ occurs.
_SERBIAN_WORDS = frozenset(
    ("su", "nije", "nisu", "koji", "koja", "koje", "što", "šta", "ili", "kao", "sada", "bio", "bila", "jer", "zbog"),
)
_WORD = re.compile(r"[^\W\d_]+")


def keep_from(source: Callable[[], frozenset[str]]) -> None:
    """Ask this for the words that stay Latin, at every Serbian text."""
    global _keep
    _keep = source


def kept_words() -> frozenset[str]:
    """The words that stay Latin in a Serbian text, as the source that was last given says."""
    return _keep()


def normalise_text(text: str, language: str) -> str:
    """The form in which a text is stored: NFC, line feeds, no control or zero-width characters, one script per word.

    `language` is a BCP 47 tag or Django code; a language without rules of its own gets the general ones.
    Safe to repeat.
    """
    if _SUSPECT.search(text):
        text = _JUNK.sub("", _LINE_END.sub("\n", text))
    text = unicodedata.normalize("NFC", text)
    step = _STEPS.get(stored_language(language) or "")
    return step(text) if step else text


def normalise_serbian(text: str) -> tuple[str, tuple[int, int]]:
    """The same for Serbian, with how many Cyrillic and Latin letters it was typed in: they are counted anyway."""
    if not text:
        return "", (0, 0)
    text, keep = normalise_text(text, ""), _keep()
    letters = count_letters(text, keep)
    return master_text(text, keep, letters=letters), letters


def guess_language(text: str) -> str:
    """sr, sr-latn, kk or ru if distinctive letters prove it, else "". For texts whose language nobody declared.

    Croatian and Bosnian cannot be told from Serbian Latin by letters.
    """
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", prose(text)))]
    letters = frozenset("".join(words))
    cyrillic = frozenset(letter for letter in letters if "\u0400" <= letter <= "\u052f")
    if cyrillic:
        return _guess_cyrillic(cyrillic, words)
    return _guess_latin(letters, words)


def _guess_cyrillic(letters: frozenset[str], words: list[str]) -> str:
    if letters <= _SERBIAN:
        if letters & frozenset("ђћ"):
            return "sr"
        return "sr" if letters & frozenset("јљњџ") and not _MACEDONIAN_WORDS.intersection(words) else ""
    if letters <= _RUSSIAN:
        return "ru" if letters & frozenset("ыэё") else ""
    # Other Turkic alphabets share most of these letters, but neither ұ nor і.
    if letters <= _RUSSIAN | _KAZAKH_ONLY and letters & frozenset("ұі") and len(letters & _KAZAKH_ONLY) > 1:
        return "kk"
    return ""


def _guess_latin(letters: frozenset[str], words: list[str]) -> str:
    if not letters - frozenset("qwxy") <= _SERBIAN_LATIN:
        return ""
    if letters & frozenset("ćđ"):
        return "sr-latn"
    return "sr-latn" if letters & frozenset("čšž") and _SERBIAN_WORDS.intersection(words) else ""
