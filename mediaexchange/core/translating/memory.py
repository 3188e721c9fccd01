"""What people have approved before, as a translator: the same sentence, or the likest one that is like enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mediaexchange.core.translating.likeness import percent_alike, settled
from mediaexchange.core.translating.port import Translated
from mediaexchange.core.translating.segments import plain
from mediaexchange.core.translating.terms import Term


@dataclass(frozen=True, slots=True)
class Match:
    """A remembered sentence and how alike it is, 100 for the same."""

    source: str
    target: str
    percent: int


# (segments, source language, target language) → for each segment the pairs that may be like it, in any order
Recall = Callable[[Sequence[str], str, str], Mapping[str, Sequence[tuple[str, str]]]]
Terms = Callable[[str], Sequence[Term]]  # language → the glossary's terms


class MemoryTranslator:
    """``recall`` looks candidates up and ``terms`` gives the glossary; this decides what is like enough.

    A segment that is nothing but a term of the glossary is translated by it, unless the term is in doubt.
    """

    def __init__(self, name: str, recall: Recall, terms: Terms, *, least_percent: int = 75) -> None:
        self.name = name
        self._recall, self._terms, self._least = recall, terms, least_percent

    def supports(self, source: str, target: str) -> bool:
        return source != target

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[Translated]:
        matches = self.matches(segments, source, target)
        words = self._dictionary(source, target)
        found = []
        for segment in segments:
            best = next(iter(matches[segment]), None)
            word = words.get(settled(plain(segment)).lower())
            if word is not None and "<" not in segment and (best is None or best.percent < 100):
                found.append(Translated(_cased(segment, word), self.name, "glossary", 100))
            elif best is not None:
                found.append(Translated(best.target, self.name, "memory", best.percent))
            else:
                found.append(Translated("", self.name, "memory"))
        return found

    def matches(self, segments: Sequence[str], source: str, target: str) -> dict[str, list[Match]]:
        """For each segment what is like enough, the likest first."""
        candidates = self._recall(segments, source, target)
        return {segment: self._ranked(segment, candidates.get(segment, ())) for segment in segments}

    def _ranked(self, segment: str, candidates: Sequence[tuple[str, str]]) -> list[Match]:
        weighed = (Match(known, text, percent_alike(segment, known)) for known, text in candidates)
        return sorted((match for match in weighed if match.percent >= self._least), key=lambda match: -match.percent)

    def _dictionary(self, source: str, target: str) -> dict[str, str]:
        known = {term.concept: term for term in self._terms(target) if not term.doubt}
        return {
            settled(text).lower(): known[term.concept].texts[0]
            for term in self._terms(source)
            if term.concept in known and not term.doubt
            for text in term.texts
        }


def _cased(segment: str, word: str) -> str:
    return word[:1].upper() + word[1:] if segment[:1].isupper() else word
