"""LibreTranslate: https://docs.libretranslate.com

A house names its own server, and gives a key only if that server wants one.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson

from mediaexchange.core.outgoing.fetched import Fetched
from mediaexchange.core.translating.port import BusyError, TooLongError, TranslationError
from mediaexchange.core.translating.services import Service


class LibreTranslator(Service):
    adapter = "libretranslate"
    home = "https://libretranslate.com"
    path = "/translate"
    known = ("en", "ru")
    most_segments = 25
    most_characters = 5_000

    def model(self) -> str:
        return "LibreTranslate"

    def request(self, batch: Sequence[str], source: str, target: str) -> Any:
        asked = {"q": list(batch), "source": source, "target": target, "format": "html"}
        return asked | ({"api_key": self.account.secret} if self.account.secret else {})

    def read(self, answer: Any) -> list[Any]:
        texts = answer["translatedText"]
        if isinstance(texts, str):
            raise TypeError
        return list(texts)

    def refusal(self, answer: Fetched) -> TranslationError | None:
        """403 is a refused key, or somebody who was shut out for a while for asking too often: its words tell."""
        said = _said(answer)
        if answer.status == 403 and "too many" in said:
            return BusyError("HTTP 403, too many requests", answer.retry_after or timedelta(0))
        if answer.status == 400 and "limit" in said:
            return TooLongError("HTTP 400, over a limit of this server")
        return None


def _said(answer: Fetched) -> str:
    try:
        return str(orjson.loads(answer.body)["error"]).lower()
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
