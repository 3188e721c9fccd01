"""News: offered by hand, recalled, not acknowledged in time, asked for and answered."""

from datetime import timedelta

from django.utils import timezone

from mediaexchange.core.inbox.models import Notification
from newsexchange.models import RecallNotice
from newsexchange.notifications import OFFER
from newsexchange.services.recall import recall_story, remind_of_recalls
from newsexchange.services.request import ask_story, decline_request
from tests.factories import make_story, offer, take
from tests.notifications.houses import Houses
from tests.notifications.words import OWN, PARTNER, STORY


def bring_news(houses: Houses) -> None:
    own, partner = houses.own, houses.partner
    told, silent, offered = (make_story(own, **STORY.fields("headline", "body")) for _ in range(3))
    offer(offered, partner)
    houses.told["newsexchange.offer"] = (OWN, STORY)
    for story in (told, silent):
        take(story, partner)
        recall_story(story, actor=None, kind="kill", reason="zz")
    Notification.objects.exclude(subject_uid=offered.offers.get().uid).filter(
        kind=OFFER.code
    ).delete()  # of killed ones
    notices = RecallNotice.objects.order_by("pk")
    houses.told["newsexchange.recall"] = (OWN, *((str(each.recall.story.uid)[:8]) for each in notices[:1]))
    RecallNotice.objects.filter(recall__story=silent).update(due_at=timezone.now() - timedelta(minutes=1))
    remind_of_recalls()
    houses.told["newsexchange.recall-overdue"] = (PARTNER, str(silent.uid)[:8])
    wanted = ask_story(asker=partner, of=own, actor=houses.at_partner("editor"), subject="zzwanted")
    houses.told["newsexchange.request-arrived"] = (PARTNER, "zzwanted")
    decline_request(wanted, actor=houses.at_own("editor"))
    houses.told["newsexchange.request-answered"] = (OWN, "zzwanted")
