"""DeepL API v2: https://developers.deepl.com/docs"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from mediaexchange.core.outgoing.fetched import Fetched
from mediaexchange.core.translating.port import BusyError, QuotaError, TranslationError
from mediaexchange.core.translating.services import Service

_INTO = {"en": "EN-GB"}  # as a target the bare code is out of use
_FREE = "https://api-free.deepl.com"
_SETTLED = frozenset({
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb",
    "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh",
})  # fmt: skip


class DeepLTranslator(Service):
    """Languages beyond the settled ones are beta there: a house that lists one has it asked for as such."""

    adapter = "deepl"
    home = "https://api.deepl.com"
    path = "/v2/translate"
    known = ("en", "ru")
    most_segments = 50
    most_characters = 20_000  # 128 KiB a request, and JSON has two bytes for a Cyrillic letter

    def address(self) -> str:
        """Keys of the free plan say so, and belong to another host."""
        is_free = not self.account.url and self.account.secret.endswith(":fx")
        return _FREE if is_free else super().address()

    def model(self) -> str:
        return "DeepL API v2"

    def headers(self) -> dict[str, str]:
        return {"authorization": f"DeepL-Auth-Key {self.account.secret}"}

    def request(self, batch: Sequence[str], source: str, target: str) -> Any:
        asked: dict[str, Any] = {
            "text": list(batch),
            "source_lang": source.upper(),
            "target_lang": _INTO.get(target, target.upper()),
            "tag_handling": "html",
            "split_sentences": "0",  # cut already
        }
        return asked if {source, target} <= _SETTLED else asked | {"enable_beta_languages": True}

    def read(self, answer: Any) -> list[Any]:
        return [item["text"] for item in answer["translations"]]

    def refusal(self, answer: Fetched) -> TranslationError | None:
        if answer.status == 456:
            return QuotaError("HTTP 456")
        if answer.status == 529:
            return BusyError("HTTP 529", answer.retry_after or timedelta(0))
        return None
