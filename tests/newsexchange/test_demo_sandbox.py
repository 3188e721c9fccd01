"""The demonstration's sandbox: a developer reads, takes, writes and offers there, and no partner sees any of it."""

import pytest
from django.core.cache import cache

from mediaexchange.core.models import ApiKey
from newsexchange.demo import KEYS, _load_key, _stored_key
from newsexchange.demo_sandbox import load_sandbox
from newsexchange.models import Offer, Story
from tests.conftest import Caller
from tests.factories import make_key, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def developer(tmp_path, monkeypatch, ptrc) -> Caller:
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    cache.clear()
    make_place()
    assert (load_sandbox(), load_sandbox()) == (2, 0)
    for name in KEYS:
        _load_key(name)
    return Caller(_stored_key("sandbox"))


def test_each_key_is_made_once_and_stays(developer):
    texts = {name: _stored_key(name) for name in KEYS}
    for name in KEYS:
        _load_key(name)
    assert {name: _stored_key(name) for name in KEYS} == texts
    assert len(set(texts.values())) == ApiKey.objects.count() == 2


def test_a_developer_takes_writes_and_offers_and_no_partner_sees_any_of_it(developer, rts, ptrc):
    offered, _other = developer.get("offers/", direction="received", status="open").json()["results"]
    assert developer.post(f"offers/{offered['uid']}/take/", {"accepts_credit": True}).status_code == 201
    texts = {"sr": {"headline": "Проба", "body": "<p>Проба</p>"}}
    own = developer.post("stories/", {"language": "sr-Cyrl", "texts": texts}).json()["uid"]
    assert developer.post(f"stories/{own}/publish/").status_code == 200
    assert developer.post(f"stories/{own}/offer/", {"to": ["sandbox-partner"]}).status_code in (200, 201)
    assert (Story.objects.count(), Offer.objects.count()) == (3, 3)
    for house in (rts, ptrc):
        partner = Caller(make_key(house))
        assert partner.get("stories/").json()["results"] == []
        assert partner.get("offers/").json()["results"] == []
        assert partner.get("changes/").json()["results"] == []
    listed = developer.get("airings/", channel="sandbox")
    assert listed.status_code == 200
