"""Single values as archives write them → ours: dates, languages, durations, timecodes, rates, vocabulary words."""

import re
from fractions import Fraction

# ISO 639-2/T and /B, and names, as PBCore wants three letters and old catalogues write words.
_THREE = {
    "srp": "sr", "scc": "sr", "kaz": "kk", "rus": "ru", "eng": "en", "hun": "hu", "slk": "sk", "slo": "sk", "ron": "ro",
    "rum": "ro", "hrv": "hr", "scr": "hr", "bos": "bs", "sqi": "sq", "alb": "sq", "mkd": "mk", "mac": "mk", "slv": "sl",
    "bul": "bg", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "ita": "it", "spa": "es", "tur": "tr", "ukr": "uk",
    "uzb": "uz", "kir": "ky", "tat": "tt", "uig": "ug", "zho": "zh", "chi": "zh", "ara": "ar", "pol": "pl", "ces": "cs",
    "cze": "cs", "ell": "el", "gre": "el", "por": "pt", "nld": "nl", "dut": "nl", "jpn": "ja", "kor": "ko",
}  # fmt: skip
_WORDS = {
    "serbian": "sr", "srpski": "sr", "српски": "sr", "сербский": "sr", "kazakh": "kk", "қазақша": "kk",
    "казахский": "kk",     "russian": "ru", "русский": "ru", "руски": "ru", "орысша": "ru",
    "english": "en", "engleski": "en", "енглески": "en",     "английский": "en", "ағылшынша": "en",
    "serbo-croatian": "sh", "srpskohrvatski": "sh", "српскохрватски": "sh",
}  # fmt: skip
THREE_OF = {two: three for three, two in reversed(_THREE.items())} | {"sh": "hbs"}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")

_YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|21[0-9]{2})"
_DOTTED = re.compile(rf"([0-3]?[0-9])\s*[./]\s*([01]?[0-9])\s*[./]\s*({_YEAR})\.?")
_SLASHED_YEAR = re.compile(rf"({_YEAR})[./]([01]?[0-9])(?:[./]([0-3]?[0-9]))?")
_MONTH_YEAR = re.compile(rf"([01]?[0-9])[./]({_YEAR})\.?")
_MOMENT = re.compile(rf"({_YEAR}-[01][0-9]-[0-3][0-9])[T ].*")
_COMPACT = re.compile(rf"({_YEAR})([01][0-9])([0-3][0-9])")
_LOOSE = re.compile(rf"({_YEAR})-([0-9])(?:-([0-9]{{1,2}}))?|({_YEAR})-([01][0-9])-([0-9])")
_SPAN = re.compile(rf"({_YEAR})\s*[-–—]\s*({_YEAR})\.?")
_DECADE = re.compile(r"(1[0-9]{2}|20[0-9])0(?:'?s|-?(?:их|те|е|х|ih|te))\.?")
_ABOUT = re.compile(r"(?:circa|ca\b\.?|c\b\.?|about|approx\.?|око|oko|около|ок\.|шамамен)\s*(.+)", re.IGNORECASE)
_SHAMAMEN = re.compile(r"(.+?)\s*(?:шамасында|шамасы)", re.IGNORECASE)
_WITH_WORD = re.compile(
    rf"({_YEAR})\.?\s*(?:г\.?|год|г\.г\.|година|године|godina|godine|god\.?|ж\.?|жыл|жылы)\.?", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\[(.+?)\]")
_UNKNOWN = frozenset({
    "unknown", "n/a", "na", "n.d.", "nd", "s.d.", "undated", "none", "?", "-", "непознато", "nepoznato", "неизвестно",
    "белгісіз", "без датума", "bez datuma", "без даты", "0000-00-00", "0000",
})  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate((
        "january jan јануар januar января январь қаңтар",  # codespell:ignore
        "february feb фебруар februar февраля февраль ақпан",  # codespell:ignore
        "march mar март mart марта наурыз",
        "april apr април апреля апрель сәуір",
        "may мај maj мая май мамыр",
        "june jun јун juni јуни июня июнь маусым",  # codespell:ignore
        "july jul јул juli јули июля июль шілде",  # codespell:ignore
        "august aug август avgust августа тамыз",
        "september sep sept септембар septembar сентября сентябрь қыркүйек",
        "october oct октобар oktobar октября октябрь қазан",
        "november nov новембар novembar ноября ноябрь қараша",
        "december dec децембар decembar декабря декабрь желтоқсан",
    ), 1)
    for name in names.split()
}  # fmt: skip
_WITH_UNIT = re.compile(
    r"([1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9][0-9 \u00a0\u202f]{0,18})(?:[.,]([0-9]{1,6}))?"
    r"\s*([^\W\d_/]*\.?(?:/[sс](?:ec|ек)?)?)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(k|kilo|к|m|mega|м|g|giga|г)?(?:hz|hertz|гц|b|bits?|бит|samples?)"
    r"(?:ps|\s*(?:/|per)\s*(?:s|sec|seconds?|с|сек|samples?|pixels?|channels?))?\.?",
    re.IGNORECASE,
)
_BYTES = re.compile(r"[KMGkmg]?B(?:ps|/s(?:ec)?)?\.?")
_MULTIPLES = {"": 1, "k": 1000, "к": 1000, "m": 10**6, "м": 10**6, "g": 10**9, "г": 10**9}
_DAY_MONTH = re.compile(rf"([0-3]?[0-9])\.?\s+([^\W\d_]+)\.?,?\s+({_YEAR})", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"([^\W\d_]+)\.?\s+([0-3]?[0-9])(?:st|nd|rd|th)?,\s*({_YEAR})", re.IGNORECASE)
_MONTH_ALONE = re.compile(rf"([^\W\d_]+)\.?,?\s+({_YEAR})", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9})|[:;](\d{2,3}))?")
_ISO_DURATION = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:[.,](\d{1,9}))?S)?)?", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(\d{1,15})(?:[.,](\d{1,9}))?\s*(ms|milliseconds?|s|sec\.?|seconds?|min\.?|minutes?|мин\.?|с\.?|сек\.?)?",
    re.IGNORECASE,
)
_TIMECODE = re.compile(r"(\d\d):([0-5]\d):([0-5]\d)([:;.,])(\d\d)")
_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_SIZE = re.compile(r"(\d{1,6})\s*[x×X*]\s*(\d{1,6})")
_RATIO = re.compile(r"(\d{1,5})\s*[:/]\s*(\d{1,5})|(\d(?:[.,]\d{1,4})?)(?::1)?")
_NTSC = {"23.976": (24000, 1001), "23.98": (24000, 1001), "29.97": (30000, 1001), "59.94": (60000, 1001),
         "47.952": (48000, 1001), "119.88": (120000, 1001)}  # fmt: skip


