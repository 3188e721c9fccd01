"""Readers of catalogue documents: what archives write, what attackers write, and what both do to each other."""

import random

import pytest

from archive.parsing.base import Code, DocumentError
from archive.parsing.columns import column_of, join_parts, split_parts
from archive.parsing.ebucore import parse as parse_ebucore
from archive.parsing.registry import format_of, parse
from archive.parsing.sandbox import parse_in_child
from archive.parsing.values import edtf, language_tag, milliseconds, number, rate, ratio, timecode
from tests.archive.catalogue import DATA

SAMPLES = DATA / "samples" / "pbcore"
CODES = {value for name, value in vars(Code).items() if name.isupper()}
EBUCORE = b"""<?xml version="1.0"?>
<ebucore:ebuCoreMain xmlns:ebucore="urn:ebu:metadata-schema:ebuCore_2012" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xml:lang="fr">
 <ebucore:coreMetadata>
  <ebucore:format><ebucore:videoFormat><ebucore:width unit="pixel">720</ebucore:width>
   <ebucore:frameRate factorNumerator="1000" factorDenominator="1001">30</ebucore:frameRate></ebucore:videoFormat>
   <ebucore:duration><ebucore:normalPlayTime>PT1M2.5S</ebucore:normalPlayTime></ebucore:duration>
   <ebucore:medium typeLabel="Betacam SP"/></ebucore:format>
  <ebucore:date><ebucore:created startYear="1960" endYear="1965"/></ebucore:date>
  <ebucore:creator><ebucore:contactDetails><ebucore:givenName>Ana</ebucore:givenName>
   <ebucore:familyName>Petrova</ebucore:familyName></ebucore:contactDetails>
   <ebucore:role typeLabel="Director"/></ebucore:creator>
  <ebucore:rating><ebucore:ratingValue>PG</ebucore:ratingValue></ebucore:rating>
  <ebucore:relation><dc:relation>Another reel</dc:relation></ebucore:relation>
  <ebucore:identifier typeLabel="INA"><dc:identifier>CAF93</dc:identifier></ebucore:identifier>
  <ebucore:title><dc:title>L'arriv\xc3\xa9e</dc:title><dc:title xml:lang="sr-Latn">Dolazak</dc:title></ebucore:title>
 </ebucore:coreMetadata>
</ebucore:ebuCoreMain>"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12. 9. 1961.", "1961-09-12"), ("12/09/1961", "1961-09-12"), ("09/1961", "1961-09"), ("1961-9", "1961-09"),
        ("1960s", "196X"), ("1960-е", "196X"), ("око 1961", "1961~"), ("circa 1961", "1961~"), ("ca. 1961", "1961~"),
        ("[1961]", "1961?"), ("1961-1970", "1961/1970"), ("7. маја 1961.", "1961-05-07"),
        ("12 сентября 1961 года", "1961-09-12"),
        ("1961 г.", "1961"), ("May 7, 1961", "1961-05-07"), ("19610912", "1961-09-12"), ("Unknown", "XXXX"),
        ("n.d.", "XXXX"),
        ("1961-09-12T10:00:00+01:00", "1961-09-12"), ("1944-10/1944-11", "1944-10/1944-11"), ("1961~", "1961~"),
        ("no date at all", "no date at all"), ("", ""),
    ],
)  # fmt: skip
def test_dates_of_all_hands_become_edtf(written, meant):
    assert edtf(written) == meant


def test_lengths_rates_sizes_and_languages_of_all_hands_are_read():
    lengths = ("1:28:52", "00:59:14.5", "00:10:00:12", "PT1H2M", "90 min", "90", "28:52", "1500 ms", "long")
    assert [milliseconds(text) for text in lengths] == [
        5_332_000, 3_554_500, 600_480, 3_720_000, 5_400_000, 90_000, 1_732_000, 1500, None,
    ]  # fmt: skip
    assert [rate(text) for text in ("25", "29.97", "30000/1001", "25.000 fps", "0", "fast")] == [
        (25, 1), (30000, 1001), (30000, 1001), (25, 1), None, None,
    ]  # fmt: skip
    assert [ratio(text) for text in ("4:3", "16/9", "1.85", "wide")] == [(4, 3), (16, 9), (37, 20), None]
    assert [number(text) for text in ("48 kHz", "1 024", "12", "many")] == [48000, 1024, 12, None]
    assert [number(text) for text in ("44,100 Hz", "44,1 kHz", "44,100 kHz", "1,234,567", "12,5", "12 members")] == [
        44_100, 44_100, 44_100, 1_234_567, 12, 12,
    ]  # fmt: skip
    units = ("Mbps", "kbit/s", "Мбит/с", "bits/second", "Gbps", "", "MB/s", "furlongs")
    assert [number("50", 10**12, unit) for unit in units] == [
        50_000_000, 50_000, 50_000_000, 50, 50_000_000_000, 50, None, None,
    ]  # fmt: skip
    assert number("50 Mb/s", unit="kbps") == 50_000_000
    assert [language_tag(text) for text in ("srp", "SR_latn_rs", "Kazakh", "русский", "??")] == [
        "sr", "sr-Latn-RS", "kk", "ru", "",
    ]  # fmt: skip
    assert [timecode(text) for text in ("10:00:00:00", "10:00:00;02", "now")] == ["10:00:00:00", "10:00:00;02", ""]


PBCORE = b"""<pbcoreDescriptionDocument xmlns="http://www.pbcore.org/PBCore/PBCoreNamespace.html">
 <pbcoreIdentifier source="x">1</pbcoreIdentifier><pbcoreTitle>x</pbcoreTitle>
 <pbcoreInstantiation><instantiationIdentifier source="x">1</instantiationIdentifier>
  <instantiationLocation>x</instantiationLocation>
  <instantiationEssenceTrack><essenceTrackType>Video</essenceTrackType>
   <essenceTrackDataRate unitsOfMeasure="Mbps">50</essenceTrackDataRate></instantiationEssenceTrack>
  <instantiationEssenceTrack><essenceTrackType>Audio</essenceTrackType>
   <essenceTrackDataRate unitsOfMeasure="MB/s">2</essenceTrackDataRate>
   <essenceTrackSamplingRate>44,100 Hz</essenceTrackSamplingRate></instantiationEssenceTrack>
 </pbcoreInstantiation>
