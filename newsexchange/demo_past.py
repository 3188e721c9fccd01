"""What the demonstration's Belgrade gave Astana last month, and a story that both had and Belgrade kills today.

A living agreement has a past: without it obligations would be late from the first minute. All of it is made up.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from broadcasters.constants import Area
from broadcasters.models import Broadcaster, Module
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import User
from newsexchange.constants import RecallKind
from newsexchange.models import Offer, Story, StoryVersion, Take
from newsexchange.services.offer import offer_story, take_offer
from newsexchange.services.recall import recall_story
from newsexchange.services.story import publish_story, save_story

KILLED = "demo-past-lighthouse"
_WRITER, _TAKER = "belgrade-desk", "astana-editor"
_REASON = "Власник снимака повукао је дозволу."
_LANGUAGES = ("sr", "kk", "ru", "en")
# slugline, topic, whether it was taken, headlines, sentences
_STORIES: tuple[tuple[str, str, bool, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        KILLED, "medtop:01000000", True,
        ("Светионик на ушћу добио нову светлост", "Сағадағы шамшырақ жаңа жарыққа ие болды",
         "Маяк в устье получил новый свет", "The lighthouse at the confluence has a new light"),
        ("Види се са оба моста.", "Екі көпірден де көрінеді.", "Его видно с обоих мостов.",
         "It is seen from both bridges."),
    ),
    (
        "demo-past-bakers", "medtop:10000000", True,
        ("Пекари месили хлеб целе ноћи", "Наубайшылар түні бойы нан иледі", "Пекари месили хлеб всю ночь",
         "Bakers kneaded bread all night"),
        ("Ујутру је три стотине векни чекало путнике.", "Таңертең жолаушыларды үш жүз бөлке күтіп тұрды.",
         "Утром пассажиров ждали триста буханок.", "In the morning three hundred loaves awaited the passengers."),
    ),
    (
        "demo-past-storks", "medtop:06000000", True,
        ("Роде одлетеле недељу дана раније", "Ләйлектер бір апта ерте ұшып кетті", "Аисты улетели на неделю раньше",
         "The storks left a week early"),
        ("Бројали су их ученици из три села.", "Оларды үш ауылдың оқушылары санады.",
         "Их считали школьники из трёх сёл.", "Pupils of three villages counted them."),
    ),
    (
        "demo-past-tram", "medtop:13000000", False,
        ("Трамвај без возача пробно обишао круг", "Жүргізушісіз трамвай сынақ айналымын жасады",
         "Трамвай без водителя прошёл пробный круг", "A driverless tram ran a trial lap"),
        ("Путника још нема.", "Әзірге жолаушы жоқ.", "Пассажиров пока нет.", "There are no passengers yet."),
    ),
    (
        "demo-past-atlas", "medtop:05000000", False,
        ("Стари атлас враћен библиотеци", "Ескі атлас кітапханаға қайтарылды", "Старый атлас вернули в библиотеку",
         "An old atlas is back in the library"),
        ("Читалац га је чувао педесет година.", "Оқырман оны елу жыл сақтаған.", "Читатель хранил его пятьдесят лет.",
         "A reader had kept it for fifty years."),
    ),
)  # fmt: skip


@transaction.atomic
def load_past() -> Iterator[str]:
    """Yields a line about it. Safe to repeat. Needs the demo's staff and a running module of news exchange."""
    rts, ptrc = (Broadcaster.objects.get(slug=slug) for slug in ("rts", "ptrc"))
    known = set(Story.objects.filter(broadcaster=rts).values_list("slugline", flat=True))
    module = Module.objects.running().filter(area=Area.NEWS_EXCHANGE, parties=rts).filter(parties=ptrc).first()
    fresh = [row for row in _STORIES if row[0] not in known] if module is not None else []
    for number, row in enumerate(fresh):
        _load(*row, number=number, rts=rts, ptrc=ptrc, module=module)
    yield f"Stories of last month: {len(fresh)} new."


def _load(
    slugline: str, topic: str, was_taken: bool, headlines: tuple[str, ...], sentences: tuple[str, ...], *,
    number: int, rts: Broadcaster, ptrc: Broadcaster, module: Module | None,
) -> None:  # fmt: skip
    """By the services, then moved to where it would have been: they know no past. The kill is of today."""
    writer, taker = (User.objects.get(username=name) for name in (_WRITER, _TAKER))
    texts = {f"headline_{code}": text for code, text in zip(_LANGUAGES, headlines, strict=True)}
    texts |= {f"body_{code}": f"<p>{text}</p>" for code, text in zip(_LANGUAGES, sentences, strict=True)}
    story = Story(broadcaster=rts, language="sr-Cyrl", slugline=slugline, topics=[topic], credit="РТС", **texts)
    story = publish_story(save_story(story, actor=writer, changed=set()), actor=writer)
    (offer,) = offer_story(story, to=[ptrc], actor=writer, module=module)
    then = _last_month(number)
    answered = {}
    if was_taken:
        take = take_offer(offer, actor=taker, accepts_credit=True)
        Take.objects.filter(pk=take.pk).update(taken_at=then + timedelta(hours=2))
        answered["answered_at"] = then + timedelta(hours=2)
    Offer.objects.filter(pk=offer.pk).update(offered_at=then, opened_at=then, **answered)
    StoryVersion.objects.filter(story=story).update(published_at=then)
    Story.objects.filter(pk=story.pk).update(published_at=then, versioned_at=then)
    # Nobody is told today of what was offered last month.
    Notification.objects.filter(kind="newsexchange.offer", subject_uid=offer.uid).delete()
    if slugline == KILLED:
        recall_story(Story.objects.get(pk=story.pk), actor=writer, kind=RecallKind.KILL, reason=_REASON)


def _last_month(number: int) -> datetime:
    """Some noon of the month before this one, by Belgrade's clocks."""
    zone = ZoneInfo("Europe/Belgrade")
    before = timezone.localdate(timezone=zone).replace(day=1) - timedelta(days=1)
    return datetime.combine(before.replace(day=4 + 5 * number), time(12), zone)
