"""Training in the demonstration: one workshop that fills up, one that is over. All people in it are fictional."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from broadcasters.constants import Area, ModuleState
from broadcasters.models import Broadcaster, Module, Place
from broadcasters.services.module import move_module
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record
from training.constants import AttendanceStatus, ConsentPurpose, ConsentRoad, FormKind, NoticeStatus
from training.models import (
    Choice,
    Enrolment,
    FeedbackForm,
    Notice,
    Participant,
    Programme,
    Question,
    Session,
    Trainer,
    Workshop,
)
from training.services.attendance import record_attendance
from training.services.certificate import issue_certificates
from training.services.enrolment import confirm_enrolment, nominate_participant, withdraw_enrolment
from training.services.feedback import answer_form, invite
from training.services.participant import record_consent, save_participant
from training.services.programme import save_programme
from training.services.workshop import move_workshop, save_session, save_workshop, set_quota

COORDINATORS = {"rts": "belgrade-admin", "rtv": "novisad-desk", "ptrc": "astana-training"}
ADMINISTRATOR = "belgrade-admin"
OPEN, OVER = "ai-in-broadcasting-2026", "fact-checking-on-camera"
_REASONS = {
    "sr": "Демонстрационо стање: модул је укључен да би се приказао рад обука.",
    "kk": "Көрсетілім күйі: модуль оқыту жұмысын көрсету үшін қосылған.",
    "ru": "Демонстрационное состояние: модуль включён, чтобы показать работу обучения.",
    "en": "Demonstration state: the module is switched on to show training at work.",
}
# house, name in Cyrillic, name in Latin letters, language
PEOPLE = (
    ("rts", "Ненад Грбић", "", "sr-Cyrl"),
    ("rts", "Љиљана Џелатовић", "", "sr-Cyrl"),
    ("rts", "Ђорђе Његован", "", "sr-Cyrl"),
    ("rts", "Ивана Чворић", "", "sr-Latn"),
    ("rts", "Срђан Млађеновић", "", "sr-Cyrl"),
    ("rts", "Теодора Шћекић", "", "sr-Cyrl"),
    ("rtv", "", "Katalin Szöllősi", "sr-Latn"),
    ("rtv", "Марта Хорњак", "Marta Hornjak", "sr-Latn"),
    ("rtv", "", "Željko Đukanov", "sr-Latn"),
    ("rtv", "Ана Букинац", "", "sr-Cyrl"),
    ("ptrc", "Әйгерім Өтегенова", "Äigerım Ötegenova", "kk"),
    ("ptrc", "Нұрлан Жақсыбеков", "Nūrlan Jaqsybekov", "kk"),
    ("ptrc", "Гүлшат Мұқанқызы", "Gülşat Mūqanqyzy", "kk"),
    ("ptrc", "Арман Қуанышұлы", "Arman Quanyşūly", "kk"),
    ("ptrc", "Жанна Щербинина", "Zhanna Shcherbinina", "ru"),
    ("ptrc", "Руслан Хегай", "Ruslan Khegai", "ru"),
    ("ptrc", "Сәния Іңкәрбек", "Säniia Iñkärbek", "kk"),
    ("ptrc", "Ұлан Һәкімов", "Ūlan Häkimov", "kk"),
)
_PROGRAMME = {
    "name_sr": "Новинарство и вештачка интелигенција",
    "name_kk": "Журналистика және жасанды интеллект",
    "name_ru": "Журналистика и искусственный интеллект",
    "name_en": "Journalism and artificial intelligence",
    "description_sr": "Радионице три куће о алатима, провери и одговорности.",
    "description_kk": "Үш арнаның құралдар, тексеру және жауапкершілік туралы шеберлік сыныптары.",
    "description_ru": "Мастер-классы трёх вещателей об инструментах, проверке и ответственности.",
    "description_en": "Workshops of three houses on tools, verification and responsibility.",
}
_OPEN = {
    "name_sr": "Вештачка интелигенција у радиодифузији",
    "name_kk": "Хабар таратудағы жасанды интеллект",
    "name_ru": "Искусственный интеллект в вещании",
    "name_en": "AI in broadcasting",
    "description_sr": "Титловање, превод и обележавање синтетичког садржаја у свакодневном раду редакције.",
    "description_kk": "Редакцияның күнделікті жұмысында субтитрлеу, аударма және синтетикалық мазмұнды белгілеу.",
    "description_ru": "Субтитры, перевод и маркировка синтетического контента в повседневной работе редакции.",
    "description_en": "Subtitling, translation and the labelling of synthetic content in a newsroom's daily work.",
}
_OVER = {
    "name_sr": "Провера чињеница пред камером",
    "name_kk": "Камера алдында деректерді тексеру",
    "name_ru": "Проверка фактов перед камерой",
    "name_en": "Fact-checking on camera",
}
_TITLES = (
    {"title_sr": "Алати и извори", "title_kk": "Құралдар мен дереккөздер", "title_ru": "Инструменты и источники",
     "title_en": "Tools and sources"},
    {"title_sr": "Провера и обележавање", "title_kk": "Тексеру және белгілеу", "title_ru": "Проверка и маркировка",
     "title_en": "Verification and labelling"},
    {"title_sr": "Рад на прилогу", "title_kk": "Сюжетпен жұмыс", "title_ru": "Работа над сюжетом",
     "title_en": "Working on a report"},
)  # fmt: skip
_FORM = {
    "name_sr": "Шта мислите о радионици?",
    "name_kk": "Шеберлік сыныбы туралы пікіріңіз қандай?",
    "name_ru": "Что вы думаете о мастер-классе?",
    "name_en": "What do you think of the workshop?",
}
_FOLLOW_UP = {
    "name_sr": "Шта сте од тада применили?",
    "name_kk": "Содан бері нені қолдандыңыз?",
    "name_ru": "Что вы применили с тех пор?",
    "name_en": "What have you applied since?",
}


def load_training() -> Iterator[str]:
    """Yields a line about each part. Safe to repeat: what is there is kept. Needs the demo's staff and reference."""
    yield f"Workshops: {_load_all()} new."