def language_tag(text: str) -> str:
    """A BCP 47 tag in its usual spelling; "" for none and for nonsense."""
    text = text.strip()
    lower = text.lower()
    if lower in _WORDS:
        return _WORDS[lower]
    if not _TAG.fullmatch(text) or len(text) > 35:
        return ""
    first, *rest = re.split("[-_]", text)
    spelled = [part.title() if len(part) == 4 and part.isalpha() else part.upper() if len(part) == 2 else part
               for part in rest]  # fmt: skip
    return "-".join((_THREE.get(first.lower(), first.lower()), *spelled))


def language_tags(text: str) -> list[str]:
    """Several, however parted; what is none is left out."""
    return list(dict.fromkeys(filter(None, (language_tag(part) for part in re.split(r"[;,/|\s]+", text)))))


def edtf(text: str) -> str:
    """What a date means as EDTF, or the text itself if nobody can tell; "XXXX" for words that say "unknown"."""
    text = " ".join(text.split())
    if not text or text.lower() in _UNKNOWN:
        return "XXXX" if text else ""
    if bracketed := _IN_BRACKETS.fullmatch(text):
        inside = edtf(bracketed[1])
        return inside if inside.endswith(("?", "~", "%")) or "/" in inside or inside == "XXXX" else f"{inside}?"
    if about := _ABOUT.fullmatch(text) or _SHAMAMEN.fullmatch(text):
        inside = edtf(about[1])
        return inside if inside.endswith(("?", "~", "%")) or "/" in inside else f"{inside}~"
    if match := _MOMENT.fullmatch(text):
        return match[1]
    if match := _COMPACT.fullmatch(text):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := _DOTTED.fullmatch(text):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    if match := _SLASHED_YEAR.fullmatch(text):
        return _joined(match[1], match[2], match[3])
    if match := _MONTH_YEAR.fullmatch(text):
        return _joined(match[2], match[1], None)
    if match := _LOOSE.fullmatch(text):
        return _joined(match[1] or match[4], match[2] or match[5], match[3] or match[6])
    if match := _SPAN.fullmatch(text):
        return f"{match[1]}/{match[2]}"
    if match := _DECADE.fullmatch(text):
        return f"{match[1]}X"
    if match := _WITH_WORD.fullmatch(text):
        return match[1]
    return _written_out(text) or text


def _joined(year: str, month: str, day: str | None) -> str:
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")


def _written_out(text: str) -> str:
    bare = re.sub(r"\s*(?:г\.|года|год\.|године|godine)\.?$", "", text, flags=re.IGNORECASE).removesuffix(".")
    for pattern, day, month, year in ((_DAY_MONTH, 1, 2, 3), (_MONTH_DAY, 2, 1, 3), (_MONTH_ALONE, 0, 1, 2)):
        match = pattern.fullmatch(bare)
        number = _month(match[month]) if match else 0
        if match and number:
            return _joined(match[year], str(number), match[day] if day else None)
    return ""


