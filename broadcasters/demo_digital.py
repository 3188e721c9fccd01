"""Digital development, a review and minutes in the demonstration: made up, and said to be so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from broadcasters.constants import Area, GuidelineKind, InitiativeKind, InitiativeState, ModuleState, Verdict
from broadcasters.models import (
    Broadcaster,
    Guideline,
    GuidelineVersion,
    Initiative,
    InitiativeMilestone,
    Memorandum,
    Minutes,
    Module,
    ModuleReview,
    Result,
)
from broadcasters.services.guideline import adopt_version, save_guideline, save_version
from broadcasters.services.initiative import (
    move_initiative,
    reach_milestone,
    save_initiative,
    save_milestone,
    save_result,
)
from broadcasters.services.minutes import approve_minutes, save_minutes
from broadcasters.services.module import move_module
from broadcasters.services.review import save_review
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.models import User

ADMINISTRATOR = "belgrade-admin"
_LANGUAGES = ("sr", "kk", "ru", "en")
_STARTED = ("Техничари обе куће су спремни", "Екі үйдің техниктері дайын", "Техники обоих домов готовы",
            "The technicians of both houses are ready")  # fmt: skip
_PLAYER = ("Један плејер на четири језика", "Төрт тілдегі бір плеер", "Один плеер на четырёх языках",
           "One player in four languages")  # fmt: skip
_SPEECH = ("Говор у текст за архивске снимке", "Мұрағат жазбаларындағы сөзді мәтінге айналдыру",
           "Речь в текст для архивных записей", "Speech to text for archive footage")  # fmt: skip
_SUMMARIES = {
    "player": (
        "Заједнички плејер показује титлове на језику гледаоца.",
        "Ортақ плеер субтитрлерді көрерменнің тілінде көрсетеді.",
        "Общий плеер показывает субтитры на языке зрителя.",
        "A shared player shows subtitles in the viewer’s language.",
    ),
    "speech": (
        "Снимци добијају транскрипте које прегледа човек.", "Жазбалар адам тексеретін мәтін алады.",
        "Записи получают расшифровки, которые проверяет человек.", "Footage gets transcripts that a person reviews.",
    ),
}  # fmt: skip
# initiative, owner, days from today, reached, titles
_MILESTONES = (
    ("player", "rts", -60, True, ("Пробни пренос", "Сынақ трансляциясы", "Пробная трансляция", "Trial stream")),
    ("player", "ptrc", -9, False,
     ("Титлови на казашком", "Қазақша субтитрлер", "Субтитры на казахском", "Subtitles in Kazakh")),
    ("player", "rts", 40, False, ("Јавна проба", "Көпшілік сынағы", "Открытое испытание", "Public trial")),
    ("speech", "ptrc", 25, False,
     ("Сто сати транскрипата", "Жүз сағат мәтін", "Сто часов расшифровок", "A hundred hours of transcripts")),
)  # fmt: skip
_RULES = (
    "Свака употреба вештачке интелигенције се наводи. Садржај који је она направила носи ознаку. Одговара човек.",
    "Жасанды интеллектінің әр қолданылуы көрсетіледі. Ол жасаған мазмұн таңбаланады. Адам жауап береді.",
    "Каждое применение искусственного интеллекта указывается. Созданное им помечается. Отвечает человек.",
    "Every use of artificial intelligence is declared. What it has made is marked. A person answers for it.",
)
_RULES_NAMED = ("Изјава о употреби вештачке интелигенције", "Жасанды интеллектіні қолдану туралы мәлімдеме",
                "Заявление об использовании искусственного интеллекта", "Declaration on the use of AI")  # fmt: skip
_RESULT = ("Гледаоци пробног преноса", "Сынақ трансляциясының көрермендері", "Зрители пробной трансляции",
           "Viewers of the trial stream")  # fmt: skip


def load_digital() -> Iterator[str]:
    """Yields a line about them. Safe to repeat: what is there is kept. Needs the demo's staff and modules."""
    yield f"Initiatives of digital development: {_load()} new."


@transaction.atomic
def _load() -> int:
    module = _start()
    if module is None or Initiative.objects.filter(slug__in=("demo-player", "demo-speech")).exists():
        return 0
    houses = {slug: Broadcaster.objects.get(slug=slug) for slug in ("rts", "ptrc")}
    people = {name: User.objects.get(username=name) for name in ("belgrade-producer", "astana-producer")}
    made = {
        "player": _initiative("player", _PLAYER, InitiativeKind.STREAMING, module, houses, people),
        "speech": _initiative("speech", _SPEECH, InitiativeKind.AI, module, houses, people),
    }
    today = timezone.localdate()
    for name, house, days, is_reached, titles in _MILESTONES:
        milestone = save_milestone(
            InitiativeMilestone(
                initiative=made[name], owner=houses[house], planned_on=today + timedelta(days=days),
                **_said("title", titles),
            ),
            actor=None,
        )  # fmt: skip
        if is_reached:
            reach_milestone(milestone, actor=people["belgrade-producer"], actual_on=milestone.planned_on)
    move_initiative(made["player"], actor=None, state=InitiativeState.RUNNING, reason=_STARTED[0])
    save_result(
        Result(
            initiative=made["player"], value=1240, unit="viewers", as_of=today - timedelta(days=58),
            source="Demonstration", **_said("title", _RESULT),
        ),
        actor=None,
    )  # fmt: skip
    _guideline(module, made["speech"], houses)
    _review(houses["rts"])
    _minutes(houses)
    # Nobody is written to about the past of a demonstration.
    Notification.objects.filter(kind__startswith="broadcasters.", mail__isnull=True).update(mail_due_at=None)
    return len(made)