</pbcoreDescriptionDocument>"""


def test_figures_of_tracks_are_taken_in_the_units_beside_them_and_unknown_units_are_told():
    (record,) = parse(PBCORE, "pbcore").records
    video, audio = record.said["instantiations"][0]["tracks"]
    assert video["bit_rate"] == 50_000_000
    assert ("bit_rate" in audio, audio["sample_rate_hz"]) == (False, 44_100)
    assert (Code.KEPT_AS_NOTE, "2 MB/s") in [(each.code, each.value) for each in record.problems]
    written = b"""<ebucore:frameRate factorNumerator="1000" factorDenominator="1001">30</ebucore:frameRate>"""
    for text, fraction in ((b"29.97", (30000, 1001)), (b"23.976", (24000, 1001)), (b"25", (25, 1))):
        payload = EBUCORE.replace(written, b"<ebucore:frameRate>" + text + b"</ebucore:frameRate>"
                                  b'<ebucore:bitRate unit="Mbps">50</ebucore:bitRate>')  # fmt: skip
        (track,) = parse_ebucore(payload).records[0].said["instantiations"][0]["tracks"]
        assert (track["rate_numerator"], track["rate_denominator"]) == fraction
        assert track["bit_rate"] == 50_000_000


def test_values_with_parts_survive_their_own_separators():
    rows = [["a|b", "c=d", "e\\f"], ["x", "", "y"], ["only", "", ""]]
    assert split_parts(join_parts(rows), 3) == rows


@pytest.mark.parametrize("header", ["Inventarni broj", "ИНВЕНТАРНИ БРОЈ", "inv. no", "Идентификатор"])
def test_a_column_is_known_by_its_names_in_every_language(header):
    assert column_of(header).name == "identifier"


def test_old_and_disordered_ebucore_is_read():
    parsed = parse_ebucore(EBUCORE)
    (record,) = parsed.records
    said = record.said
    assert said["titles"] == [["main", "fr", "L'arrivée"], ["main", "sr-Latn", "Dolazak"]]
    assert said["credits"] == [["director", "", "Ana Petrova", ""]]
    assert said["dates"] == [["created", "1960/1965"]]
    assert said["dated"] == "1960/1965"
    assert said["identifier"] == "CAF93"
    (carrier,) = said["instantiations"]
    assert (carrier["format"], carrier["kind"], carrier["duration_ms"]) == ("Betacam SP", "physical", 62_500)
    assert (carrier["tracks"][0]["rate_numerator"], carrier["tracks"][0]["rate_denominator"]) == (30000, 1001)
    kept = [text for kind, _tag, text in said["descriptions"] if kind == "note"]
    assert kept == ["rating.ratingValue: PG", "relation.relation: Another reel"]


def test_an_element_that_is_named_like_a_part_of_the_reader_is_only_a_leftover():
    for name in (b"tag", b"kind", b"texts", b"read", b"relation", b"settle", b"dated"):
        payload = EBUCORE.replace(b"ebucore:rating", b"ebucore:" + name)
        assert parse_ebucore(payload).records[0].said["identifier"] == "CAF93"


def test_the_child_reads_alike_and_ends_what_takes_too_long():
    name, parsed = parse_in_child(EBUCORE)
    assert (name, parsed) == ("ebucore", parse(EBUCORE, "ebucore"))
    with pytest.raises(DocumentError) as failure:
        parse_in_child(EBUCORE + b" " * 20_000_000, memory_bytes=60_000_000)
    assert failure.value.code == Code.PARSER_FAILED


@pytest.mark.shared_samples
@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no samples in {SAMPLES}")
def test_the_samples_are_read_as_a_person_reads_them():
    read = {path.name: parse(path.read_bytes(), format_of(path.read_bytes())).records for path in SAMPLES.glob("*.xml")}
    (film,) = read["pbcore_archival_description.xml"]
    assert film.said["identifier"] == "MCU_v0567"
    assert film.said["titles"] == [["main", "", "Death Is A Poor Man's Doctor"]]
    assert [row[0] for row in film.said["credits"]] == [
        "director", "camera", "reporter", "speaker", "speaker", "performer", "performer",
    ]  # fmt: skip
    (reel,) = read["pbcore_asset_management.xml"]
    assert [row["generation"] for row in reel.said["instantiations"]] == ["master", "preservation", "access"]
    assert "323ce5c158ff48653f37ad0169557855" in reel.said["instantiations"][1]["note"]
    assert read["simple_description_document.xml"][0].refusal is None
    assert read["simple_instantiation_record.xml"][0].refusal.code == Code.NO_RECORD


def _mutated(payload: bytes, chance: random.Random) -> bytes:
    """Cut, doubled, shuffled, overwritten: what networks, disks and editors do."""
    data = bytearray(payload)
    for _change in range(chance.randint(1, 6)):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice((1, 1, 3, 20, 200)))
        kind = chance.randrange(6)
        if kind == 0:
            del data[start:end]
        elif kind == 1:
            data[start:end] = bytes(chance.randrange(256) for _byte in range(end - start))
        elif kind == 2:
            data[start:start] = data[start:end]
        elif kind == 3:
            data[start:start] = chance.choice(
                (b"<", b">", b"&", b"\0", b"\xff", b"]]>", b"<!--", b"\xef\xbb\xbf", b'"')
            )
        elif kind == 4:
            data = data[:start]
        else:
            data[start:end] = data[start:end][::-1]
    return bytes(data)


TABLE = (
    "identifier;title_sr;title_en;dated;credits;places;identifiers;expected_children;Шта још\r\n"
    "A-1;Дочек;Welcome;1961-09;camera=Петар=друга екипа|director=Ана;shown=Belgrade;ISAN=1;3;плаво\r\n"
    '"A-2";"Са ""наводницима""";X;око 1961;;;;;\r\n'
)


def _originals() -> list[bytes]:
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("*.xml"))] if SAMPLES.is_dir() else []
    return [EBUCORE, TABLE.encode(), TABLE.encode("cp1251"), *samples]


def test_thousands_of_mutations_are_read_or_refused_with_a_reason_and_never_crash():
    chance = random.Random(1961)
    originals, outcomes = _originals(), {"read": 0, "refused": 0}
    for number_ in range(2400):
        payload = _mutated(originals[number_ % len(originals)], chance)
        try:
            parsed = parse(payload, format_of(payload))
        except DocumentError as error:
            outcomes["refused"] += error.code in CODES
            continue
        outcomes["read"] += 1
        for record in parsed.records:
            assert all(each.code in CODES for each in record.problems)
            assert record.refusal is None or record.refusal.code in CODES
            assert record.said or record.refusal or record.problems
    assert sum(outcomes.values()) == 2400, "a refusal without a code"
    assert min(outcomes.values()) > 100, outcomes
