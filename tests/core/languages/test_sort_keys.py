import random

import pytest

from mediaexchange.core.languages.sort_keys import sort_key
from mediaexchange.core.languages.tags import SHOWN

ORDERS = {
    "sr": "Ада Алексинац Бачка Ваљево Врање Дрина Ђаково Ечка Жабаљ Зајечар Иванград Ириг Јагодина Косово Лазаревац Љиг"
    " Мајданпек Ниш Њујорк Обреновац Панчево Рашка Сомбор Тител Ћуприја Ужице Фоча Хоргош Цетиње Чачак Џеп Шабац",
    "sr-latn": "Ada Bačka Cetinje Čačak Čukarica Ćuprija Drina Dunav Džep Đakovo Ečka Foča Horgoš Jagodina Lazarevac"
    " Lukovo Ljig Majdanpek Niš Novi Njujork Obrenovac Sombor Šabac Titel Užice Vranje Zaječar Žabalj",
    "kk": "Абай Ақтөбе Арал Әулиеата Балқаш Ваня Галия Ғани Дария Елена Жаңаөзен Зайсан Иса Йога Көкшетау Қарағанды"
    " Қызылорда Леңгір Мақат Наурыз Ңұр Орал Өскемен Павлодар Рудный Семей Тараз Уәли Ұлытау Үстірт Фараби Хромтау Һас"
    " Цой Чехов Шымкент Щучинск Ыбырай Іле Эмба Юлия Ясауи",
    "ru": "Абакан Ейск Елабуга Ёлкино Жуков Йошкар Казань Щёлково Эльба Юрга Яя",
    "en": "Aaron Bern Édouard Frankfurt Łódź London Oslo Øystein Paris Zürich",
}


@pytest.mark.parametrize("language", ORDERS)
def test_names_stand_in_the_order_of_the_alphabet(language: str) -> None:
    names = ORDERS[language].split()
    shuffled = random.Random(7).sample(names, len(names))
    assert sorted(shuffled, key=lambda name: sort_key(name, language).encode()) == names


def test_pairs_that_are_no_digraphs_are_two_letters() -> None:
    in_order = ["Tanasko", "Tanjug", "Tanović", "Tanja"]
    assert sorted(in_order, key=lambda name: sort_key(name, "sr-latn")) == in_order
    assert sort_key("Танјуг", "sr-latn") == sort_key("Tanjug", "sr-latn")
    assert sort_key("Тања", "sr-latn") == sort_key("Tanja", "sr-latn")


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("sr", ["2. програм", "10. програм", "Београд", "Нови Пазар", "Нови Сад", "Новица", "BBC", "北京"]),
        ("en", ["7 News", "24 News", "News", "News 2", "News 10", "news-room", "Newsreel", "Вести", "Қазақстан"]),
        ("kk", ["Ақтау", "ақша", "Қазақстан", "Reuters", "Ђоковић"]),
        ("ru", ["еж", "Еж", "ёж", "ежи", "Reuters", "Қазақ"]),
        ("en", ["resume", "Resume", "résumé", "resumes"]),
    ],
)
def test_spaces_numbers_accents_capitals_and_other_scripts_have_their_place(language: str, in_order: list[str]) -> None:
    shuffled = random.Random(3).sample(in_order, len(in_order))
    assert sorted(shuffled, key=lambda name: sort_key(name, language)) == in_order


@pytest.mark.parametrize("language", SHOWN)
def test_keys_are_ascii_and_the_same_for_both_normal_forms(language: str) -> None:
    for text in ("Čačak", "Cˇ", "Йога", "Й", "Ё", "", " — ", "習", "Ж2026ж", "İzmir", "ﬁ", "٣"):
        assert sort_key(text, language).isascii()
    assert sort_key("Йога", language) == sort_key("Йога", language)


def test_a_language_without_an_alphabet_of_its_own_is_sorted_as_latin() -> None:
    assert sorted(["Zala", "Ács", "Budapest"], key=lambda name: sort_key(name, "hu")) == ["Ács", "Budapest", "Zala"]
