import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from broadcasters.constants import ModuleState, SignatureStatus
from broadcasters.models import (
    Broadcaster,
    Channel,
    GlossaryTerm,
    Institution,
    Memorandum,
    Module,
    Party,
    PartySource,
    Person,
    PersonAlias,
    Place,
    PlaceName,
)
from broadcasters.services.reference import DATA, load_reference
from mediaexchange.core.context import acting
from mediaexchange.core.models import AuditEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MODELS = (
    Broadcaster,
    Channel,
    Institution,
    Memorandum,
    Module,
    Party,
    PartySource,
    Person,
    PersonAlias,
    Place,
    PlaceName,
)


def sizes() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the files that a test may change."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def rewrite(directory: Path, name: str, old: str, new: str) -> None:
    path = directory / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_loading_fills_every_kind_of_record_in_four_languages() -> None:
    load_reference()
    assert all(sizes().values()), sizes()
    rts = Broadcaster.objects.get(slug="rts")
    assert (rts.name_sr, rts.name_ru) == ("Радио-телевизија Србије", "Радио и телевидение Сербии")
    assert rts.home_city.slug == "belgrade"
    for place in Place.objects.all():
        assert all((place.name_sr, place.name_kk, place.name_ru, place.name_en)), place.slug


def test_loading_again_changes_nothing() -> None:
    load_reference()
    before, trail = sizes(), AuditEntry.objects.count()
    counts = load_reference()
    assert sizes() == before
    assert AuditEntry.objects.count() == trail
    assert all(set(count) == {"unchanged"} for count in counts.values()), counts


def test_a_changed_file_changes_the_record(data: Path) -> None:
    load_reference(data)
    rewrite(data, "places", '"Belgrade"', '"Belgrade on the Danube"')
    counts = load_reference(data)
    assert Place.objects.get(slug="belgrade").name_en == "Belgrade on the Danube"
    assert counts["Place"]["updated"] == 1


def test_a_name_that_a_person_corrected_survives_the_next_loading(data: Path) -> None:
    load_reference(data)
    place = Place.objects.get(slug="belgrade")
    with acting(make_user().pk):
        place.name_en = "Beograd"
        place.save()
    rewrite(data, "places", '"Belgrade"', '"Belgrade on the Danube"')
    rewrite(data, "places", '"Белград"', '"Белград на Дунае"')
    load_reference(data)
    place.refresh_from_db()
    assert (place.name_en, place.name_ru) == ("Beograd", "Белград на Дунае")


def test_the_state_of_a_module_is_set_once_and_then_left_to_its_parties(data: Path) -> None:
    load_reference(data)
    Module.objects.filter(slug="news-exchange").update(state=ModuleState.PAUSED, state_reason_en="Elections")
    load_reference(data)
    module = Module.objects.get(slug="news-exchange")
    assert (module.state, module.state_reason_en) == (ModuleState.PAUSED, "Elections")


def test_parties_that_a_person_chose_for_a_module_stay() -> None:
    load_reference()
    module = Module.objects.get(slug="news-exchange")
    with acting(make_user().pk):
        module.parties.remove(Broadcaster.objects.get(slug="rtv"))
    load_reference()
    assert not module.parties.filter(slug="rtv").exists()


def test_the_signature_of_rtv_stays_announced_without_a_date() -> None:
    load_reference()
    party = Party.objects.get(broadcaster__slug="rtv")
    assert (party.signature_status, party.signed_on) == (SignatureStatus.ANNOUNCED, "")
    assert party.sources.exists()


def test_a_channel_with_a_cap_says_where_the_cap_comes_from() -> None:
    load_reference()
    for channel in Channel.objects.filter(foreign_share_cap_percent__isnull=False):
        assert "source" in channel.note.lower() or "facts" in channel.note, channel.slug


def test_a_broken_file_leaves_nothing_behind(data: Path) -> None:
    rewrite(data, "modules", '"co_production"', '"joint_channel"')
    with pytest.raises(ValidationError, match="joint_channel"):
        load_reference(data)
    assert not Place.objects.exists()


def test_rows_may_stand_in_any_order_in_the_file(data: Path) -> None:
    path = data / "places.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))[::-1]), encoding="utf-8")
    load_reference(data)
    assert Place.objects.get(slug="belgrade").parent.slug == "serbia"


def test_the_command_prints_what_it_did_for_every_model() -> None:
    out = StringIO()
    call_command("load_reference", stdout=out)
    lines = {line.split()[0]: line.split()[1:] for line in out.getvalue().splitlines()[1:]}
    assert lines["Place"] == [str(Place.objects.count()), "0", "0"]
    assert {model.__name__ for model in MODELS} <= lines.keys()


def test_the_glossary_names_every_concept_in_all_four_languages_and_flags_its_doubts():
    load_reference()
    terms = GlossaryTerm.objects.all()
    concepts = set(terms.values_list("concept", flat=True))
    assert len(concepts) == 82
    assert terms.count() == 4 * len(concepts)
    trainer = terms.get(concept="trainer", language="kk")
    assert (trainer.text, trainer.note != "") == ("тренер", True)
    archive = terms.get(concept="archive", language="kk")
    assert (archive.text, archive.variants, archive.doubt) == ("архив", ["мұрағат"], "")
    slug = terms.filter(concept="slug", is_doubtful=True)
    assert set(slug.values_list("language", "doubt")) == {("sr", "rare"), ("kk", "rare"), ("ru", "rare")}
    assert not terms.filter(is_doubtful=True, doubt="").exists()
    assert not terms.filter(text__contains="(").exists()
    assert load_reference()["GlossaryTerm"] == {"unchanged": terms.count()}
