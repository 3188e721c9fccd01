import gzip
import zlib
from collections.abc import Iterator

import pytest

from mediaexchange.core.outgoing.decoding import decoded
from mediaexchange.core.outgoing.errors import BadEncodingError, TooLargeError

MEBIBYTE = 1024 * 1024
TEXT = "Алматы — Београд — Москва. ".encode() * 1500


def undo(data: bytes, encoding: str, *, piece_bytes: int = 1000, max_bytes: int = 15 * MEBIBYTE) -> bytes:
    pieces = (data[start : start + piece_bytes] for start in range(0, len(data), piece_bytes))
    return b"".join(decoded(pieces, encoding, max_bytes=max_bytes))


def raw_deflated(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize("piece_bytes", [1, 7, 1000, 10**9])
@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "X-GZip"),
        (gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:]) + b"\0" * 100, "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflated(TEXT), "deflate"),
        (gzip.compress(zlib.compress(gzip.compress(TEXT))), "gzip, deflate, gzip"),
    ],
)
def test_what_was_encoded_comes_back_whole(data: bytes, encoding: str, piece_bytes: int) -> None:
    assert undo(data, encoding, piece_bytes=piece_bytes) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_empty_body_stays_empty(encoding: str) -> None:
    assert undo(b"", encoding) == b""


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip, gzip, gzip"])
def test_an_encoding_that_was_not_offered_is_refused(encoding: str) -> None:
    with pytest.raises(BadEncodingError):
        undo(gzip.compress(TEXT), encoding)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(TEXT)[:-1], "gzip"),
        (gzip.compress(TEXT)[:5], "gzip"),
        (gzip.compress(TEXT) + gzip.compress(TEXT)[:-1], "gzip"),
        (gzip.compress(TEXT) + b"rubbish", "gzip"),
        (TEXT, "gzip"),
        (gzip.compress(TEXT)[:-8] + b"\0" * 8, "gzip"),
        (zlib.compress(TEXT)[:-1], "deflate"),
        (zlib.compress(TEXT)[:1], "deflate"),
        (zlib.compress(TEXT) + b"rubbish", "deflate"),
        (raw_deflated(TEXT)[:-1], "deflate"),
    ],
)
@pytest.mark.parametrize("piece_bytes", [1, 10**9])
def test_a_damaged_or_cut_stream_is_never_half_a_document(data: bytes, encoding: str, piece_bytes: int) -> None:
    with pytest.raises(BadEncodingError):
        undo(data, encoding, piece_bytes=piece_bytes)


def test_a_bomb_is_noticed_before_it_has_burst() -> None:
    bomb = gzip.compress(b"\0" * (100 * MEBIBYTE))
    given_out = 0
    with pytest.raises(TooLargeError):  # noqa: PT012 — how far it came is the point
        for piece in decoded(iter([bomb]), "gzip", max_bytes=15 * MEBIBYTE):
            given_out += len(piece)
    assert given_out <= 15 * MEBIBYTE


def test_a_body_that_swells_too_much_is_refused_although_it_would_fit() -> None:
    with pytest.raises(TooLargeError, match="swells"):
        undo(gzip.compress(b"\0" * (2 * MEBIBYTE)), "gzip")


def test_the_cap_counts_what_comes_out() -> None:
    assert undo(gzip.compress(TEXT), "gzip", max_bytes=len(TEXT)) == TEXT
    with pytest.raises(TooLargeError, match="larger"):
        undo(gzip.compress(TEXT), "gzip", max_bytes=len(TEXT) - 1)


def test_a_small_page_may_shrink_a_lot() -> None:
    assert undo(gzip.compress(b" " * 100_000), "gzip") == b" " * 100_000


def test_an_inner_layer_that_swells_and_yields_nothing_is_refused() -> None:
    empty_blocks = b"\x00\x00\x00\xff\xff" * (10 * MEBIBYTE // 5)
    with pytest.raises(TooLargeError):
        undo(gzip.compress(b"\x78\x9c" + empty_blocks), "deflate, gzip")


def test_a_layer_of_empty_members_ends() -> None:
    assert undo(gzip.compress(b"") * 10_000, "gzip", piece_bytes=65536) == b""


def test_no_more_is_asked_of_an_endless_sender_than_the_cap() -> None:
    asked = 0

    def endless() -> Iterator[bytes]:
        nonlocal asked
        while True:
            asked += 1
            yield b"x" * 1000

    with pytest.raises(TooLargeError):
        list(decoded(endless(), "", max_bytes=100_000))
    assert asked == 101
