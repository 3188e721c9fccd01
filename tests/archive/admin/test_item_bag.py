"""A bag from the list of items."""

import io
import tarfile

import bagit
import pytest
from django.urls import reverse

from archive.models import PreservationEvent
from tests.archive.factories import make_instantiation, make_item, make_media_file

pytestmark = pytest.mark.django_db


def ask_for_bag(client, *items):
    data = {"action": "download_bag", "_selected_action": [item.pk for item in items]}
    return client.post(reverse("admin:archive_item_changelist"), data, follow=True)


def test_an_archivist_gets_the_masters_of_the_chosen_items_as_one_bag(archivist, signed_in, rts, tmp_path):
    items = [make_item(rts), make_item(rts)]
    for number, item in enumerate(items):
        make_instantiation(item, file=make_media_file(rts, content=b"Master %d" % number, name="master.txt"))
    sent = b"".join(ask_for_bag(signed_in(archivist), *items).streaming_content)
    with tarfile.open(fileobj=io.BytesIO(sent)) as archive:
        archive.extractall(tmp_path / "out", filter="data")
    (bag,) = (tmp_path / "out").iterdir()
    assert bagit.Bag(str(bag)).validate(processes=1)
    assert PreservationEvent.objects.filter(kind="packing").count() == 2


def test_items_of_others_are_not_packed(archivist, signed_in, module, ptrc):
    item = make_item(ptrc, access="public")
    make_instantiation(item, file=make_media_file(ptrc, content=b"Master", name="master.txt"))
    response = ask_for_bag(signed_in(archivist), item)
    assert not response.streaming
    assert not PreservationEvent.objects.filter(kind="packing").exists()
