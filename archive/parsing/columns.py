"""The columns of catalogue tables: what each holds, how cells with several values are written, and its names.

A table is read with our field names or with the names that archivists give the columns in any of the languages. A cell
with several values parts them by ``|``; a value with parts (a credit: role, name, note, record) parts those by ``=``. A
backslash before ``|``, ``=`` or itself takes it literally.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LANGUAGES = ("sr", "kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class Column:
    """``shape`` is text, date, number, words (several), or parts (several with that many parts).

    What is not ``is_read`` is only exported; a changed value there is told, never taken.
    """

    name: str
    shape: str = "text"
    parts: tuple[str, ...] = ()
    is_read: bool = True


COLUMNS: tuple[Column, ...] = (
    Column("uid"),
    Column("identifier"),
    Column("status", is_read=False),
    Column("access", is_read=False),
    Column("validation", is_read=False),
    Column("category"),
    Column("asset_type"),
    *(Column(f"{field}_{language}") for field in ("title", "description") for language in LANGUAGES),
    Column("titles", "parts", ("kind", "language", "text")),
    Column("descriptions", "parts", ("kind", "language", "text")),
    Column("dated", "date"),
    Column("dates", "parts", ("kind", "dated")),
    Column("genres", "words"),
    Column("topics", "words"),
    Column("subjects", "words"),
    Column("speech_languages", "words"),
    Column("subtitle_languages", "words"),
    Column("credit_languages", "words"),
    Column("credits", "parts", ("role", "name", "note", "person")),
    Column("places", "parts", ("relation", "name", "place")),
    Column("identifiers", "parts", ("source", "value")),
    Column("collection"),
    Column("series"),
    Column("parent"),
    Column("expected_children", "number"),
    Column("rights_statement"),
    Column("rights_note"),
    Column("credit_line"),
    Column("source_note"),
    Column(
        "carriers",
        "parts",
        ("kind", "generation", "format", "identifier", "location", "digitised_on", "note"),
        is_read=False,
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}

# What people call columns. Serbian stands in Cyrillic; Latin is folded to the same letters below.
_NAMES = {
    "uid": "uid uuid",
    "identifier": "id identifier inventory_number inv_no ознака идентификатор инвентарни_број сигнатура инв_број "
    "инвентарный_номер шифр инв_номер түгендеу_нөмірі бірегейлендіргіш",
    "category": "категорија категория санат",
    "asset_type": "type kind врста тип вид түрі",
    "title_sr": "наслов naslov назив наслов_sr наслов_на_српском title_serbian serbian_title",
    "title_kk": "тақырып атауы тақырып_kk title_kazakh kazakh_title наслов_на_казашком название_на_казахском",
    "title_ru": "название заглавие заголовок title_russian russian_title наслов_на_руском название_на_русском",
    "title_en": "title name title_english english_title наслов_на_енглеском название_на_английском",
    "description_sr": "опис садржај opis description_serbian опис_на_српском",
    "description_kk": "сипаттама мазмұны description_kazakh",
    "description_ru": "описание содержание аннотация description_russian",
    "description_en": "description summary abstract description_english",
    "titles": "other_titles остали_наслови другие_названия басқа_атаулар",
    "descriptions": "other_descriptions остали_описи другие_описания басқа_сипаттамалар",
    "dated": "date датум дата датирање датировка күні мерзімі",
    "dates": "other_dates остали_датуми другие_даты басқа_күндер",
    "genres": "genre жанр жанрови жанры жанрлар",
    "topics": "topic media_topics теме темы тақырыптар",
    "subjects": "subject keywords кључне_речи ключевые_слова кілт_сөздер",
    "speech_languages": "language languages језик језици язык языки тіл тілдер",
    "subtitle_languages": "subtitles титлови субтитры субтитрлер",
    "credit_languages": "credits_language језик_шпице язык_титров титр_тілі",
    "credits": "people persons особе људи учесници лица персоны адамдар тұлғалар",
    "places": "place место места место_снимања место_съёмки место_съемки орын орындар жер",
    "identifiers": "other_identifiers остале_ознаке другие_номера басқа_нөмірлер",
    "collection": "fonds збирка фонд коллекция қор топтама",
    "series": "серија серијал серия сериясы топтамасы",
    "parent": "part_of део бөлігі часть",
    "expected_children": "expected_parts број_делова число_частей бөлік_саны",
    "rights_statement": "rights права авторско_право авторские_права құқықтар",
    "rights_note": "rights_notes напомена_о_правима примечание_о_правах құқық_туралы_ескерту",
    "credit_line": "потпис подпись қолтаңба",
    "source_note": "provenance source порекло провенијенција происхождение шығу_тегі",
    "status": "статус мәртебесі",
    "access": "приступ доступ қолжетімділік",
    "validation": "провера проверка тексеру",
    "carriers": "instantiations носачи носители тасымалдағыштар",
}
_PUNCTUATION = re.compile(r"[^\w]+")
_LATIN = re.compile("[a-zčćšžđ]")
_TO_CYRILLIC = (
    ("lj", "љ"), ("nj", "њ"), ("dž", "џ"),
    *zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True),
)  # fmt: skip


def header_key(text: str) -> str:
    """How a header is compared: lower case, words parted by one underscore."""
    return _PUNCTUATION.sub("_", text.strip().casefold()).strip("_")


def _cyrillic(key: str) -> str:
    for latin, cyrillic in _TO_CYRILLIC:
        key = key.replace(latin, cyrillic)
    return key


_BY_HEADER = {name: name for name in BY_NAME}
for _name, _words in _NAMES.items():
    for _word in _words.split():
        _BY_HEADER.setdefault(_word, _name)


def column_of(header: str) -> Column | None:
    """The column that a header means, in any language and, for Serbian, in any script."""
    key = header_key(header)
    name = _BY_HEADER.get(key) or (_BY_HEADER.get(_cyrillic(key)) if _LATIN.search(key) else None)
    return BY_NAME.get(name) if name else None


def join(values: Iterable[str], separator: str = "|") -> str:
    return separator.join(_escaped(value) for value in values)


def join_parts(rows: Iterable[Iterable[str]]) -> str:
    """Rows of parts; parts that are empty at a row's end are left out."""
    return "|".join(_row(list(row)) for row in rows)


def _row(values: list[str]) -> str:
    while len(values) > 1 and not values[-1]:
        values.pop()
    return "=".join(_escaped(value) for value in values)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("=", "\\=")


def split(cell: str) -> list[str]:
    """The values of a cell, literally; empty ones are left out."""
    return [value for value in (_plain(part) for part in _parts(cell, "|")) if value]


def split_parts(cell: str, count: int) -> list[list[str]]:
    """Rows of exactly ``count`` parts; what is more belongs to the last."""
    rows = []
    for row in _parts(cell, "|"):
        if not row.strip():
            continue
        values = _parts(row, "=")
        if len(values) > count:
            values = [*values[: count - 1], "=".join(values[count - 1 :])]
        rows.append([_plain(value) for value in values] + [""] * (count - len(values)))
    return rows


def _parts(text: str, separator: str) -> list[str]:
    found, start, position = [], 0, 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if text[position] == separator:
            found.append(text[start:position])
            start = position + 1
        position += 1
    return [*found, text[start:]]


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL).strip()
