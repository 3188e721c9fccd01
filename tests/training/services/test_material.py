import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mediaexchange.core.errors import DomainError, ForbiddenError
from tests.archive.factories import PNG
from tests.conftest import Caller
from tests.factories import make_broadcaster, make_key
from tests.training.factories import enrol, make_coordinator, make_workshop
from training.models import Material
from training.services.enrolment import withdraw_enrolment
from training.services.material import add_material
from training.tokens import person_address

pytestmark = pytest.mark.django_db
TITLES = {"title_en": "Slides", "title_sr": "Слајдови"}


@pytest.fixture
def slides(workshop, host):
    return add_material(workshop, actor=host, titles=TITLES, stream=io.BytesIO(PNG), name="slides.png")


def test_a_material_lies_in_the_archives_store_and_is_read_by_the_parties(slides, workshop, astana):
    address = f"workshops/{workshop.slug}/materials/{slides.uid}/link"
    link = astana.get(address).json()
    assert b"".join(astana.client.get(link["url"]).streaming_content) == PNG
    (shown,) = astana.get(f"workshops/{workshop.slug}/", lang="sr-Latn").json()["materials"]
    assert (shown["title"], shown["content_type"]) == ("Slajdovi", "image/png")
    stranger = Caller(make_key(make_broadcaster("rtv")))
    assert stranger.get(address).status_code == 404


def test_a_link_dies_with_the_leave_to_see_the_workshop(slides, workshop, astana, ptrc):
    link = astana.get(f"workshops/{workshop.slug}/materials/{slides.uid}/link").json()
    workshop.programme.module.parties.remove(ptrc)
    assert astana.client.get(link["url"]).status_code == 404


def test_whoever_has_a_seat_reads_it_on_their_own_page(slides, workshop):
    enrolment = enrol(workshop)
    client = Client(raise_request_exception=False)
    page = person_address(enrolment.participant)
    assert str(slides.uid) in client.get(page).content.decode()
    response = client.get(f"{page}/materials/{slides.uid}")
    assert b"".join(response.streaming_content) == PNG
    assert response.headers["Content-Disposition"] == 'attachment; filename="slides.png"'
    withdraw_enrolment(enrolment, actor=None)
    assert client.get(f"{page}/materials/{slides.uid}").status_code == 404


def test_a_material_is_a_file_or_an_address_and_the_hosts(workshop, host, sender):
    with pytest.raises(DomainError, match="file or an address"):
        add_material(workshop, actor=host, titles=TITLES)
    with pytest.raises(DomainError, match="name"):
        add_material(workshop, actor=host, titles={"title_en": " "}, url="https://example.org/")
    with pytest.raises(ForbiddenError):
        add_material(workshop, actor=sender, titles=TITLES, url="https://example.org/")
    link = add_material(workshop, actor=host, titles=TITLES, url="https://example.org/read")
    client = Client()
    client.force_login(host, backend="broadcasters.auth.RoleBackend")
    found = client.get(f"/api/v1/workshops/{workshop.slug}/materials/{link.uid}/link/").json()
    assert found == {"url": "https://example.org/read", "expires_at": None}


def test_the_coordinator_brings_a_file_from_the_desk(rts):
    workshop = make_workshop(rts)
    client = Client()
    client.force_login(make_coordinator(rts), backend="broadcasters.auth.RoleBackend")
    address = reverse("admin:training_workshop_material", args=[workshop.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"title_sr": "Слајдови", "file": SimpleUploadedFile("s.png", PNG)})
    assert Material.objects.get().file.content_type == "image/png"
    refused = client.post(address, {"title_sr": "Ништа"})
    assert refused.status_code == 200
    assert Material.objects.count() == 1