def _month(word: str) -> int:
    word = word.lower()
    # Serbian says „7. маја 1961“: the genitive adds an a.
    return _MONTHS.get(word) or (_MONTHS.get(word[:-1], 0) if word.endswith(("а", "a")) else 0)


def milliseconds(text: str) -> int | None:
    """From 1:28:52, 00:59:14.5, 00:10:00:12 (25 frames), PT1H2M, "90 min", or seconds; None for anything else."""
    text = text.strip().strip("*~?[]").strip()
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
        if match[1] is None and match[4] is None and match[5] is None:
            hours, minutes, seconds = 0, int(match[2]), int(match[3])
        rest = _thousandths(match[4]) if match[4] else int(match[5] or 0) * 40
        return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
    if (match := _ISO_DURATION.fullmatch(text)) and any(match.groups()):
        days, hours, minutes, seconds = (int(match[place] or 0) for place in (1, 2, 3, 4))
        return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + _thousandths(match[5] or "")
    if match := _NUMBER.fullmatch(text):
        unit = (match[3] or "s").lower()
        whole = int(match[1]) * 1000 + _thousandths(match[2] or "")
        if unit.startswith(("ms", "milli")):
            return whole // 1000
        return whole * 60 if unit.startswith(("min", "мин")) else whole
    return None


def _thousandths(digits: str) -> int:
    return int((digits + "000")[:3]) if digits else 0


def clock(duration_ms: int) -> str:
    """HH:MM:SS.mmm, which ``milliseconds`` reads back exactly."""
    seconds, rest = divmod(duration_ms, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{rest:03}"


def timecode(text: str) -> str:
    """HH:MM:SS:FF, or with a semicolon where frames are dropped; "" for anything else."""
    match = _TIMECODE.fullmatch(text.strip())
    if not match:
        return ""
    return f"{match[1]}:{match[2]}:{match[3]}{';' if match[4] in ';,' else ':'}{match[5]}"


def rate(text: str) -> tuple[int, int] | None:
    """25, 25.000 fps, 30000/1001 and 29.97 as a fraction; None for anything else."""
    text = re.sub(r"\s*(?:fps|frames?\s*(?:per|/)\s*s(?:econd)?|hz|к/с)\.?$", "", text.strip(), flags=re.IGNORECASE)
    if match := _FRACTION.fullmatch(text):
        return (int(match[1]), int(match[2])) if int(match[1]) and int(match[2]) else None
    text = text.replace(",", ".")
    if text.rstrip("0") in _NTSC or text in _NTSC:
        return _NTSC.get(text) or _NTSC[text.rstrip("0")]
    if not re.fullmatch(r"\d{1,4}(?:\.\d{1,6})?", text):
        return None
    value = Fraction(text)
    return (value.numerator, value.denominator) if value else None


def size(text: str) -> tuple[int, int] | None:
    match = _SIZE.search(text)
    return (int(match[1]), int(match[2])) if match and int(match[1]) and int(match[2]) else None


def ratio(text: str) -> tuple[int, int] | None:
    match = _RATIO.fullmatch(text.strip())
    if not match:
        return None
    if match[1]:
        return (int(match[1]), int(match[2])) if int(match[1]) and int(match[2]) else None
    value = Fraction(match[3].replace(",", "."))
    return (value.numerator, value.denominator) if value else None


def number(text: str, most: int = 2**31 - 1, unit: str | None = None) -> int | None:
    """A whole number, thousands parted by spaces or commas or not; "48 kHz" is 48000, "12 members" are 12.

    ``unit`` is what the document says of it elsewhere, "" for nothing: it is then a measure, and None in a unit that
    ``multiple`` does not know.
    """
    match = _WITH_UNIT.fullmatch(text.strip())
    if not match:
        return None
    factor = multiple(match[3].strip(".") or unit or "")
    if factor is None and unit is not None:
        return None
    whole = re.sub("[ \u00a0\u202f]", "", match[1])
    is_decimal = whole.count(",") == 1 and not match[2] and factor not in (1, None)  # 44,100 kHz, not 44,100 Hz
    whole = whole.replace(",", "." if is_decimal else "")
    value = Fraction(f"{whole}.{match[2]}" if match[2] else whole) * (factor or 1)
    return round(value) if value <= most else None


def multiple(unit: str) -> int | None:
    """How many hertz or bits the unit is: 1000 for kHz and Kbps, 1 for none; None for any other, bytes among them."""
    if not unit.strip():
        return 1
    match = None if _BYTES.fullmatch(unit.strip()) else _UNIT.fullmatch(unit.strip())
    return _MULTIPLES[(match[1] or "")[:1].lower()] if match else None