@transaction.atomic
def _load_all() -> int:
    module = Module.objects.filter(area=Area.TRAINING).first()
    if module is None or Programme.objects.filter(slug="journalism-and-ai").exists():
        return 0
    if module.state == ModuleState.PROPOSED:
        move_module(module, actor=_user(ADMINISTRATOR), state=ModuleState.ACTIVE, reason=_REASONS["sr"])
        Module.objects.filter(pk=module.pk).update(**{f"state_reason_{code}": text for code, text in _REASONS.items()})
        module.refresh_from_db()
    houses = {house.slug: house for house in Broadcaster.objects.filter(slug__in=COORDINATORS)}
    people = [_person(houses[slug], *names) for slug, *names in PEOPLE]
    programme = save_programme(
        Programme(
            slug="journalism-and-ai", broadcaster=houses["ptrc"], module=module, languages=["kk", "ru", "sr"],
            topics=["ai-in-broadcasting", "fact-checking"], **_PROGRAMME,
        ),
        actor=_user(COORDINATORS["ptrc"]),
    )  # fmt: skip
    forms = _forms(houses["rts"])
    _over(programme, houses["rts"], people, forms)
    _open(programme, houses, people, forms)
    # Nobody is written to about the past of a demonstration.
    Notice.objects.filter(status=NoticeStatus.PENDING).update(status=NoticeStatus.CALLED_OFF)
    return 2


def _open(programme: Programme, houses: dict[str, Broadcaster], people: Sequence[Participant], forms: Any) -> None:
    """Twelve seats: all taken, one on offer, people waiting, two nominations to decide on."""
    host, actor = houses["ptrc"], _user(COORDINATORS["ptrc"])
    workshop = save_workshop(
        Workshop(
            slug=OPEN, programme=programme, broadcaster=host, languages=["kk", "ru", "sr"], time_zone=host.time_zone,
            place=Place.objects.filter(slug="astana").first(), venue="Studio 3", capacity=12,
            online_url="https://meet.example.org/ai", evaluation_form=forms[0], follow_up_form=forms[1], **_OPEN,
        ),
        actor=actor,
    )  # fmt: skip
    _sessions(workshop, actor, day=timezone.now() + timedelta(days=21))
    offices: dict[str, Any] = {
        "office_sr": "предавач", "office_kk": "тренер", "office_ru": "тренер", "office_en": "trainer",
    }  # fmt: skip
    for position, name in enumerate(("Dina Ospan", "Relja Kostić")):
        Trainer.objects.create(workshop=workshop, name=name, position=position, **offices)
    move_workshop(workshop, actor=actor, status="open")
    for slug, seats in (("rts", 5), ("rtv", 4), ("ptrc", 6)):
        set_quota(workshop, houses[slug], actor=actor, seats=seats)
    enrolments = [_nominate(workshop, person) for person in people]
    for enrolment in enrolments[:-2]:
        confirm_enrolment(enrolment, actor=actor)
    first = next(row for row in enrolments if row.participant.broadcaster_id == host.pk)
    withdraw_enrolment(first, actor=actor)


