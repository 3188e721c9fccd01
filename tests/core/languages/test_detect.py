import subprocess
import sys
from pathlib import Path

import pytest

from mediaexchange.core.languages.detect import LETTERS, detect_language

ROOT = Path(__file__).parents[3]

TEXTS = {
    "sr": "Народна скупштина данас расправља о буџету за наредну годину, а после подне о другим предлозима.",
    "sr-latn": "Narodna skupstina danas raspravlja o budzetu, a posle podne i o predlozima koji su na dnevnom redu.",
    "kk": "Премьер министр жиналыста биылгы бюджет туралы айтып, жаңа жоспар мен оның мерзімі туралы баяндады.",
    "ru": "Правительство представило парламенту проект бюджета на будущий год, сообщает агентство.",
    "en": "The government has presented the draft budget for the coming year to parliament, the agency reports.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_our_languages_are_told_apart(language: str) -> None:
    assert detect_language(TEXTS[language]) == language


def test_croatian_and_bosnian_count_as_serbian_in_latin_script() -> None:
    assert detect_language("Predsjednik vlade je u nedjelju izjavio da su mjere za gospodarstvo na snazi.") == "sr-latn"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026 ???",
        "Вести дана",
        "Novak",
        "Reuters BBC CNN",
        "Владата на Република Северна Македонија денеска ја донесе одлуката за пензиите и за платите.",
        "Правителството на България прие днес решение за увеличаване на пенсиите от следващата година.",
        "Уряд України ухвалив рішення про підвищення пенсій із наступного року, повідомляє агентство.",
        "Кыргыз Өкмөтү бүгүн пенсияларды көбөйтүү жөнүндө чечим кабыл алды деп билдирди агенттик.",
        "Președintele României a declarat astăzi că guvernul va majora pensiile de anul viitor.",
        "Die Regierung hat heute beschlossen, die Renten im kommenden Jahr deutlich zu erhöhen.",
        "Hükümet bugün emekli maaşlarının gelecek yıldan itibaren artırılmasına karar verdi.",
        "A magyar kormány ma úgy döntött, hogy jövőre jelentősen megemeli a nyugdíjakat.",
        "Le gouvernement a décidé aujourd'hui d'augmenter les retraites à partir de l'année prochaine.",
        "Vlada Republike Slovenije je danes sprejela odločitev o zvišanju pokojnin za prihodnje leto.",
    ],
)
def test_other_languages_and_short_texts_stay_undetermined(text: str) -> None:
    assert detect_language(text) == ""


def test_markup_and_addresses_say_nothing() -> None:
    assert detect_language("<p class='the and of'>https://example.com/the/of/and/is/for/with</p> 24") == ""


def test_a_short_text_is_believed_only_by_its_letters() -> None:
    text = "Ђаци у школи"
    assert len(text) < LETTERS
    assert detect_language(text) == "sr"


def test_processes_that_answer_requests_never_load_the_detector() -> None:
    code = (
        "import sys\n"
        "import mediaexchange.wsgi\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "from django.contrib import admin\n"
        "admin.autodiscover()\n"
        "print('lingua' in sys.modules)\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "mediaexchange.settings.test", "PATH": "/usr/bin:/bin"}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split()[-1] == "False"
