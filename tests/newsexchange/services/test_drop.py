import errno
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mediaexchange.core.errors import ConflictError
from mediaexchange.core.stores import DiskStore
from newsexchange.constants import DeliveryStatus, Destination, RecallKind, Road
from newsexchange.models import Delivery, LeftFolder, Receipt, Restriction, Story, Subscription
from newsexchange.services.claiming import claim_due
from newsexchange.services.drop import drop_due
from newsexchange.services.fanout import fan_out
from newsexchange.services.offer import withdraw_offer
from newsexchange.services.recall import recall_story, restore_story
from newsexchange.services.replay_delivery import replay_deliveries
from newsexchange.services.story import save_story
from newsexchange.services.subscription import change_subscription, delete_subscription
from tests.factories import make_embargoed_story, make_story, make_user, offer
from tests.stores import disk_stores, files_below

pytestmark = pytest.mark.django_db
FOLDER = "ptrc/in"


@pytest.fixture(autouse=True)
def drops(tmp_path, settings):
    """The folder of PTRC's subscription."""
    disk_stores(settings, tmp_path)
    return tmp_path / "drops" / FOLDER


@pytest.fixture
def subscription(ptrc):
    return Subscription.objects.create(broadcaster=ptrc, name="in", destination=Destination.DROP, folder=FOLDER)


def deliver():
    fan_out()
    drop_due()


def update(story, **changes):
    for name, value in changes.items():
        setattr(story, name, value)
    return save_story(story, actor=make_user(story.broadcaster), changed=set(changes))


def endings(drops, story):
    return {name.removeprefix(str(story.uid)) for name in files_below(drops) if name.startswith(str(story.uid))}


def status_of(subscription):
    return list(subscription.deliveries.order_by("position").values_list("status", flat=True))


