import pytest

from archive.services.checksum import parse_checksum
from archive.services.sniff import agrees, content_type_of

MXF = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\x00"


@pytest.mark.parametrize(
    ("beginning", "content_type"),
    [
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "audio/wav"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9f", "video/x-matroska"),
        ((b"\x47" + bytes(187)) * 3, "video/mp2t"),
        (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02", "application/mxf"),
        (b"\0" * 60_000 + MXF, "application/mxf"),
        (b"\0" * 65_535 + MXF, "application/mxf"),
        (b"\0" * 65_536 + MXF, ""),
        ((bytes(4) + b"\x47" + bytes(187)) * 3, "video/mp2t"),
        (b"BW64\xff\xff\xff\xffWAVEds64", "audio/wav"),
        (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", "audio/x-w64"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"II+\0\x08\0\0\0", "image/tiff"),
        (b"MM\0+\0\x08\0\0", "image/tiff"),
        (b"SDPX\0\0\x08\0V1.0", "image/x-dpx"),
        (b"XPDS\0\x08\0\0V1.0", "image/x-dpx"),
        (b"\x76\x2f\x31\x01\x02\0\0\0", "image/x-exr"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
        (b"\0\0\0\0\x01\xbc\0\0", "video/x-gxf"),
        (b"\x1f\x07\0\xbf\xff\x78", "video/x-dv"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"%PDF-1.7", "application/pdf"),
        ("Сценарио: снимак трајe".encode(), "text/plain"),
        ("\ufeffҚазақша мәтін".encode(), "text/plain"),
        (b"<html><script>alert(1)</script>", "text/plain"),
        ("Београд".encode("utf-16"), ""),
        ("Београд".encode("cp1251"), ""),
        (b"\0\0\0\0", ""),
        (b"", ""),
    ],
)
def test_content_is_known_by_its_beginning(beginning, content_type):
    assert content_type_of(beginning, is_whole=True) == content_type


def test_a_character_cut_in_two_at_the_end_of_the_look_is_no_reason_to_refuse_a_text():
    cut = "Љ".encode()[:1]
    assert content_type_of(b"text " + cut) == "text/plain"
    assert content_type_of(b"text " + cut, is_whole=True) == ""


@pytest.mark.parametrize(
    ("declared", "found", "is_true"),
    [
        ("", "video/mp4", True),
        ("VIDEO/MP4; codecs=avc1", "video/mp4", True),
        ("audio/mp4", "video/mp4", True),
        ("video/x-anything", "video/quicktime", True),
        ("application/octet-stream", "image/png", True),
        ("image/jpg", "image/jpeg", True),
        ("application/ttml+xml", "text/plain", True),
        ("text/html", "video/mp4", False),
        ("image/png", "text/plain", False),
        ("video/mp4", "image/png", False),
    ],
)
def test_a_declared_type_may_be_another_name_but_not_another_kind(declared, found, is_true):
    assert agrees(declared, found) is is_true


MD5 = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.mark.parametrize(
    "text", [f"md5:{MD5}", f"MD5={MD5.upper()}", MD5, "md5:1B2M2Y8AsgTpgAmY7PhCfg==", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:"]
)
def test_a_checksum_is_read_in_every_spelling(text):
    found = parse_checksum(text)
    assert (found.algorithm, found.value) == ("md5", MD5)