def _start() -> Module | None:
    """The running module of digital development; None where there is none."""
    module = Module.objects.filter(area=Area.DIGITAL_DEVELOPMENT).order_by("pk").first()
    if module is not None and module.state == ModuleState.PROPOSED:
        administrator = User.objects.get(username=ADMINISTRATOR)
        move_module(module, actor=administrator, state=ModuleState.ACTIVE, reason=_STARTED[0])
        Module.objects.filter(pk=module.pk).update(**_said("state_reason", _STARTED))
        module.refresh_from_db()
    return module if module is not None and module.is_running else None


def _initiative(
    name: str, titles: tuple[str, ...], kind: str, module: Module, houses: dict[str, Broadcaster],
    people: dict[str, User],
) -> Initiative:  # fmt: skip
    today = timezone.localdate()
    return save_initiative(
        Initiative(
            slug=f"demo-{name}", module=module, kind=kind, starts_on=today - timedelta(days=90),
            ends_on=today + timedelta(days=120), **_said("name", titles), **_said("summary", _SUMMARIES[name]),
        ),
        actor=None,
        owners=[
            {"broadcaster": houses["rts"], "responsible": people["belgrade-producer"]},
            {"broadcaster": houses["ptrc"], "responsible": people["astana-producer"]},
        ],
    )  # fmt: skip


def _guideline(module: Module, initiative: Initiative, houses: dict[str, Broadcaster]) -> None:
    guideline = save_guideline(
        Guideline(
            slug="demo-ai-use", module=module, initiative=initiative, kind=GuidelineKind.AI_USE,
            **_said("name", _RULES_NAMED),
        ),
        actor=None,
    )  # fmt: skip
    version = save_version(GuidelineVersion(guideline=guideline, **_said("text", _RULES)), actor=None)
    adopt_version(version, actor=None, broadcaster=houses["rts"], adopted_on=timezone.localdate() - timedelta(days=30))


def _review(house: Broadcaster) -> None:
    module = Module.objects.filter(area=Area.NEWS_EXCHANGE, parties=house).order_by("pk").first()
    if module is None or module.reviews.exists():
        return
    today = timezone.localdate()
    review = ModuleReview(
        module=module, broadcaster=house, first_on=today - timedelta(days=180), last_on=today - timedelta(days=1),
        staff="enough", budget="strained", kit="enough", verdict=Verdict.KEEP,
        verdict_reason="Вести из Астане се гледају; буџет за превод је тесан. (Измишљено.)",
    )  # fmt: skip
    figures: list[dict[str, Any]] = [
        {"measure": "reach", "value": 48000, "language": "sr", "source": "Demonstration", "as_of": today},
        {"measure": "share", "value": "1.80", "language": "kk", "source": "Demonstration", "as_of": today},
    ]
    save_review(
        review, actor=None, demand=figures, evidence=[{"indicator": "stories-offered", "broadcaster": house}]
    )  # fmt: skip


def _minutes(houses: dict[str, Broadcaster]) -> None:
    memorandum = Memorandum.objects.filter(slug="ptrc-rts").first()
    if memorandum is None or memorandum.minutes.exists():
        return
    today = timezone.localdate()
    minutes = save_minutes(
        Minutes(
            memorandum=memorandum, language="sr-Cyrl", held_on=today - timedelta(days=20),
            **_said("title", (
                "Консултације о дигиталном развоју (измишљено)",
                "Цифрлық даму туралы консультациялар (ойдан шығарылған)",
                "Консультации о цифровом развитии (вымышлено)", "Consultation on digital development (invented)",
            )),
            **_said("venue", ("Видео-веза", "Бейнебайланыс", "Видеосвязь", "By video")),
        ),
        actor=None,
        participants=[
            {"broadcaster": houses["rts"], "name": "Стана Ковач", "office": "администратор"},
            {"broadcaster": houses["ptrc"], "name": "Гүлнар Бекова", "office": "администратор"},
        ],
        items=[
            {
                **_said("topic", (
                    "Титлови на казашком", "Қазақша субтитрлер", "Субтитры на казахском", "Subtitles in Kazakh",
                )),
                **_said("decision", (
                    "Астана их припрема за јавну пробу.", "Оларды Астана ашық сынаққа дайындайды.",
                    "Астана готовит их к открытому испытанию.", "Astana prepares them for the public trial.",
                )),
                "owner": houses["ptrc"], "responsible": "Аружан Төлегенова", "due_on": today + timedelta(days=10),
            },
            {
                **_said("topic", ("Следећи састанак", "Келесі кездесу", "Следующая встреча", "Next meeting")),
                **_said("decision", (
                    "У Астани, на пролеће.", "Астанада, көктемде.", "В Астане, весной.", "In Astana, in spring.",
                )),
            },
        ],
    )  # fmt: skip
    approve_minutes(minutes, actor=User.objects.get(username=ADMINISTRATOR), broadcaster=houses["rts"])


def _said(field: str, texts: tuple[str, ...]) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in zip(_LANGUAGES, texts, strict=True)}
