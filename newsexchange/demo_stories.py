"""Two stories of the demonstration that come from a desk, with everything a desk can say: a dopesheet and restrictions.

The people, places and events are made up.
"""

from typing import Any

from django.db import transaction

from broadcasters.constants import Area
from broadcasters.models import Module
from mediaexchange.core.models import User
from newsexchange.constants import ContentKind, Platform, ShotAudio, SpeaksAs
from newsexchange.models import Rendition, Restriction, Shot, Soundbite, Story
from newsexchange.services.offer import offer_story
from newsexchange.services.story import publish_story, save_story

FERRY = "demo-ferry"
CONCERT = "demo-concert"

_STORIES: tuple[dict[str, Any], ...] = (
    {
        "slugline": FERRY,
        "kind": ContentKind.VIDEO,
        "duration_ms": 84_000,
        "topics": ["medtop:13000000"],
        "urgency": 4,
        "credit": "РТС",
        "dateline_place": "Земун",
        "headline_sr": "Електрични трајект први пут прешао Дунав",
        "headline_kk": "Электр паром Дунайдан алғаш рет өтті",
        "headline_ru": "Электрический паром впервые пересёк Дунай",
        "headline_en": "Electric ferry crosses the Danube for the first time",
        "summary_sr": "<p>Трајект вози без буке и без дима. Прве недеље вожња је бесплатна.</p>",
        "summary_kk": "<p>Паром дыбыссыз әрі түтінсіз жүреді. Алғашқы аптада жол жүру тегін.</p>",
        "summary_ru": "<p>Паром идёт без шума и дыма. Первую неделю проезд бесплатный.</p>",
        "summary_en": "<p>The ferry runs without noise or smoke. Rides are free in the first week.</p>",
        "body_sr": "<p>У подне је са пристаништа испловио <b>први електрични трајект</b> на реци. На палуби је "
        "било четрдесет путника и два бицикла.</p><p>Возиће на сваких пола сата, од зоре до сумрака.</p>",
        "body_kk": "<p>Түсте айлақтан өзендегі <b>алғашқы электр паром</b> шықты. Палубада қырық жолаушы мен екі "
        "велосипед болды.</p><p>Паром таңнан іңірге дейін жарты сағат сайын жүреді.</p>",
        "body_ru": "<p>В полдень от причала отошёл <b>первый на реке электрический паром</b>. На палубе были сорок "
        "пассажиров и два велосипеда.</p><p>Он будет ходить каждые полчаса, от рассвета до сумерек.</p>",
        "body_en": "<p>At noon the <b>first electric ferry</b> on the river left the landing. On deck were forty "
        "passengers and two bicycles.</p><p>It will run every half hour from dawn to dusk.</p>",
        "shots": (
            {
                "in_ms": 0, "out_ms": 14_000, "audio": ShotAudio.NATURAL, "location": "Земун",
                "description": {
                    "sr": "Трајект на пристаништу, путници улазе.", "kk": "Айлақтағы паром, жолаушылар мініп жатыр.",
                    "ru": "Паром у причала, посадка пассажиров.", "en": "Ferry at the landing, passengers boarding.",
                },
            },
            {
                "in_ms": 14_000, "out_ms": 52_000, "audio": ShotAudio.INTERNATIONAL, "location": "Дунав",
                "description": {
                    "sr": "Снимак из ваздуха: трајект на средини реке.",
                    "kk": "Әуеден түсірілген: паром өзен ортасында.",
                    "ru": "Съёмка с воздуха: паром на середине реки.", "en": "From the air: the ferry in mid-river.",
                },
                "source": "Ваздушни снимци Ђердан",
            },
            {
                "in_ms": 52_000, "out_ms": 84_000, "audio": ShotAudio.NATURAL, "language": "sr",
                "description": {
                    "sr": "Изјава капетана на мосту.", "kk": "Капитанның көпіршедегі сөзі.",
                    "ru": "Капитан говорит на мостике.", "en": "The captain speaks on the bridge.",
                },
            },
        ),
        "soundbites": (
            {
                "in_ms": 55_000, "out_ms": 71_000, "speaker": "Радован Лукић", "language": "sr",
                "speaks_as": SpeaksAs.EXPERT,
                "speaker_role": {"sr": "капетан", "kk": "капитан", "ru": "капитан", "en": "captain"},
                "text": "Најтише је што сам икада возио. Чују се само галебови.",
                "translations": {
                    "kk": "Мұндай тынышын жүргізіп көрген емеспін. Тек шағалалар естіледі.",
                    "ru": "Ничего тише я не водил. Слышны только чайки.",
                    "en": "It is the quietest thing I have ever steered. You only hear the gulls.",
                },
            },
        ),
        "restrictions": (
            {"max_seconds": 60, "no_resale": True},
            {"shot": 1, "is_barred": True, "platforms": [Platform.SOCIAL], "note": "Снимци из ваздуха"},
        ),
    },
    {
        "slugline": CONCERT,
        "kind": ContentKind.VIDEO,
        "duration_ms": 45_000,
        "topics": ["medtop:01000000"],
        "urgency": 6,
        "credit": "РТС",
        "dateline_place": "Нишка Бања",
        "headline_sr": "Хор од сто гласова певао под мостом",
        "headline_kk": "Жүз дауысты хор көпір астында ән салды",
        "headline_ru": "Хор из ста голосов пел под мостом",
        "headline_en": "A choir of a hundred voices sang under a bridge",
        "summary_sr": "<p>Извођачи траже да се снимак не користи у Казахстану пре њихове турнеје.</p>",
        "summary_kk": "<p>Орындаушылар гастрольге дейін жазбаны Қазақстанда пайдаланбауды сұрайды.</p>",
        "summary_ru": "<p>Исполнители просят не использовать запись в Казахстане до гастролей.</p>",
        "summary_en": "<p>The performers ask that the recording not be used in Kazakhstan before their tour.</p>",
        "body_sr": "<p>Сто певача стало је под лук моста јер је тамо најбољи одјек.</p>",
        "body_kk": "<p>Жүз әнші жаңғырық жақсы естілетін көпір аркасының астына тұрды.</p>",
        "body_ru": "<p>Сто певцов встали под арку моста: там лучшее эхо.</p>",
        "body_en": "<p>A hundred singers stood under the arch of the bridge, where the echo is best.</p>",
        "restrictions": ({"is_barred": True, "territories": ["KZ"], "note": "До турнеје"},),
    },
)  # fmt: skip
_ROWS = {"shots": Shot, "soundbites": Soundbite, "renditions": Rendition}


@transaction.atomic
def load_stories(editor: User) -> int:
    """Write and publish them for the editor's broadcaster and offer them under the module; what is there is kept."""
    membership = editor.memberships.select_related("broadcaster").get()
    module = Module.objects.running().filter(area=Area.NEWS_EXCHANGE).first()
    fresh = 0
    for values in _STORIES:
        if Story.objects.filter(broadcaster=membership.broadcaster, slugline=values["slugline"]).exists():
            continue
        fields = {name: value for name, value in values.items() if name not in (*_ROWS, "restrictions")}
        story = save_story(
            Story(broadcaster=membership.broadcaster, language="sr-Cyrl", **fields), actor=editor, changed=set()
        )
        for name, model in _ROWS.items():
            for position, row in enumerate(values.get(name, ())):
                model._default_manager.create(story=story, position=position, **row)
        for row in values.get("restrictions", ()):
            shot = story.shots.get(position=row["shot"]) if "shot" in row else None
            Restriction.objects.create(story=story, **{**row, "shot": shot})
        story = publish_story(story, actor=editor)
        if module is not None:
            offer_story(story, to=[], actor=editor, module=module)
        fresh += 1
    return fresh
