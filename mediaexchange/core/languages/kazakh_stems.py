"""The dictionary forms a Kazakh word may belong to: search matches two words when these sets meet.

PostgreSQL has no stemmer for Kazakh. Endings are stripped by the tables of the grammar; a list of common words says
where stripping has to stop (қалам is a pen, not "my city"). A word that leads to no listed one keeps every reading.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from mediaexchange.core.languages.folding import fold_kazakh
from mediaexchange.core.languages.kazakh import LOOK_ALIKES
from mediaexchange.core.languages.kazakh_endings import (
    BACK,
    FRONT,
    GLIDE,
    HARD,
    LIQUID,
    NASAL,
    SIBILANT,
    VOWEL,
    merged,
    noun_endings,
    verb_endings,
)

_WORDS = Path(__file__).parent / "words"
LEMMAS = frozenset((_WORDS / "kk.txt").read_text(encoding="utf-8").split())
_NOUN = merged(noun_endings())
_VERB = merged(verb_endings())
_FOLDED_LEMMAS = frozenset(map(fold_kazakh, LEMMAS))
_FOLDED_NOUN: dict[str, int] = {}  # folded ending → the classes it may follow; harmony is lost with the letters
for _ending, (_back, _front) in _NOUN.items():
    _FOLDED_NOUN[fold_kazakh(_ending)] = _FOLDED_NOUN.get(fold_kazakh(_ending), 0) | _back | _front
_LONGEST_NOUN = max(map(len, _NOUN))
_LONGEST_VERB = max(map(len, _VERB))
# Endings that look like the end of many stems: believed only where they lead to a listed word.
_DOUBTFUL = frozenset(("м", "ң", "ма", "ме", "ңа", "ңе", "р"))
# Forms of nouns are commoner in news than these verb forms that are spelt alike (бастар: heads; will begin).
_WEAK_VERB = frozenset(("р", "ар", "ер", "са", "се", "п", "дың", "дің", "тың", "тің"))

_VOWELS = "аәеёиоөуұүыіэюя"
_HARMONY = dict.fromkeys("аоұыёя", BACK) | dict.fromkeys("әеөүіэ", FRONT) | dict.fromkeys("иую", BACK | FRONT)
_CLASSES = (
    dict.fromkeys("аәеёоөұүыіэя", VOWEL)
    | dict.fromkeys("йруи", GLIDE)
    | {"ю": VOWEL | GLIDE, "л": LIQUID}
    | dict.fromkeys("мнң", NASAL)
    | dict.fromkeys("зж", SIBILANT | HARD)
    | dict.fromkeys("пфкқтсшщчцхһбвгғд", HARD)
)
_VOICELESS = {"б": "п", "г": "к", "ғ": "қ"}
_VOICED = {"п": "б", "к": "г", "қ": "ғ"}
# Endings after a Russian final that is soft or holds к or г turn front whatever the vowel: банкі, рөлі, Петербургке.
_SOFT_FINAL = re.compile("(?:ь|[лнрс]к|[нр]г|[кл]т|[бвжкпфш]л)$")
_SURNAME = re.compile("[еёо]в$")  # Тоқаевтың, Алиевтің: by the vowel before or by its own
_BUFFERED = re.compile("(?:кт|нг|нк|ск|рк|нт|рт|рд|нд|фт|пт)[іы]$")
_LOST_SIGN = re.compile("(?:[аеиоую]|[бвгжкпфш])л$")
_KAZAKH_WORD = re.compile("[а-яёәіңғүұқөһ]+(?:-[а-яёәіңғүұқөһ]+)*")
_FOREIGN = re.compile(r"([^\W_]+)[-’']([а-яәіңғүұқөһ]+)")
_LATIN = re.compile("[a-zəɵëı]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
# Nouns that lose their last vowel before another (орын, орны).
_DROPPING_WORDS = """
    айыр ауыз бойын бөрік ғұрып дауыс ерік ерін зейін иін кейіп келін көңіл көрік қалып қарын қауіп қойын құлық құлып
    құрық мейіл мойын мұрын мүлік нарық орын парық пейіл тұрық түйін халық ырық әріп
