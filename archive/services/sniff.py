"""What bytes are, by their beginning: names and headers that come with an upload are claims."""

import re

_RUN_IN_BYTES = 65_535
SNIFFED_BYTES = _RUN_IN_BYTES + 14  # an MXF file may begin with 64 KiB of something else (SMPTE ST 377-1, 6.5)
_LOOKED_AT = 4096  # by everything but the search for MXF
_MPEG_TS = 188  # a packet; each begins with the same byte
_BLU_RAY_TS = 192  # the same behind a stamp of four bytes
_MXF = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02"  # the key of a header's partition pack
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0\x08\0\0\0", "image/tiff"),  # BigTIFF
    (b"MM\0+\0\x08\0\0", "image/tiff"),
    (b"SDPX\0\0", "image/x-dpx"),
    (b"XPDS", "image/x-dpx"),
    (b"\x76\x2f\x31\x01", "image/x-exr"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (b"\0\0\x01\xba", "video/mpeg"),
    (b"\0\0\x01\xb3", "video/mpeg"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01", "application/mxf"),
    (b"\0\0\0\0\x01\xbc", "video/x-gxf"),
    (b"\x1f\x07\0", "video/x-dv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"riff\x2e\x91\xcf\x11", "audio/x-w64"),
)  # fmt: skip
_RIFF = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}
_BRANDS = {
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"avif": "image/avif",
    b"heic": "image/heic",
    b"mif1": "image/heic",
}
_OFFICE = ((b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),)
_MPEG_AUDIO = re.compile(rb"\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]")  # layers II and III
_AAC = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")  # ADTS
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CARRIES_BOTH = {
    "video/mp4",
    "video/quicktime",
    "video/x-matroska",
    "video/mpeg",
    "video/mp2t",
    "audio/ogg",
    "audio/mp4",
    "video/x-ms-asf",
    "application/mxf",
}
_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/tiff": "tif", "image/webp": "webp",
    "image/avif": "avif", "image/heic": "heic", "application/pdf": "pdf", "application/rtf": "rtf",
    "audio/flac": "flac", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/aac": "aac", "audio/wav": "wav",
    "audio/aiff": "aiff", "audio/mp4": "m4a", "video/x-matroska": "mkv", "video/mpeg": "mpg", "video/mp2t": "ts",
    "video/mp4": "mp4", "video/quicktime": "mov", "video/x-msvideo": "avi", "application/mxf": "mxf",
    "image/x-dpx": "dpx", "image/x-exr": "exr", "image/jp2": "jp2", "video/x-gxf": "gxf", "video/x-dv": "dv",
    "video/x-ms-asf": "wmv", "audio/x-w64": "w64", "application/json": "json", "text/vtt": "vtt",
    "text/plain": "txt", _OFFICE[0][1]: "docx",
}  # fmt: skip


def content_type_of(beginning: bytes, *, is_whole: bool = False) -> str:
    """The media type of a file by its first ``SNIFFED_BYTES``, or "" for what has no place here.

    ``is_whole`` says that nothing follows. Text is UTF-8 without control characters; whatever markup it holds, it is
    ``text/plain`` and is never shown as anything else.
    """
    for signature, content_type in _SIGNATURES:
        if beginning.startswith(signature):
            return content_type
    if found := _framed(beginning[:_LOOKED_AT]):
        return found
    if _is_text(beginning, is_whole=is_whole):
        return "text/plain"
    return "application/mxf" if 0 < beginning.find(_MXF) <= _RUN_IN_BYTES else ""


def agrees(declared: str, found: str) -> bool:
    """Whether a declared type may be a name for what was found; nothing declared agrees with everything."""
    declared = declared.partition(";")[0].strip().lower()
    kind, _slash, name = declared.partition("/")
    if not declared or declared in (found, "application/octet-stream", "binary/octet-stream"):
        return True
    if found in _CARRIES_BOTH and kind in ("audio", "video"):
        return True
    if found == "text/plain":
        return kind == "text" or "xml" in name or name.startswith("json")
    return kind == found.partition("/")[0] or (found.startswith("application/") and kind == "application")


def extension_of(content_type: str) -> str:
    """The usual ending of a file name, without its dot."""
    return _EXTENSIONS.get(content_type, "bin")


def _framed(beginning: bytes) -> str:
    """Formats whose sign does not stand at the very beginning, or is too short to be believed alone."""
    if beginning[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _RIFF.get(beginning[8:12], "")
    if beginning[:4] == b"FORM" and beginning[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    if beginning[4:8] == b"ftyp":
        return _BRANDS.get(beginning[8:12], "video/mp4")
    if beginning[4:8] in (b"moov", b"wide") or (beginning[4:8] == b"mdat" and len(beginning) > 16):
        return "video/quicktime"
    if beginning[:4] == b"PK\x03\x04":
        return next((name for mark, name in _OFFICE if mark in beginning), "")
    packets = beginning[::_MPEG_TS]
    stamped = beginning[4::_BLU_RAY_TS]
    if any(len(signs) > 2 and set(signs) == {0x47} for signs in (packets, stamped)):
        return "video/mp2t"
    if _MPEG_AUDIO.match(beginning):
        return "audio/mpeg"
    if _AAC.match(beginning):
        return "audio/aac"
    return ""


def _is_text(beginning: bytes, *, is_whole: bool) -> bool:
    try:
        text = beginning.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A character may be cut in two where the look ends.
        if is_whole or error.reason != "unexpected end of data" or error.end < len(beginning):
            return False
        text = beginning[: error.start].decode("utf-8-sig")
    return bool(text.strip()) and not _CONTROLS.search(text)
