"""One second before an embargo ends and one second after, on every surface where a partner could meet the story."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.test import Client, RequestFactory
from django.utils.translation import override

from broadcasters.admin.desk import desk
from newsexchange.models import Edition, Offer, Restriction, Shot, Story, StoryVersion
from newsexchange.rights import may_use, said
from newsexchange.services.offer import take_offer
from tests.conftest import Caller
from tests.factories import make_key, make_story, make_user, offer

pytestmark = pytest.mark.django_db

CANARY = "kanarinac"
BELGRADE, ALMATY = ZoneInfo("Europe/Belgrade"), ZoneInfo("Asia/Almaty")


class Partner:
    """PTRC with a story of RTS that was offered to it: its developer, a person at its desk, and the public."""

    def __init__(self, rts, ptrc):
        cache.clear()
        self.broadcaster = ptrc
        self.story = make_story(
            rts,
            is_open=True,
            headline_en=f"{CANARY} sings",
            body_en=f"<p>{CANARY}</p>",
            slugline=CANARY,
            shots=[{"description": {"en": CANARY}}],
            restrictions=[{"no_resale": True, "shot": 0, "note": CANARY}],
        )
        offer(self.story, ptrc)
        self.api = Caller(make_key(ptrc))
        self.anybody = Caller()
        self.user = make_user(ptrc, language="en")
        self.browser = Client(raise_request_exception=False)
        self.browser.force_login(self.user, backend="broadcasters.auth.RoleBackend")

    def asks(self, path: str, **query: str) -> bool:
        """Whether the API gives them anything of the story at this address."""
        response = self.api.get(path.replace("{uid}", str(self.story.uid)), **query)
        assert response.status_code in (200, 404), response.content
        return response.status_code == 200 and str(self.story.uid) in response.content.decode()

    def finds(self, path: str) -> bool:
        """Whether an address of the API is there for them."""
        status = self.api.get(path.replace("{uid}", str(self.story.uid))).status_code
        assert status in (200, 404)
        return bool(status == 200)

    def looks_at(self, address: str) -> bool:
        response = self.browser.get(address.replace("{pk}", str(self.story.pk)))
        assert response.status_code in (200, 302, 404)  # what is not there leads back to the list
        return CANARY in response.content.decode()

    def reads_feed(self, extension: str) -> bool:
        self.publish_without_restrictions()
        response = self.anybody.get(f"/feeds/rts/en.{extension}")
        assert response.status_code == 200
        return CANARY in response.content.decode()

    def publish_without_restrictions(self) -> None:
        Restriction.objects.filter(story=self.story).delete()

    def counts(self) -> bool:
        request = RequestFactory().get("/admin/")
        request.user = self.user
        return any("=newsexchange.offers" in card.url for card in desk(request, {})["cards"])

    def takes(self) -> bool:
        response = self.api.post(f"offers/{self.story.offers.get().uid}/take/", {"accepts_credit": True})
        assert response.status_code in (201, 404)
        return bool(response.status_code == 201)


SURFACES: dict[str, Callable[[Partner], bool]] = {
    "API list": lambda partner: partner.asks("stories/"),
    "API list of what may be used": lambda partner: partner.asks("stories/", usable_in="KZ"),
    "API list with all languages": lambda partner: partner.asks("stories/", translations="all"),
    "API detail": lambda partner: partner.asks("stories/{uid}/"),
    "API versions": lambda partner: partner.finds("stories/{uid}/versions/1/"),
    "API editions": lambda partner: partner.finds("stories/{uid}/editions/"),
    "API list of documents": lambda partner: partner.finds("stories/{uid}/documents/"),
    "API document": lambda partner: partner.asks("stories/{uid}/documents/ninjs-3.1/"),
    "API media": lambda partner: partner.finds("stories/{uid}/media/"),
    "API usability": lambda partner: partner.finds("stories/{uid}/usability/"),
    "API restrictions": lambda partner: partner.finds("stories/{uid}/restrictions/"),
    "API changes": lambda partner: partner.asks("changes/"),
    "API offers": lambda partner: partner.asks("offers/"),
    "taking": Partner.takes,
    "RSS": lambda partner: partner.reads_feed("rss"),
    "Atom": lambda partner: partner.reads_feed("atom"),
    "JSON Feed": lambda partner: partner.reads_feed("json"),
    "desk's counts": Partner.counts,
    "page of stories": lambda partner: partner.looks_at("/admin/newsexchange/story/"),
    "search of stories": lambda partner: partner.looks_at("/admin/newsexchange/story/?q=sings"),
    "page of the story": lambda partner: partner.looks_at("/admin/newsexchange/story/{pk}/change/"),
    "page of its version": lambda partner: partner.looks_at("/admin/newsexchange/story/{pk}/version/1/"),
    "page of offers": lambda partner: partner.looks_at("/admin/newsexchange/offer/?which=to-answer"),
    "rows of stories": lambda partner: Story.objects.visible_to(partner.user).exists(),
    "rows of versions": lambda partner: StoryVersion.objects.visible_to(partner.user).exists(),
    "rows of editions": lambda partner: Edition.objects.visible_to(partner.user).exists(),
    "rows of shots": lambda partner: Shot.objects.visible_to(partner.user).exists(),
    "rows of restrictions": lambda partner: Restriction.objects.visible_to(partner.user).exists(),
    "rows of offers": lambda partner: Offer.objects.visible_to(partner.user).exists(),
    "one decision": lambda partner: may_use(partner.story, partner.broadcaster).is_allowed,
    "decision in SQL": lambda partner: Story.objects.usable_in(partner.broadcaster).exists(),
}


def ends_in(story: Story, seconds: int) -> None:
    """By the database's clock, which is the one that counts."""
    Story.objects.filter(pk=story.pk).update(embargoed_until=Now() + timedelta(seconds=seconds))


