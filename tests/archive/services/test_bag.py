"""Bags, verified with the reference tool; PREMIS inside them."""

import io
import tarfile

import bagit
import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from archive.models import PreservationEvent
from archive.services.attachment import attach_file
from archive.services.bag import build_bag, export_bag, stream_bag
from archive.services.fixity import check_file
from broadcasters.constants import Role
from mediaexchange.core.errors import DomainError, ForbiddenError
from tests.archive.factories import make_item, make_media_file
from tests.factories import make_broadcaster, make_user

pytestmark = pytest.mark.django_db
PREMIS = {"p": "http://www.loc.gov/premis/v3"}


@pytest.fixture
def reel():
    """An item with a master and an access copy, whose names are those of people."""
    item = make_item(identifier="Ролна 1961/09: “Ғарыш”")
    for generation, name, content in (
        ("master", "../Снимак 100%.txt", b"master"), ("access", "copy.txt", b"copy"),
    ):  # fmt: skip
        file = make_media_file(item.broadcaster, content=content, name=name)
        attach_file(item, file, actor=None, generation=generation)
        check_file(file)
    return item


def test_a_bag_holds_the_masters_and_what_is_known_and_verifies(reel, tmp_path):
    archivist = make_user(reel.broadcaster, Role.ARCHIVIST)
    made = export_bag([reel], tmp_path / "bag", actor=archivist)
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.validate(processes=1)
    assert bag.info["External-Identifier"] == f"{reel.identifier} urn:uuid:{reel.uid}"
    folder = f"data/Ролна 1961_09_ _Ғарыш_-{str(reel.uid)[:8]}"
    (file,) = made.files
    assert sorted(bag.payload_entries()) == [
        f"{folder}/pbcore.xml", f"{folder}/premis.xml", f"{folder}/Снимак 100_-{file.sha256[:8]}.txt",
    ]  # fmt: skip
    packed = PreservationEvent.objects.get(kind="packing")
    assert (packed.file, packed.actor, packed.detail) == (file, archivist, {"bag": made.name})


def test_premis_tells_what_happened_and_who_did_it(reel, tmp_path):
    made = export_bag([reel], tmp_path / "bag", actor=None)
    (path,) = (tmp_path / "bag").rglob("premis.xml")
    root = etree.parse(path).getroot()
    (file,) = made.files

    def texts(query):
        return root.xpath(f"{query}/text()", namespaces=PREMIS)

    assert root.get("version") == "3.0"
    assert texts("p:object/p:objectCharacteristics/p:fixity/p:messageDigest") == [file.sha256]
    assert texts("p:object/p:objectCharacteristics/p:size") == ["6"]
    assert texts("p:event/p:eventType") == ["ingestion", "fixity check"]
    assert texts("p:event/p:eventOutcomeInformation/p:eventOutcome") == ["success", "success"]
    named = texts("p:event/p:linkingAgentIdentifier/p:linkingAgentIdentifierValue")
    assert set(named) == set(texts("p:agent/p:agentIdentifier/p:agentIdentifierValue"))
    assert [element.tag.rpartition("}")[2] for element in root] == ["object", "event", "event", "agent", "agent"]


def test_an_item_without_a_master_gives_what_it_has_and_one_without_files_nothing(reel, tmp_path):
    reel.instantiations.filter(generation="master").update(generation="copy")
    assert len(build_bag([reel], actor=None).files) == 2
    with pytest.raises(DomainError) as refused:
        build_bag([make_item()], actor=None)
    assert refused.value.code == "nothing-to-pack"


def test_a_damaged_master_is_never_packed(reel, tmp_path, stores):
    file = reel.instantiations.get(generation="master").file
    (stores / "media" / file.storage_name).write_bytes(b"mister")
    with pytest.raises(DomainError) as refused:
        export_bag([reel], tmp_path / "bag", actor=None)
    assert refused.value.code == "file-damaged"
    with pytest.raises(OSError, match="damaged"):
        list(stream_bag(build_bag([reel], actor=None)))
    assert not PreservationEvent.objects.filter(kind="packing").exists()


def test_a_bag_can_be_sent_as_an_archive_without_being_kept(reel, tmp_path):
    bag = build_bag([reel], actor=None)
    sent = b"".join(stream_bag(bag))
    with tarfile.open(fileobj=io.BytesIO(sent)) as archive:
        archive.extractall(tmp_path, filter="data")
    assert bagit.Bag(str(tmp_path / bag.name)).validate(processes=1)


def test_nobody_packs_what_is_another_houses(reel, tmp_path):
    for user in (make_user(make_broadcaster("ptrc"), Role.ARCHIVIST), make_user(reel.broadcaster, Role.EDITOR)):
        with pytest.raises(ForbiddenError):
            export_bag([reel], tmp_path, actor=user)


def test_nothing_is_written_over(reel, tmp_path):
    (tmp_path / "there").write_text("already")
    with pytest.raises(DomainError) as refused:
        export_bag([reel], tmp_path, actor=None)
    assert refused.value.code == "folder-not-empty"


def test_the_command_writes_a_bag_and_names_what_it_does_not_find(reel, tmp_path, capsys):
    house = reel.broadcaster.slug
    call_command("export_bag", reel.identifier, broadcaster=house, target=tmp_path / "bag")
    assert "Files of the store: 1." in capsys.readouterr().out
    with pytest.raises(CommandError, match="REEL-0"):
        call_command("export_bag", "REEL-0", broadcaster=house, target=tmp_path / "other")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_bag", reel.identifier, broadcaster=house, target=tmp_path / "bag")