"""
_DROPPING = frozenset(_DROPPING_WORDS.split())
_VERBS_IN_Y = """
    аңду аршу ашу балқу баю еру желпу жасу жібу жылу кему кеңу қажу қалқу құру қышу мүлгу оқу ренжу сасу семіру сілку
    суу тану тасу толқу тоқу тыншу шалқу шіру ысу
"""
_IN_Y = frozenset(_VERBS_IN_Y.split())  # the stem ends in ы or і: оқы-
_IRREGULAR_STEMS = {"қорық": "қорқу", "қорқ": "қорқу"}
# Loans whose double or last consonant is not written before an ending: процесі, съезге.
_SHORTENED = {"с": "сс", "л": "лл", "м": "мм", "з": "зд"}
_PARTICIPLES_AND_CONVERBS = ("ған", "ген", "қан", "кен", "ып", "іп")
_NO_FORMS = frozenset({"сынып"})  # a class at school, not "having broken"
_NOUNS_LIKE_VERBS = "ақау ау аю бау біреу дау екеу жалау жау қару күйеу сау су тау ту үшеу"
_NO_VERBS = frozenset(_NOUNS_LIKE_VERBS.split())
_TIMES_WORDS = (
    "ай алд апта арт биыл былтыр бүгін ертең жаз жыл іш кеш кеше көктем күз күн қазір қыс сырт таң түн түп ғасыр"
)
_TIMES_AND_PLACES = frozenset(_TIMES_WORDS.split())
_FORMS_OF = {
    "мен": "менің мені маған менде менен",
    "сен": "сенің сені саған сенде сенен",
    "ол": "оның оны оған онда одан онымен",
    "бұл": "бұның бұны бұған бұнда бұдан бұнымен мұның мұны мұған мұнда мұнан мұнымен",
    "осы": "осының осыны осыған осында осыдан",
    "олар": "олардың оларды оларға оларда олардан олармен",
    "біз": "біздің бізді бізге бізде бізден бізбен",
    "су": "суы суын суының суына суында суынан суымен",
    "бай": "байы",
    "өзі": "өзінің өзін өзіне өзінде өзінен өзімен",
    "отыру": "отырмын отырсың отырсыз отырмыз",
    "тұру": "тұрмын тұрсың тұрсыз тұрмыз",
    "жүру": "жүрмін жүрсің жүрсіз жүрміз",
    "жату": "жатырмын жатырсың жатырсыз жатырмыз",
}
_VERBS = frozenset(lemma for lemma in LEMMAS if lemma.endswith(("у", "ю"))) - _NO_VERBS
_IRREGULAR = {form: frozenset((lemma, form)) for lemma, forms in _FORMS_OF.items() for form in forms.split()}


def lexemes(word: str) -> frozenset[str]:
    """What a word of a Kazakh text is indexed under: itself in lower case, and the dictionary forms it may come from.

    Verbs come as the infinitive in -у. Latin look-alikes among Cyrillic letters are repaired; an ending after the
    hyphen of a foreign word or a number (BBC-дің) goes. A word in another script stands for itself.
    """
    word = unicodedata.normalize("NFC", word).strip().lower()
    return _lexemes(word) if word else frozenset()


def query_lexemes(word: str) -> frozenset[str]:
    """What a word of a question is looked up under: any of these, the form itself too, for it may be unlisted.

    A word without Kazakh letters may come from a Russian keyboard: the folded spelling of the listed word it may
    come from (казакстаннын → казакстан) counts too, for an index that holds lexemes folded as well.
    """
    found = lexemes(word)
    if found & LEMMAS or not found:
        return found
    return found | from_russian_keyboard(word.strip().lower())


@lru_cache(maxsize=32768)  # some 15 MB when full
def _lexemes(word: str) -> frozenset[str]:
    if _CYRILLIC.search(word) and _LATIN.search(word):
        repaired = word.translate(LOOK_ALIKES)
        word = word if _LATIN.search(repaired) else repaired
    if word in LEMMAS:
        return frozenset((word, *_listed_verbs(word)))
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    foreign = _FOREIGN.fullmatch(word)
    if foreign and foreign.group(2) in _NOUN and not _KAZAKH_WORD.fullmatch(foreign.group(1)):
        return frozenset((word, foreign.group(1)))
    if not _KAZAKH_WORD.fullmatch(word):
        return frozenset((word,))
    return _known(word) or _guessed(word)


def _known(word: str) -> frozenset[str]:
    """The word and the longest listed noun and verb it may come from; empty if there is neither."""
    noun = _longest((cut, lemma) for cut, _, lemma in (*_nouns(word), *_relatives(word)) if lemma in LEMMAS)
    verb = {lemma for _, ending, lemma in _verbs(word) if lemma in _VERBS and not (noun and ending in _WEAK_VERB)}
    if verb and not noun:
        noun = _guessed_nouns(word)  # қолдар: "will support" if hands were not listed
    return noun | verb | {word} if noun or verb else noun


def _listed_verbs(word: str) -> Iterator[str]:
    """The listed verbs of which a listed word is a form too: өткен is "past", and "has passed"."""
    if word.endswith(_PARTICIPLES_AND_CONVERBS) and word not in _NO_FORMS:
        yield from (
            lemma for _, ending, lemma in _verbs(word) if ending in _PARTICIPLES_AND_CONVERBS and lemma in _VERBS
        )


def _longest(readings: Iterator[tuple[int, str]]) -> frozenset[str]:
    found = sorted(readings)
    # алмасы is "its apple" as well as "its diamond": a stem in с may be the owner's сы.
    return frozenset(
        lemma for cut, lemma in found if cut == found[0][0] or (cut == found[0][0] + 1 and found[0][1] == f"{lemma}с")
    )


def _guessed(word: str) -> frozenset[str]:
    verbs = {lemma for _, ending, lemma in _verbs(word) if len(lemma) > 3 and ending not in _DOUBTFUL}
    return _guessed_nouns(word) | verbs | {word}


def _guessed_nouns(word: str) -> frozenset[str]:
    return frozenset(lemma for _, ending, lemma in _nouns(word) if len(lemma) > 2 and ending not in _DOUBTFUL)


@lru_cache(maxsize=8192)
def from_russian_keyboard(word: str) -> frozenset[str]:
    """The listed word, spelled as such a keyboard spells it, of which a lower-case word is a form; or nothing."""
    if word != fold_kazakh(word) or not _KAZAKH_WORD.fullmatch(word):
        return frozenset()
    for cut in range(min(len(word) - 2, _LONGEST_NOUN + 1)):
        stem = word[: len(word) - cut]
        follows = _FOLDED_NOUN.get(word[-cut:], 0) & _CLASSES.get(stem[-1], 0) if cut else True
        if follows and stem in _FOLDED_LEMMAS:
            return frozenset((stem,))
    return frozenset()


def _nouns(word: str) -> Iterator[tuple[int, str, str]]:
    """Length of the ending, the ending and the stem, for each noun ending that the word may have."""
    for cut in range(1, min(len(word) - 1, _LONGEST_NOUN + 1)):
        ending, stem = word[-cut:], word[:-cut]
        classes = _NOUN.get(ending)
        if classes and _fits(stem, classes):
            yield cut, ending, stem
            if ending[0] in "ыі":
                for other in _before_vowel(stem):
                    yield cut, ending, other
            elif _BUFFERED.search(stem):  # факт + лер is written фактілер
                yield cut, ending, stem[:-1]
        if ending[0] == "і" and _LOST_SIGN.search(stem) and _fits(stem + "ь", _NOUN.get(ending, (0, 0))):
            yield cut, ending, stem + "ь"  # фестиваль + і is written фестивалі
        if classes and (whole := _lengthened(stem)) and _fits(stem, classes):
            yield cut, ending, whole
        if stem.endswith("ст") and _NOUN.get("т" + ending, (0, 0))[1] & HARD:  # журналист + тер is журналистер
            yield cut, ending, stem


def _lengthened(stem: str) -> str:
    """The listed loan that is written so before an ending; "" if there is none."""
    last = stem[-1]
    whole = stem[:-1] + _SHORTENED[last] if last in _SHORTENED else ""
    return whole if whole in LEMMAS else ""


def _relatives(word: str) -> Iterator[tuple[int, str, str]]:
    """The nouns of time and place behind жылғы, кешкі, қысқы."""
    if word.endswith(("ғы", "гі", "қы", "кі")) and word[:-2] in _TIMES_AND_PLACES:
        yield 2, word[-2:], word[:-2]


def _before_vowel(stem: str) -> Iterator[str]:
    """The stems that lost a voiceless final, a vowel or a soft sign before a vowel: мектеб-і, халқ-ы, рөл-і."""
    last = stem[-1]
    if last in _VOICELESS:
        yield stem[:-1] + _VOICELESS[last]
    if last in "нрст" and stem + "ь" in LEMMAS:
        yield stem + "ь"
    if len(stem) > 2 and last not in _VOWELS and (stem[-2] not in _VOWELS or stem[-2] in "уи"):
        usual = "і" if _harmony(stem) == FRONT else "ы"
        for final in {last, _VOICELESS.get(last, last)}:
            for vowel in "ыі":
                full = f"{stem[:-1]}{vowel}{final}"
                if full in _DROPPING or (vowel == usual and len(stem) < 5 and full not in LEMMAS):
                    yield full


def _verbs(word: str) -> Iterator[tuple[int, str, str]]:
    """Length of the ending, the ending and the infinitive, for each verb ending at the end of the word."""
    for cut in range(1, min(len(word) - 1, _LONGEST_VERB + 1)):
        ending, stem = word[-cut:], word[:-cut]
        classes = _VERB.get(ending)
        if classes and _fits(stem, classes):
            for infinitive in _infinitives(stem, ending):
                yield cut, ending, infinitive
        if ending[0] == "я":  # қой + ады is written қояды
            classes = _VERB.get("а" + ending[1:])
            if classes and classes[0] & GLIDE and stem[-1] in _VOWELS:
                yield cut, ending, stem + "ю"
        elif ending[0] == "и":  # оқы + йды is written оқиды
            for vowel in "ыі":
                classes = _VERB.get("й" + ending[1:])
                if classes and _fits(stem + vowel, classes):
                    yield cut, ending, stem + "у"


def _infinitives(stem: str, ending: str) -> Iterator[str]:
    last = stem[-1]
    if stem in _IRREGULAR_STEMS:
        yield _IRREGULAR_STEMS[stem]
    elif last in "ыі":
        if stem[:-1] + "у" in _IN_Y:
            yield stem[:-1] + "у"
    elif last == "й":
        yield stem[:-1] + "ю"
    elif last == "и":
        yield stem + "ю"
    else:
        yield stem[:-1] + _VOICED.get(last, last) + "у"
    if last == "у" and ending[0] in "ыі":  # тап + ып is written тауып
        yield stem[:-1] + "бу"


def _fits(stem: str, classes: tuple[int, int]) -> bool:
    harmony = _harmony(stem)
    final = _CLASSES.get(stem[-2:-1] if stem[-1] in "ьъ" else stem[-1], 0)
    return bool((harmony & BACK and final & classes[0]) or (harmony & FRONT and final & classes[1]))


def _harmony(stem: str) -> int:
    """The vowels an ending after this stem may have; 0 for a stem without vowels, which takes none."""
    for position in range(len(stem) - 1, -1, -1):
        harmony = _HARMONY.get(stem[position])
        if harmony is None:
            continue
        if harmony == BACK | FRONT and position == len(stem) - 1:  # жазуға, кездесуге: the vowel before decides
            return _harmony(stem[:-1]) or harmony
        if _SURNAME.search(stem):
            return BACK | FRONT
        return harmony | FRONT if _SOFT_FINAL.search(stem) else harmony
    return 0
