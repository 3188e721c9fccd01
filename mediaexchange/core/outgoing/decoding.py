"""Decompress a body piece by piece, so that a bomb is noticed while it is still small."""

import zlib
from collections.abc import Iterable, Iterator

from mediaexchange.core.outgoing.errors import BadEncodingError, TooLargeError

MAX_RATIO = 100
MAX_ENCODINGS = 3
ACCEPT_ENCODING = "gzip, deflate"

_PIECE_BYTES = 64 * 1024
_RATIO_COUNTS_FROM_BYTES = 256 * 1024  # a short page of spaces may well shrink more than a hundredfold
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Meter:
    """Counts what one layer gives out against what came over the network. Raises TooLargeError."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self.received_bytes = 0

    def received(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The body as sent, counted."""
        for piece in pieces:
            self.received_bytes += len(piece)
            self._check_size(self.received_bytes)
            yield piece

    def given_out(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """One layer's output. Inner layers are counted too: one that swells and yields nothing still burns time."""
        total = 0
        for piece in pieces:
            total += len(piece)
            self._check_size(total)
            if total > _RATIO_COUNTS_FROM_BYTES and total > MAX_RATIO * self.received_bytes:
                raise TooLargeError(f"The body swells more than {MAX_RATIO} times when decompressed.")
            yield piece

    def _check_size(self, total: int) -> None:
        if total > self._max_bytes:
            raise TooLargeError(f"The body is larger than {self._max_bytes} bytes.")


def decoded(pieces: Iterable[bytes], content_encoding: str, *, max_bytes: int) -> Iterator[bytes]:
    """Undo a Content-Encoding (RFC 9110 section 8.4), last coding first.

    Raises TooLargeError and BadEncodingError, the latter also for a body that ends inside a compressed stream.
    """
    names = [name for name in (part.strip().lower() for part in content_encoding.split(",")) if name]
    names = [name for name in names if name != "identity"]
    if len(names) > MAX_ENCODINGS:
        raise BadEncodingError(f"The body is encoded more than {MAX_ENCODINGS} times.")
    meter = Meter(max_bytes)
    pieces = meter.received(pieces)
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            pieces = meter.given_out(_gunzipped(pieces))
        elif name == "deflate":
            pieces = meter.given_out(_inflated(pieces))
        else:
            raise BadEncodingError("The body is encoded in a way that we did not offer to read.")
    return iter(pieces)


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Members may follow one another, and zeros may pad the end (RFC 1952 section 2.2; gzip's own practice)."""
    decoder = None
    has_ended = False
    for piece in pieces:
        rest = piece
        while rest:
            if decoder is None:
                if has_ended:
                    rest = rest.lstrip(b"\0")
                    if not rest:
                        break
                decoder = zlib.decompressobj(_GZIP_WINDOW)
            yield from _drained(decoder, rest)
            if not decoder.eof:
                break
            rest, decoder, has_ended = decoder.unused_data, None, True
    if decoder is not None:
        raise BadEncodingError("The body ends inside its gzip stream.")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Means zlib (RFC 1950), but some servers send the bare stream (RFC 1951): the first two bytes tell."""
    decoder = None
    head = b""
    for piece in pieces:
        head += piece
        if decoder is None:
            if len(head) < 2:
                continue
            is_zlib = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
            decoder = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        if decoder.eof:
            raise BadEncodingError("Something follows the end of the deflate stream.")
        yield from _drained(decoder, head)
        head = decoder.unused_data
    if head or (decoder is not None and not decoder.eof):
        raise BadEncodingError("The body does not end where its deflate stream ends.")


def _drained(decoder: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """All that one piece of input yields, in pieces of bounded size."""
    try:
        while True:
            piece = decoder.decompress(data, _PIECE_BYTES)
            if piece:
                yield piece
            data = decoder.unconsumed_tail
            if decoder.eof or not (data or len(piece) == _PIECE_BYTES):
                return
    except zlib.error:
        raise BadEncodingError("The body is damaged: it cannot be decompressed.") from None
