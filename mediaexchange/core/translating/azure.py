"""Azure Translator, text translation v3.0: https://learn.microsoft.com/azure/ai-services/translator/reference/v3-0-reference"""

from collections.abc import Sequence
from typing import Any

import orjson

from mediaexchange.core.outgoing.fetched import Fetched
from mediaexchange.core.translating.port import QuotaError, TranslationError
from mediaexchange.core.translating.services import Service

_CODES = {"sr": "sr-Cyrl"}  # its bare "sr" would be one script or the other
_QUOTA_CODES = frozenset({403001})


class AzureTranslator(Service):
    """An account of one region sends it along; a key for all regions leaves it empty."""

    adapter = "azure"
    home = "https://api.cognitive.microsofttranslator.com"
    path = "/translate"
    known = ("sr", "kk", "ru", "en")
    most_segments = 1000
    most_characters = 50_000

    def model(self) -> str:
        return "Azure Translator 3.0"

    def query(self, source: str, target: str) -> str:
        codes = (_CODES.get(source, source), _CODES.get(target, target))
        return "?api-version=3.0&textType=html&from={}&to={}".format(*codes)

    def headers(self) -> dict[str, str]:
        key = {"ocp-apim-subscription-key": self.account.secret}
        return key | ({"ocp-apim-subscription-region": self.account.region} if self.account.region else {})

    def request(self, batch: Sequence[str], source: str, target: str) -> Any:
        return [{"Text": text} for text in batch]

    def read(self, answer: Any) -> list[Any]:
        return [item["translations"][0]["text"] for item in answer]

    def refusal(self, answer: Fetched) -> TranslationError | None:
        """403 is a key without rights, or a free quota that is used up: the code inside tells."""
        if answer.status != 403:
            return None
        try:
            code = orjson.loads(answer.body)["error"]["code"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return None
        return QuotaError(f"HTTP 403, {code}") if code in _QUOTA_CODES else None
