"""The translator of a house that has none."""

from collections.abc import Sequence

from mediaexchange.core.translating.port import Translated


class NullTranslator:
    """Knows no pair of languages, and leaves empty whatever it is given all the same."""

    name = ""

    def supports(self, source: str, target: str) -> bool:
        return False

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[Translated]:
        return [Translated("", self.name, "") for _segment in segments]
