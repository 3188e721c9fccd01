"""The demonstration as its people walk it: Almaty reads, asks, takes and loses a story of Belgrade."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Download, expect

from broadcasters.models import Broadcaster
from mediaexchange.core.models import User
from newsexchange.demo import load_demo
from newsexchange.demo_stories import CONCERT, FERRY
from newsexchange.models import RecallNotice, Story, Take
from newsexchange.services.offer import decline_offer, take_offer
from productions.models import BudgetCategory, Currency, RuleSet, Stage, StageMove, Theme
from productions.money_seed import seed_money
from productions.seed import seed
from tests.browser.desk import DESKTOP, PHONE, Desk
from tests.factories import make_delivery, make_subscription

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_ON_A_PHONE = {"desk", "story", "translation", "shots", "reciprocity"}
_REASON = "Прилог је објављен грешком."
_KAZAKH = set("әғқңөұүі")


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """The whole demonstration, its key's text kept away from anybody's own."""
    monkeypatch.setenv("MEDIAEXCHANGE_DATA", str(tmp_path))
    # What migrations have written is gone once another test has emptied the tables.
    seed(Stage, StageMove, Theme, RuleSet)
    seed_money(Currency, BudgetCategory)
    list(load_demo(""))


def test_almaty_reads_a_refusal_takes_a_story_and_loses_it_again(open_desk, demo, tmp_path):
    ferry, concert = Story.objects.get(slugline=FERRY), Story.objects.get(slugline=CONCERT)
    editor = open_desk("ru").enter(User.objects.get(username="astana-editor"))
    almaty = open_desk("kk").enter(User.objects.get(username="astana-desk"))
    belgrade = open_desk("sr").enter(User.objects.get(username="belgrade-desk"))

    _finds_what_may_be_used(editor)
    _reads_the_refusal(editor, concert)
    _takes(editor, ferry)
    documents = [_reads_the_ninjs(editor, ferry, tmp_path), _reads_the_dopesheet(editor, ferry, tmp_path)]

    belgrade.open_record(ferry)
    belgrade.start_deed("recall")
    belgrade.page.locator('input[name="kind"][value="kill"]').check()
    belgrade.page.locator('textarea[name="reason"]').fill(_REASON)
    belgrade.confirm_deed()
    belgrade.hears("The story is recalled.")
    belgrade.picture("belgrade-has-killed")

    _acknowledges(almaty)
    _sees_the_acknowledgement(belgrade, ferry)
    for desk in (editor, almaty):
        _has_nothing_left(desk, ferry, documents)


def _finds_what_may_be_used(desk: Desk) -> None:
    desk.go(reverse("admin:index"))
    expect(desk.page.locator("html")).to_have_attribute("lang", "ru")
    desk.picture("desk")
    desk.open_list("story")
    ferry = desk.rows.filter(has_text="Электрический паром впервые пересёк Дунай")
    choir = desk.rows.filter(has_text="Хор из ста голосов")
    expect(ferry).to_have_count(1)
    expect(choir).to_have_count(1)
    desk.picture("stories")
    _choose_usable(desk)
    expect(ferry).to_have_count(1)
    expect(choir).to_have_count(0)
    desk.picture("usable-in-kazakhstan")


def _choose_usable(desk: Desk) -> None:
    desk.page.locator('a[x-on\\:click="filterOpen = true"]').click()
    filters = desk.page.locator("#filter-form")
    filters.locator('select[name="usable"]').select_option(label="Казахстан", force=True)
    filters.locator("button[type=submit]").click()
    desk.page.wait_for_url("**usable=ptrc*")


def _reads_the_refusal(desk: Desk, concert: Story) -> None:
    desk.open_list("story")
    desk.rows.filter(has_text="Хор из ста голосов").get_by_role("link").first.click()
    box = desk.page.locator("#usability")
    expect(box).to_contain_text("Казахстан")
    expect(box).to_contain_text(desk.text("not allowed"))
    expect(box.locator("li")).to_contain_text("Использование запрещено на территориях: Казахстан.")
    assert "лучшее эхо" not in desk.page.content()
    desk.picture("why-not")
    assert desk.status_of(_document(concert, "ninjs-3.1", "ru")) == 302


def _takes(desk: Desk, ferry: Story) -> None:
    desk.open_record(ferry)
    desk.picture("ferry")
    desk.open_tab(desk.text("Dopesheet"))
    desk.picture("ferry-dopesheet")
    desk.start_deed("take")
    desk.picture("terms")
    desk.confirm_deed()
    desk.hears("Taking a story means accepting the duty to credit its source.")
    desk.page.locator('input[name="accepts_credit"]').check()
    desk.confirm_deed()
    desk.hears("The story is taken.")
    desk.picture("taken")
    taken = Take.objects.get(story=ferry)
    assert (taken.story, taken.broadcaster.slug) == (ferry, "ptrc")


def _document(story: Story, name: str, tag: str) -> str:
    return reverse("admin:newsexchange_story_document", args=[story.pk, name]) + f"?lang={tag}"


def _downloads(desk: Desk, address: str) -> Download:
    with desk.page.expect_download() as downloading:
        desk.page.locator(f'#documents a[href="{address}"]').click()
    return downloading.value


def _reads_the_ninjs(desk: Desk, ferry: Story, path: Path) -> str:
    address = _document(ferry, "ninjs-3.1", "kk")
    download = _downloads(desk, address)
    download.save_as(path / "ferry.json")
    document = json.loads((path / "ferry.json").read_text("utf-8"))
    assert document["language"] == "kk"
    assert any("Дунайдан алғаш рет өтті" in each["value"] for each in document["headlines"])
    return address


def _reads_the_dopesheet(desk: Desk, ferry: Story, path: Path) -> str:
    address = _document(ferry, "dopesheet-pdf", "kk")
    download = _downloads(desk, address)
    download.save_as(path / "ferry.pdf")
    assert download.suggested_filename.endswith("-kk.pdf")
    assert (path / "ferry.pdf").read_bytes().startswith(b"%PDF-")
    if reader := shutil.which("pdftotext"):
        words = subprocess.run([reader, path / "ferry.pdf", "-"], capture_output=True, check=True, text=True).stdout
        assert "Айлақтағы паром" in re.sub(r"\s+", " ", words)
        assert set(words.lower()) >= _KAZAKH
    return address


def _acknowledges(desk: Desk) -> None:
    desk.go(reverse("admin:index"))
    card = desk.page.locator(".mx-card", has_text=desk.text("Recalls to acknowledge"))
    expect(card.locator(".mx-card-count")).to_have_text("2")  # one has waited since the demonstration began
    desk.picture("almaty-is-told")
    card.click()
    notice = desk.rows.filter(has_text=_REASON)
    expect(notice).to_have_count(1)
    desk.picture("almaty-reads-why")
    notice.get_by_role("link").first.click()
    desk.start_deed("acknowledge")
    desk.hears("Acknowledged: the story is gone here.")
    desk.picture("almaty-has-acknowledged")


def _sees_the_acknowledgement(desk: Desk, ferry: Story) -> None:
    notices = RecallNotice.objects.select_related("recall", "broadcaster")
    notice = notices.get(broadcaster__slug="ptrc", recall__story=ferry)
    assert notice.acknowledged_at
    desk.open_record(notice.recall)
    row = desk.page.locator(".mx-table tbody tr", has_text=notice.broadcaster.name_sr)
    expect(row).to_contain_text(desk.text("acknowledged"))
    expect(row).to_contain_text(desk.clock(notice.acknowledged_at))
    desk.picture("belgrade-sees-when")


def _has_nothing_left(desk: Desk, ferry: Story, documents: list[str]) -> None:
    desk.open_list("story")
    expect(desk.rows.filter(has_text=re.compile("паром|трајект", re.I))).to_have_count(0)
    for noun, query in (("offer", "?which=all"), ("take", "")):
        desk.open_list(noun, query)
        expect(desk.rows.filter(has_text=re.compile("паром|трајект", re.I))).to_have_count(0)
    desk.picture("gone")
    for address in documents:
        assert desk.status_of(address) == 404
    # Its page is answered like one that never was.
    answer = desk.page.request.get(desk.origin + reverse("admin:newsexchange_story_change", args=[ferry.pk]))
    assert answer.status == 404
    assert not re.search("паром|трајект", answer.text(), re.I)


@pytest.mark.parametrize("language", ["kk", "sr-latn"])
def test_the_pages_of_the_exchange_are_fit_to_be_seen(open_desk, demo, language):
    """Pictures for people to look at; no page is wider than its window, on a phone neither."""
    ferry = Story.objects.get(slugline=FERRY)
    rts, ptrc = ferry.broadcaster, Broadcaster.objects.get(slug="ptrc")
    offered = Story.objects.get(slugline=CONCERT).offers.get(to_broadcaster__slug="rtv")
    decline_offer(offered, actor=User.objects.get(username="novisad-desk"))
    taken = take_offer(
        ferry.offers.get(to_broadcaster=ptrc), actor=User.objects.get(username="astana-desk"), accepts_credit=True
    )
    assert taken.story == ferry
    subscription = make_subscription(rts, topics=["medtop:13000000"], languages=["sr-Cyrl", "kk"])
    make_subscription(rts, destination="drop", url="", folder="partner/sport", formats=["ninjs-3.1"])
    delivery = make_delivery(subscription, subject_uid=ferry.uid)
    make_delivery(subscription, kind="recall.overdue", subject_type="recall")
    desk = open_desk(language, timezone_id="Europe/Belgrade").enter(User.objects.get(username="belgrade-desk"))

    story = [ferry.pk]
    addresses = {
        "desk": reverse("admin:index"),
        "story": reverse("admin:newsexchange_story_change", args=story),
        "translation": reverse("admin:newsexchange_story_translation", args=[ferry.pk, "kk"]),
        "shots": reverse("admin:newsexchange_story_shots", args=story),
        "soundbites": reverse("admin:newsexchange_story_soundbites", args=story),
        "restrictions": reverse("admin:newsexchange_story_restrictions", args=story),
        "renditions": reverse("admin:newsexchange_story_renditions", args=story),
        "reciprocity": reverse("admin:newsexchange_reciprocity"),
        "subscriptions": reverse("admin:newsexchange_subscription_changelist"),
        "subscription": reverse("admin:newsexchange_subscription_change", args=[subscription.pk]),
        "new-subscription": reverse("admin:newsexchange_subscription_add"),
        "deliveries": reverse("admin:newsexchange_delivery_changelist"),
        "delivery": reverse("admin:newsexchange_delivery_change", args=[delivery.pk]),
    }
    too_wide = set()
    for name, address in addresses.items():
        for size, window in (("desktop", DESKTOP), ("phone", PHONE)):
            if size == "phone" and name not in _ON_A_PHONE:
                continue
            desk.page.set_viewport_size(window)
            desk.go(address)
            desk.picture(f"{name}-{size}")
            if desk.excess_width() > 0:
                too_wide.add((name, size))
    assert not too_wide