def test_a_story_is_left_in_each_of_its_languages_with_a_list(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    assert endings(drops, story) == {"-sr-Cyrl.json", "-sr-Latn.json", "-en.json", ".json"}
    document = json.loads((drops / f"{story.uid}-sr-Latn.json").read_bytes())
    assert document["headlines"][0]["value"] == "Otvorena nova biblioteka"
    listed = json.loads((drops / f"{story.uid}.json").read_bytes())
    assert (listed["uid"], listed["version"]) == (str(story.uid), 1)
    assert {item["language"] for item in listed["files"]} == {"sr-Cyrl", "sr-Latn", "en"}
    assert set(status_of(subscription)) == {DeliveryStatus.DELIVERED}
    assert Receipt.objects.filter(story=story, broadcaster=ptrc, road=Road.DROP).exists()


def test_formats_and_languages_are_the_subscriptions(subscription, rts, ptrc, drops):
    subscription.formats, subscription.languages = ["newsml-g2", "ninjs-3.1", "ninjs-2.2"], ["en", "kk"]
    subscription.save()
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    assert endings(drops, story) == {"-en.xml", "-en.json", "-en.ninjs-2.2.json", ".json"}


def test_without_text_in_a_wanted_language_the_fallback_is_named_as_what_it_is(subscription, rts, ptrc, drops):
    subscription.languages = ["kk"]
    subscription.save()
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    # Nothing asked for exists and the filter lets it pass only by its original: nothing is claimed to be Kazakh.
    assert not any("kk" in name for name in files_below(drops))


def test_a_new_version_replaces_the_old_one_under_the_same_name(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    update(story, headline_en="A second library opens")
    deliver()
    assert (
        json.loads((drops / f"{story.uid}-en.json").read_bytes())["headlines"][0]["value"] == "A second library opens"
    )
    assert json.loads((drops / f"{story.uid}.json").read_bytes())["version"] == 2
    assert len(files_below(drops)) == 4


def test_a_language_that_is_gone_leaves_no_file(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    update(story, headline_en="", body_en="", summary_en="")
    deliver()
    assert endings(drops, story) == {"-sr-Cyrl.json", "-sr-Latn.json", ".json"}


@pytest.mark.parametrize("kind", [RecallKind.KILL, RecallKind.WITHHOLD])
def test_a_recall_takes_out_every_version_and_language_ever_left(kind, subscription, rts, ptrc, drops):
    story, other = make_story(rts), make_story(rts)
    offer(story, ptrc)
    offer(other, ptrc)
    deliver()
    update(story, headline_kk="Жаңа кітапхана", body_kk="<p>Мәтін</p>")
    deliver()
    update(story, headline_en="", body_en="")
    subscription.formats = ["ninjs-2.2"]  # what was left in other formats is found too
    subscription.save()
    (drops / f".{story.uid}-kk.json.0123").write_text("left by a killed process")
    recall_story(story, actor=None, kind=kind, reason="Погрешан снимак")
    deliver()
    assert files_below(drops) == sorted(
        [f"{story.uid}.recall.json", *(name for name in files_below(drops) if name.startswith(str(other.uid)))]
    )
    assert endings(drops, other) >= {"-en.json"}
    note = json.loads((drops / f"{story.uid}.recall.json").read_bytes())
    assert (note["event"], note["recall_kind"], note["reason"]) == ("story.recalled", kind, "Погрешан снимак")
    assert "library" not in json.dumps(note)


def test_a_recall_before_the_first_delivery_leaves_no_text(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    recall_story(story, actor=None, kind="kill", reason="wrong")
    drop_due()
    deliver()
    assert endings(drops, story) <= {".recall.json"}


def test_a_story_made_usable_again_comes_back_without_its_recall(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    recall_story(story, actor=None, kind="withhold", reason="being checked")
    deliver()
    restore_story(story, actor=make_user(rts))
    offer(story, ptrc)
    deliver()
    assert endings(drops, story) == {"-sr-Cyrl.json", "-sr-Latn.json", "-en.json", ".json"}


def test_nothing_embargoed_is_left(subscription, rts, ptrc, drops):
    offer(make_embargoed_story(rts), ptrc)
    deliver()
    assert files_below(drops) == []


def test_an_embargo_between_queue_and_delivery_holds(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    Story.objects.filter(pk=story.pk).update(embargoed_until=timezone.now() + timedelta(hours=1))
    drop_due()
    assert files_below(drops) == []
    assert set(status_of(subscription)) == {DeliveryStatus.CANCELED}


def test_a_right_that_ends_takes_the_files_out_with_the_next_event(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    Restriction.objects.create(story=story, territories=["KZ"], is_barred=True)
    update(story, headline_en="Changed")
    deliver()
    assert endings(drops, story) == {".recall.json"}


def test_delivering_again_changes_no_byte(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    before = {name: (drops / name).read_bytes() for name in files_below(drops)}
    Delivery.objects.update(status=DeliveryStatus.PENDING, finished_at=None)
    drop_due()
    assert {name: (drops / name).read_bytes() for name in files_below(drops)} == before


def test_a_delivery_whose_lease_was_lost_writes_nothing(subscription, rts, ptrc, drops, monkeypatch):
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()

    def sleepy(*arguments, **options):
        claimed = claim_due(*arguments, **options)
        Delivery.objects.filter(pk__in=[item.pk for item in claimed]).update(leased_until=timezone.now())
        Delivery.objects.update(due_at=timezone.now() + timedelta(hours=1))
        return claimed

    monkeypatch.setattr("newsexchange.services.drop.claim_due", sleepy)
    drop_due()
    assert files_below(drops) == []


@pytest.mark.parametrize("folder", ["../outside", "/etc/cron.d", "a/../../b", "a//b", ".hidden", "a/./b", "a\\..\\b"])
def test_a_folder_that_leads_elsewhere_is_never_written_to(folder, subscription, rts, ptrc, tmp_path):
    Subscription.objects.filter(pk=subscription.pk).update(folder=folder)
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    assert files_below(tmp_path) == []
    assert set(status_of(subscription)) == {DeliveryStatus.CANCELED}


def test_a_full_disk_is_tried_again_later_and_leaves_nothing_half(subscription, rts, ptrc, drops, settings, tmp_path):
    disk_stores(settings, tmp_path, backend="tests.stores.FullDisk")
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    assert files_below(tmp_path) == []
    delivery = subscription.deliveries.order_by("position").first()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 1)
    assert "No space" in delivery.error
    disk_stores(settings, tmp_path)
    Delivery.objects.update(due_at=timezone.now())
    Subscription.objects.update(open_until=None)
    drop_due()
    assert f"{story.uid}.json" in files_below(drops)


def test_a_store_that_fails_while_files_are_taken_out_is_tried_again(subscription, rts, ptrc, drops, monkeypatch):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()

    def refuse(*_arguments):
        raise OSError(errno.EIO, "Input/output error")

    recall_story(story, actor=None, kind="kill", reason="wrong")
    monkeypatch.setattr(DiskStore, "delete", refuse)
    deliver()
    assert status_of(subscription)[-1] == DeliveryStatus.PENDING
    monkeypatch.undo()
    Delivery.objects.update(due_at=timezone.now())
    drop_due()
    assert endings(drops, story) == {".recall.json"}


def pause(subscription):
    change_subscription(subscription, actor=make_user(subscription.broadcaster), is_active=False)


def disable(subscription):
    Subscription.objects.update(disabled_at=timezone.now())


def leave_the_exchange(subscription):
    type(subscription.broadcaster).objects.filter(pk=subscription.broadcaster_id).update(is_active=False)


def move(subscription):
    change_subscription(subscription, actor=make_user(subscription.broadcaster), folder="ptrc/elsewhere")


def remove(subscription):
    delete_subscription(subscription, actor=make_user(subscription.broadcaster))


@pytest.mark.parametrize("deed", [pause, disable, leave_the_exchange, move, remove])
def test_a_recall_finds_what_was_left_for_a_subscription_at_rest_moved_or_removed(deed, subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    deed(subscription)
    recall_story(Story.objects.get(), actor=None, kind=RecallKind.KILL, reason="")
    deliver()
    assert endings(drops, story) <= {".recall.json"}


def test_a_folder_is_emptied_of_what_we_left_and_of_nothing_else(subscription, rts, ptrc, drops):
    offer(make_story(rts), ptrc)
    deliver()
    (drops / "below").mkdir()
    for name in ("readme.txt", "below/theirs.json"):
        (drops / name).write_text("the subscriber's own")
    move(subscription)
    drop_due()
    assert sorted(files_below(drops)) == ["below/theirs.json", "readme.txt"]


def test_a_paused_folder_gets_no_news(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    pause(subscription)
    deliver()
    assert files_below(drops) == []


def test_a_withdrawn_offer_takes_nothing_out_of_the_origins_own_folder(subscription, rts, ptrc, drops):
    subscription.broadcaster = rts
    subscription.save()
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    withdraw_offer(story.offers.get(), actor=make_user(rts))
    update(Story.objects.get(), embargoed_until=timezone.now() + timedelta(days=1))
    deliver()
    assert endings(drops, story) == {"-sr-Cyrl.json", "-sr-Latn.json", "-en.json", ".json"}


def test_an_old_recall_sent_again_takes_nothing_out_that_may_lie_there_now(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    recall_story(story, actor=None, kind="withhold", reason="being checked")
    deliver()
    recalled = subscription.deliveries.get(event__kind="story.recalled")
    restore_story(story, actor=make_user(rts))
    offer(story, ptrc)
    deliver()
    assert replay_deliveries([recalled.uid], actor=make_user(ptrc)) == 1
    drop_due()
    recalled.refresh_from_db()
    assert recalled.status == DeliveryStatus.DELIVERED
    assert endings(drops, story) == {"-sr-Cyrl.json", "-sr-Latn.json", "-en.json", ".json"}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_the_store(rts, ptrc, drops, monkeypatch):
    subscription = Subscription.objects.create(broadcaster=ptrc, name="in", destination=Destination.DROP, folder=FOLDER)
    calls = []

    def watched(name):
        real = getattr(DiskStore, name)

        def call(store, *arguments):
            assert not connection.in_atomic_block
            calls.append(name)
            return real(store, *arguments)

        return call

    for name in ("put", "names", "delete", "purge"):
        monkeypatch.setattr(DiskStore, name, watched(name))
    first, second = make_story(rts), make_story(rts)
    offer(first, ptrc)
    offer(second, ptrc)
    deliver()
    recall_story(first, actor=None, kind="kill", reason="")
    deliver()
    move(subscription)
    drop_due()
    assert set(calls) == {"put", "names", "delete", "purge"}
    assert files_below(drops) == []


def test_what_a_sleeper_writes_after_its_lease_is_put_right(subscription, rts, ptrc, drops, monkeypatch):
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    put = DiskStore.put

    def sleep_over_a_recall(store, name, content):
        """The other worker finds an ended lease, and a recall that has come meanwhile."""
        monkeypatch.setattr(DiskStore, "put", put)
        Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        recall_story(story, actor=None, kind="kill", reason="")
        deliver()
        assert endings(drops, story) == {".recall.json"}
        put(store, name, content)

    monkeypatch.setattr(DiskStore, "put", sleep_over_a_recall)
    drop_due()
    drop_due()
    assert endings(drops, story) == {".recall.json"}


def test_what_is_written_while_the_folder_moves_ends_in_the_new_one(subscription, rts, ptrc, drops, monkeypatch):
    story = make_story(rts)
    offer(story, ptrc)
    fan_out()
    put = DiskStore.put

    def move_first(store, name, content):
        monkeypatch.setattr(DiskStore, "put", put)
        move(subscription)
        put(store, name, content)

    monkeypatch.setattr(DiskStore, "put", move_first)
    drop_due()
    assert files_below(drops) == []
    assert endings(drops.parent / "elsewhere", story) == {"-sr-Cyrl.json", "-sr-Latn.json", "-en.json", ".json"}


def test_a_folder_that_is_left_is_emptied_twice_and_given_to_nobody_meanwhile(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    move(subscription)
    drop_due()
    with pytest.raises(ConflictError, match="emptied"):
        change_subscription(subscription, actor=make_user(ptrc), folder=FOLDER)
    (drops / f"{story.uid}-en.json").write_text("written by a straggler")
    LeftFolder.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    drop_due()
    assert files_below(drops) == []
    change_subscription(subscription, actor=make_user(ptrc), folder=FOLDER)


def test_a_folder_that_cannot_be_emptied_now_is_emptied_later(subscription, rts, ptrc, drops, monkeypatch):
    offer(make_story(rts), ptrc)
    deliver()
    remove(subscription)

    def refuse(*_arguments):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(DiskStore, "names", refuse)
    drop_due()
    assert len(files_below(drops)) == 4
    monkeypatch.undo()
    drop_due()
    assert files_below(drops) == []


def test_a_left_folder_that_leads_elsewhere_holds_up_nobody_and_empties_nothing(subscription, rts, ptrc, drops):
    story = make_story(rts)
    offer(story, ptrc)
    deliver()
    before = files_below(drops)
    for folder in ("../outside", "ptrc/./in", "ptrc/in/"):
        LeftFolder.objects.create(folder=folder)
    drop_due()
    assert files_below(drops) == before
    assert not LeftFolder.objects.filter(emptied_at__isnull=True).exists()
