"""What services on the web have in common: batches, one deadline, and answers that must fit what was asked."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import orjson

from mediaexchange.core.languages.normalise import kept_words
from mediaexchange.core.languages.serbian import is_predominantly_latin, to_cyrillic
from mediaexchange.core.outgoing.client import post
from mediaexchange.core.outgoing.errors import OutgoingError, RefusedError
from mediaexchange.core.outgoing.fetched import Fetched
from mediaexchange.core.translating.port import (
    BusyError,
    GarbageError,
    KeyRefusedError,
    RequestRefusedError,
    TooLongError,
    TooSlowError,
    Translated,
    TranslationError,
    UnavailableError,
)
from mediaexchange.core.translating.segments import escaped, same_tags

TOTAL_SECONDS = 180.0  # for all batches of a text together
BATCH_SECONDS = 40.0
MAX_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """What a house has typed in about its account. ``languages`` empty: those the kind of service is known for."""

    name: str
    url: str = ""
    region: str = ""
    secret: str = ""
    languages: tuple[str, ...] = ()


class Service:
    """A subclass says where its service is, what it is asked and how its answer is read.

    ``most_segments`` and ``most_characters`` hold for one request; a single segment may not be longer than that.
    """

    adapter: ClassVar[str]
    home: ClassVar[str]
    path: ClassVar[str]
    known: ClassVar[tuple[str, ...]]
    most_segments: ClassVar[int]
    most_characters: ClassVar[int]

    def __init__(self, account: Account, *, total: float = TOTAL_SECONDS, each: float = BATCH_SECONDS) -> None:
        self.name = account.name
        self.account = account
        self._total, self._each = total, each

    def supports(self, source: str, target: str) -> bool:
        languages = self.account.languages or self.known
        return source != target and source in languages and target in languages

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[Translated]:
        """Batch by batch within one deadline; all of it, or an error with what came. Serbian comes back in Cyrillic."""
        texts: list[str] = []
        ends_at = time.monotonic() + self._total
        for batch in self._batches(segments):
            try:
                texts += self._asked(batch, source, target, ends_at)
            except TranslationError as error:
                sent = [*segments[: len(texts)], *(batch if error.was_charged else ())]
                error.charged = sum(map(len, sent))
                error.found = self._translated(segments[: len(texts)], texts, target)
                raise
        return self._translated(segments, texts, target)

    def address(self) -> str:
        return self.account.url or self.home

    def model(self) -> str:
        """What the edition declares beside the service's name."""
        return self.adapter

    def query(self, source: str, target: str) -> str:
        return ""

    def headers(self) -> dict[str, str]:
        return {}

    def request(self, batch: Sequence[str], source: str, target: str) -> Any:
        """The body to be sent as JSON."""
        raise NotImplementedError

    def read(self, answer: Any) -> list[Any]:
        """The texts in an answer; KeyError, TypeError and the like if it is none."""
        raise NotImplementedError

    def refusal(self, answer: Fetched) -> TranslationError | None:
        """What a status says at this service; None for what all services mean by it."""
        return None

    def _translated(self, segments: Sequence[str], texts: Sequence[str], target: str) -> list[Translated]:
        return [Translated(text, self.name, self.model()) for text in _in_our_script(segments, texts, target)]

    def _asked(self, batch: Sequence[str], source: str, target: str, ends_at: float) -> list[str]:
        timeout = min(ends_at - time.monotonic(), self._each)
        if timeout <= 0:
            raise TooSlowError(f"All batches together took longer than {self._total:g} s.")
        url = self.address().rstrip("/") + self.path + self.query(source, target)
        headers = {"content-type": "application/json; charset=utf-8", "accept": "application/json"} | self.headers()
        body = orjson.dumps(self.request(batch, source, target))
        try:
            answer = post(url, body, headers=headers, timeout=timeout, max_bytes=MAX_ANSWER_BYTES)
        except RefusedError as error:
            raise RequestRefusedError(error.detail) from error
        except OutgoingError as error:
            raise UnavailableError(error.detail) from error
        except ValueError as error:  # a key with letters that no header may hold
            raise KeyRefusedError("The key cannot be sent in a header.") from error
        if not answer.is_success:
            raise self.refusal(answer) or _refusal(answer)
        try:
            texts = self.read(orjson.loads(answer.body))
        except (orjson.JSONDecodeError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise GarbageError("The answer is not what the service's protocol says.") from error
        if len(texts) != len(batch) or not all(isinstance(text, str) for text in texts):
            raise GarbageError(f"{len(batch)} segments were sent and {len(texts)} came back.")
        return texts

    def _batches(self, segments: Sequence[str]) -> Iterator[list[str]]:
        """Raises TooLongError before the first one."""
        if any(len(segment) > self.most_characters for segment in segments):
            raise TooLongError(f"One segment is longer than {self.most_characters} characters.")
        batch: list[str] = []
        size = 0
        for segment in segments:
            if batch and (len(batch) == self.most_segments or size + len(segment) > self.most_characters):
                yield batch
                batch, size = [], 0
            batch.append(segment)
            size += len(segment)
        if batch:
            yield batch


def _refusal(answer: Fetched) -> TranslationError:
    status, detail = answer.status, f"HTTP {answer.status}"
    if status in (401, 403):
        return KeyRefusedError(detail)
    if status in (413, 414):
        return TooLongError(detail)
    if status == 429:
        return BusyError(detail, answer.retry_after or timedelta(0))
    if status >= 500 or status == 408:
        return UnavailableError(detail, answer.retry_after)
    return RequestRefusedError(detail)


def _in_our_script(segments: Sequence[str], texts: Sequence[str], target: str) -> list[str]:
    """Serbian as we store it, without the newsrooms' words that stay Latin.

    Judged by the whole: a Latin name in a Cyrillic text is meant.
    """
    ours = [text.strip() for text in texts]
    if target == "sr" and is_predominantly_latin(" ".join(ours), keep := kept_words()):
        ours = [to_cyrillic(text, keep) for text in ours]
    return [_with_tags(source, text) for source, text in zip(segments, ours, strict=True)]


def _with_tags(source: str, text: str) -> str:
    """Tags that are not the source's own do not come in from outside: then the words come alone."""
    return text if same_tags(source, text) else escaped(text)