def _over(programme: Programme, host: Broadcaster, people: Sequence[Participant], forms: Any) -> None:
    """Three days, seven people, six certificates, answers to the form."""
    actor = _user(COORDINATORS["rts"])
    workshop = save_workshop(
        Workshop(
            slug=OVER, programme=programme, broadcaster=host, languages=["sr", "ru"], time_zone=host.time_zone,
            place=Place.objects.filter(slug="belgrade").first(), capacity=8, attendance_percent=60,
            evaluation_form=forms[0], follow_up_form=forms[1], **_OVER,
        ),
        actor=actor,
    )  # fmt: skip
    _sessions(workshop, actor, day=timezone.now() + timedelta(days=3))
    move_workshop(workshop, actor=actor, status="open")
    chosen = [people[number] for number in (0, 1, 3, 6, 10, 11, 14)]
    enrolments = [confirm_enrolment(_nominate(workshop, person), actor=actor) for person in chosen]
    move_workshop(workshop, actor=actor, status="running")
    for session in workshop.sessions.all():  # it was held a while ago
        session.starts_at -= timedelta(days=50)
        session.ends_at -= timedelta(days=50)
        save_session(session, actor=actor, changed={"starts_at", "ends_at"})
    for number, session in enumerate(workshop.sessions.select_related("workshop")):
        marks = dict.fromkeys(enrolments, AttendanceStatus.ATTENDED)
        if number:
            marks[enrolments[-1]] = AttendanceStatus.EXCUSED
        if number == 1:
            marks[enrolments[1]] = AttendanceStatus.ABSENT
        record_attendance(session, marks, actor=actor)
    move_workshop(workshop, actor=actor, status="completed")
    issue_certificates(workshop, actor=actor)
    scale, choice, text = forms[0].questions.all()
    options = list(choice.choices.all())
    for number, enrolment in enumerate(enrolments[:6]):
        said = {scale.pk: 5 - number % 3, choice.pk: options[number % 2].pk, text.pk: _said(enrolment)}
        answer_form(invite(enrolment, forms[0]), said)


def _said(enrolment: Enrolment) -> str:
    words = {"kk": "Тәжірибе көбірек болса екен.", "ru": "Хотелось бы больше практики."}
    return words.get(enrolment.participant.language, "Више вежби, молим.")


def _forms(house: Broadcaster) -> tuple[FeedbackForm, FeedbackForm]:
    made = []
    for slug, kind, names in (
        ("workshop-evaluation", FormKind.EVALUATION, _FORM),
        ("workshop-follow-up", FormKind.FOLLOW_UP, _FOLLOW_UP),
    ):
        form = FeedbackForm.objects.create(slug=slug, broadcaster=house, kind=kind, **names)
        _questions(form)
        made.append(form)
    return made[0], made[1]


def _questions(form: FeedbackForm) -> None:
    scale = _texts("Колико вам је користило?", "Қаншалықты пайдалы болды?", "Насколько это было полезно?",
                   "How useful was it?")  # fmt: skip
    Question.objects.create(form=form, kind="scale", position=1, is_required=True, **scale)
    several = _texts("Да ли бисте препоручили колегама?", "Әріптестеріңізге ұсынар ма едіңіз?",
                     "Порекомендовали бы вы это коллегам?", "Would you recommend it to colleagues?")  # fmt: skip
    question = Question.objects.create(form=form, kind="choice", position=2, **several)
    for position, words in enumerate((("Да", "Иә", "Да", "Yes"), ("Можда", "Мүмкін", "Возможно", "Perhaps"))):
        Choice.objects.create(question=question, position=position, **_texts(*words))
    free = _texts("Шта бисте променили?", "Нені өзгертер едіңіз?", "Что бы вы изменили?", "What would you change?")
    Question.objects.create(form=form, kind="text", position=3, **free)


def _texts(*words: str) -> dict[str, Any]:
    return {f"text_{code}": text for code, text in zip(("sr", "kk", "ru", "en"), words, strict=True)}


def _sessions(workshop: Workshop, actor: User, *, day: datetime) -> None:
    """Three days in a row, ten to one by the host's clocks."""
    zone = ZoneInfo(workshop.time_zone)
    first = day.astimezone(zone).date()
    for number, titles in enumerate(_TITLES):
        starts_at = datetime.combine(first + timedelta(days=number), time(10), zone)
        session = Session(workshop=workshop, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), **titles)
        save_session(session, actor=actor)
    refresh_record(workshop)


def _person(house: Broadcaster, cyrillic: str, latin: str, language: str) -> Participant:
    actor = _user(COORDINATORS[house.slug])
    number = Participant.objects.filter(broadcaster=house).count() + 1
    person = save_participant(
        Participant(
            broadcaster=house, name_cyrl=cyrillic, name_latn=latin, language=language,
            email=f"participant{number}@{house.slug}.example.org",
        ),
        actor=actor,
    )  # fmt: skip
    record_consent(person, actor=actor, purpose=ConsentPurpose.PARTICIPATION, road=ConsentRoad.PAPER)
    if number % 2:
        record_consent(person, actor=actor, purpose=ConsentPurpose.FOLLOW_UP, road=ConsentRoad.PAPER)
    return person


def _nominate(workshop: Workshop, person: Participant) -> Enrolment:
    return nominate_participant(workshop, person, actor=_user(COORDINATORS[person.broadcaster.slug]))


def _user(username: str) -> User:
    return User.objects.get(username=username)