def is_still_on(story: Story) -> bool:
    return Story.objects.filter(pk=story.pk, embargoed_until__gt=Now()).exists()


@pytest.mark.parametrize("surface", SURFACES)
def test_a_second_before_it_is_nowhere_and_a_second_after_it_is_there(rts, ptrc, surface):
    partner = Partner(rts, ptrc)
    for _attempt in range(10):  # a slow machine may need more than the second: then the question was asked too late
        ends_in(partner.story, 1)
        is_seen = SURFACES[surface](partner)
        if is_still_on(partner.story):
            break
    else:
        pytest.fail("No answer came within the second.")
    assert not is_seen
    ends_in(partner.story, -1)
    assert SURFACES[surface](partner)


def test_a_hold_without_date_is_an_embargo_on_every_surface(rts, ptrc):
    partner = Partner(rts, ptrc)
    Story.objects.filter(pk=partner.story.pk).update(is_held=True)
    assert [name for name, sees in SURFACES.items() if sees(partner)] == []


def test_the_origin_sees_its_own_story_under_embargo(rts, ptrc):
    partner = Partner(rts, ptrc)
    ends_in(partner.story, 3600)
    belgrade = Caller(make_key(rts))
    assert belgrade.get(f"stories/{partner.story.uid}/").status_code == 200
    assert Story.objects.usable_in(rts).exists()


@pytest.mark.parametrize(("month", "hour"), [(1, "22:00"), (7, "21:00")])
def test_six_in_the_evening_in_belgrade_is_ten_or_nine_at_night_in_almaty(rts, ptrc, month, hour):
    moment = datetime(2027, month, 15, 18, tzinfo=BELGRADE)
    assert f"{moment.astimezone(ALMATY):%H:%M}" == hour
    story = make_story(rts, embargoed_until=moment)
    offer(story, ptrc)
    before, after = moment - timedelta(seconds=1), moment + timedelta(seconds=1)
    refused = may_use(story, ptrc, at=before)
    assert not refused.is_allowed
    with override("en"):
        assert f"{hour} (Asia/Almaty)" in said(refused.reasons, ptrc)[0]["message"]
    assert may_use(story, ptrc, at=after).is_allowed
    assert not Story.objects.usable_in(ptrc, at=before).exists()
    assert Story.objects.usable_in(ptrc, at=after).exists()


def test_a_take_under_embargo_stays_hidden_from_its_taker(rts, ptrc):
    partner = Partner(rts, ptrc)
    take_offer(partner.story.offers.get(), actor=partner.user, accepts_credit=True)
    ends_in(partner.story, 3600)
    assert partner.api.get("takes/").json()["results"] == []
