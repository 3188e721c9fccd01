"""How fast the language kit is on real text: scripts, normalising, Kazakh lexemes, name keys, sort keys. One core."""

import re
import time
from collections.abc import Callable
from itertools import cycle, islice

from benchmarks.report import Goal, Report
from benchmarks.texts import paragraphs, serbian_latin
from mediaexchange.core.languages import kazakh_stems, names
from mediaexchange.core.languages.folding import fold
from mediaexchange.core.languages.kazakh_stems import lexemes
from mediaexchange.core.languages.names import name_key
from mediaexchange.core.languages.normalise import normalise_text
from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.sort_keys import sort_key

OURS = "ours"
GOALS: list[Goal] = []
_MEGABYTE = 1_000_000
_WORDS = 200_000
_WORD = re.compile(r"[^\W\d_]+")


def measure(report: Report, *, rounds: int) -> None:
    texts = paragraphs() | {"sr-latn": serbian_latin()}
    cyrillic, latin = (_at_least(texts[language], 2 * _MEGABYTE) for language in ("sr", "sr-latn"))
    unlike = sum(to_latin(one) != other for one, other in zip(texts["sr"], texts["sr-latn"], strict=True))
    report.notes.append(f"Serbian paragraphs converted otherwise than their translators did: {unlike}.")
    kazakh = _WORD.findall(" ".join(texts["kk"]))
    people = [word for text in texts["sr"] for word in _WORD.findall(text) if word[0].isupper()]
    different = sorted(set(kazakh))
    for _ in range(rounds):
        for scenario, convert, sample in (
            ("Cyrillic to Latin", to_latin, cyrillic),
            ("Latin to Cyrillic", to_cyrillic, latin),
            ("Serbian as it is stored", lambda text: normalise_text(text, "sr"), latin),
            ("folding", fold, latin),
        ):
            report.add(scenario, OURS, "MB/s", _megabytes_a_second(convert, sample))
        report.add("lexemes, words of text", OURS, "words/s", _a_second(lexemes, islice(cycle(kazakh), _WORDS)))
        kazakh_stems._lexemes.cache_clear()
        report.add("lexemes, words never met", OURS, "words/s", _a_second(lexemes, different))
        report.add("name keys", OURS, "names/s", _a_second(name_key, islice(cycle(people), _WORDS)))
        names.name_key.cache_clear()
        names._word_key.cache_clear()
        report.add("name keys, never met", OURS, "names/s", _a_second(name_key, sorted(set(people))))
        report.add(
            "sort keys", OURS, "names/s", _a_second(lambda name: sort_key(name, "sr"), islice(cycle(people), 20_000))
        )


def _at_least(texts: list[str], size: int) -> list[str]:
    """The texts over and over, as UTF-8 of this size: paragraphs, as they come in stories."""
    once = sum(len(text.encode()) for text in texts)
    return texts * -(-size // once)


def _megabytes_a_second(convert: Callable[[str], str], texts: list[str]) -> float:
    size = sum(len(text.encode()) for text in texts)
    return size / _MEGABYTE / _seconds(convert, texts)


def _a_second(make: Callable[[str], object], words: "list[str] | islice[str]") -> float:
    listed = list(words)
    return len(listed) / _seconds(make, listed)


def _seconds(do: Callable[[str], object], texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        do(text)
    return time.perf_counter() - started
