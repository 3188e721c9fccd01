"""The columns of as-run logs and audience tables, and what playout systems and people call them in our languages."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

_SAID = {
    "channel": "channel; station; kanal; канал; stanica; станица; телеканал; арна; телеарна",
    "date": "date; broadcast date; on air date; datum; датум; dan; дан; datum emitovanja; датум емитовања; дата; "
    "дата эфира; дата выхода; күн; күні; эфир күні; first day; starts on; prvi dan; први дан; первый день; бірінші күн",
    "start": "start; start time; started at; begin; beginning; time; on air; on air time; actual start; vreme; време; "
    "početak; почетак; vreme početka; време почетка; stvarni početak; стварни почетак; начало; время; время начала; "
    "время выхода; фактическое начало; уақыт; уақыты; басталуы; басталу уақыты",
    "end": "end; end time; ended at; kraj; крај; završetak; завршетак; vreme završetka; време завршетка; конец; "
    "окончание; время окончания; аяқталуы; аяқталу уақыты; соңы",
    "until": "until; to; last day; ends on; do; до; poslednji dan; последњи дан; по; последний день; соңғы күн",
    "duration": "duration; length; actual duration; trajanje; трајање; dužina; дужина; продолжительность; "
    "длительность; хронометраж; ұзақтығы; ұзақтық",
    "duration_minutes": "minutes; duration minutes; duration min; minuta; минута; minuti; минути; trajanje min; "
    "трајање мин; минуты; минут; длительность мин; минуттар; ұзақтығы мин",
    "duration_seconds": "seconds; duration seconds; duration s; sekunde; секунде; sekundi; секунди; trajanje s; "
    "трајање с; секунды; секунд; длительность с; секундтар; ұзақтығы с",
    "duration_ms": "milliseconds; duration ms",
    "title": "title; programme; program; programme title; program title; name; naslov; наслов; naziv; назив; emisija; "
    "емисија; naziv emisije; назив емисије; program emisija; название; передача; программа; название передачи; атауы; "
    "бағдарлама; тақырып; тақырыбы; хабар",
    "language": "language; jezik; језик; язык; тіл; тілі",
    "origin": "origin; producer; made by; poreklo; порекло; proizvođač; произвођач; производство; происхождение; "
    "производитель; өндіруші; шығарушы; шыққан жері",
    "reference": "reference; subject; subject uid; uid; urn; story; material; material id; referenca; референца; vest; "
    "вест; materijal; материјал; ссылка; материал; номер материала; сілтеме; материал нөмірі",
    "programme_id": "programme id; program id; house id; house number; production number; id emisije; ид емисије; "
    "šifra; шифра; šifra emisije; шифра емисије; kućni broj; кућни број; код передачи; номер передачи; "
    "бағдарлама коды; бағдарлама нөмірі",
    "offset": "offset; utc offset; pomeraj; померај; razlika od utc; разлика од utc; смещение; смещение от utc; "
    "utc ауытқуы",
    "measure": "measure; metric; mera; мера; pokazatelj; показатељ; показатель; көрсеткіш",
    "value": "value; figure; vrednost; вредност; значение; мәні; мән",
    "unit": "unit; jedinica; јединица; единица; бірлік; өлшем бірлігі",
    "source": "source; measured by; izvor; извор; источник; дереккөз",
    "method": "method; metoda; метода; метод; әдіс; әдісі",
    "as_of": "as of; stand; stanje na dan; стање на дан; по состоянию на; на дату; күніне",
    "reach": "reach; rch; doseg; досег; охват; қамту",
    "share": "share; shr; share percent; udeo; удео; доля; үлес; үлесі",
    "average": "average; average audience; amr; tvr 000; prosečna gledanost; просечна гледаност; средняя аудитория; "
    "орташа аудитория",
    "views": "views; pregledi; прегледи; просмотры; қаралым; қаралымдар",
    "unique_users": "unique users; unique viewers; users; jedinstveni korisnici; јединствени корисници; "
    "уникальные пользователи; бірегей пайдаланушылар",
}
_MARKS = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[\W_]+")

AIRING_FIELDS = (
    "channel", "date", "start", "end", "duration", "duration_minutes", "duration_seconds", "duration_ms", "title",
    "language", "origin", "reference", "programme_id", "offset",
)  # fmt: skip
MEASURES = ("reach", "share", "average", "views", "unique_users")
AUDIENCE_FIELDS = (
    "channel", "date", "start", "until", "language", "reference", "offset", "measure", "value", "unit", "source",
    "method", "as_of", *MEASURES,
)  # fmt: skip
FIELDS = {"airings": AIRING_FIELDS, "audience": AUDIENCE_FIELDS}


def folded(name: str) -> str:
    """A heading as it is compared: lower case, without marks, points and lines."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "dj"))
    return " ".join(_BETWEEN.sub(" ", _MARKS.sub("", plain)).split())


def column_of(heading: str, kind: str = "") -> str:
    """The field of this heading, by our name or by what people call it; "" for one that nobody knows."""
    field = _known().get(folded(heading), "")
    return field if not kind or field in FIELDS[kind] else ""


def guess(header: Sequence[str], kind: str) -> dict[str, str]:
    """Place of a column → its field; of two columns of one field the first."""
    mapping: dict[str, str] = {}
    for place, heading in enumerate(header):
        field = column_of(heading, kind)
        if field and field not in mapping.values():
            mapping[str(place)] = field
    return mapping


def lacking(mapping: dict[str, str], kind: str, *, has_channel: bool, has_source: bool) -> list[str]:
    """Fields that a table of this kind cannot do without; of alternatives the first is named."""
    named = set(mapping.values())
    wanted: list[tuple[str, ...]] = []
    if kind == "airings":
        wanted = [("start",), ("title", "reference"), _LENGTHS] + ([] if has_channel else [("channel",)])
    else:
        wanted = [("value", *MEASURES), ("reference", "channel", "date", "start")]
        if "value" in named and not named & set(MEASURES):
            wanted.append(("measure",))
        if not has_source:
            wanted.append(("source",))
    return [choices[0] for choices in wanted if not named & set(choices)]


_LENGTHS = ("duration", "end", "duration_minutes", "duration_seconds", "duration_ms")


@cache
def _known() -> dict[str, str]:
    known = {folded(name.strip()): field for field, names in _SAID.items() for name in names.split(";")}
    return known | {folded(field): field for field in _SAID}
