"""What is said below a form's field where neither its model nor its form says anything.

Models keep their own help texts; these stand apart, so that a better word makes no migration. An app's ``help_texts``
module has ``HELP``: by the label of a model or the name of a plain form ("productions.production",
"newsexchange.offerform"), what each of its fields asks for. ``COMMON`` is for fields that mean the same everywhere.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.functional import lazystr
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import STORED

HelpTexts = Mapping[str, Mapping[str, Message]]

NAME = _("What lists and partners show. Fill in every language you can; a missing one falls back to another.")
WORDS = _("A few plain sentences for somebody who does not know it yet. A missing language falls back to another.")
NOTE = _("What the other fields cannot say. Everybody who may open this record reads it.")
PERSON_NAME = _("As the person is called in letters, such as “Ana” or “Jovanović”.")
OWNER = _("The house that answers for this record. Its own people may change it later.")
KIND = _("Choose what fits best. Lists are narrowed by it.")
ACTIVE = _("Untick it instead of deleting: old records keep it, new ones are not offered it.")
TAG = _("A BCP 47 tag, such as sr-Cyrl, sr-Latn, kk, ru or en.")
TAGS = _("BCP 47 tags with commas between them, such as sr-Cyrl, kk, ru.")
ZONE = _("A name of the IANA time zone database, such as Europe/Belgrade or Asia/Almaty.")
PLACE = _("Type how the name begins, in either script, and choose. New places are entered under “Places”.")
POSITION = _("A whole number. The lowest comes first.")
LINKED_USER = _("The account with which this person signs in. Empty: they have none.")
EMAIL = _("An address that is read, such as desk@example.org. Messages of the exchange go there.")
ADDRESS = _("A whole web address that begins with https://.")
REASON = _("Why, in a sentence. It is kept, and whoever is concerned reads it.")
MODULE = _("The part of the agreement under which it happens. While it is paused, nothing new is begun.")
TOPICS = _("IPTC Media Topics with commas between them, such as medtop:01000000.")
KEYWORDS = _("Words by which it shall be found, with commas between them.")
FIRST_DAY = _("The first day on which it counts.")
LAST_DAY = _("The last day, to its end. Empty: without an end.")
DUE_DAY = _("By the end of this day. Whoever owes it is reminded before.")
EDTF = _("EDTF, such as 2026-02-27, 2026-02 or 2026. Empty: not known.")
LABEL = _("By which colleagues know it, such as “evening digest”.")
WHICH_HOUSE = _("Which of your houses it is for, if you work for several.")
SOURCES = _('JSON: a list of addresses, such as ["https://www.example.org/programme"].')
PART_ONLY = _("Only this part of the item. Empty: the whole item.")
DAY_ON_PAPER = _("The day that stands on the paper.")
DAY_OF_BANK = _("The day on which the bank carried it out.")
AI_TOOL = _("The program and its version, such as “NLLB 3.3B”. Empty if no AI took part.")
REVIEWER = _("The person who has read the result and answers for it.")
MINUTES = _("How long it lasted, in minutes, such as 27.5.")
ROLE = _("What this person may do for the house. Whoever has several roles has a membership for each.")
EMPLOYER = _("The house that the person works for. They see what this house sees.")
TEXT_SOURCE = _("Who says so, and where: a publication, an office, a letter with its date.")
MOMENT = _("A day and an hour, by the clocks of your own time zone.")
EMBARGO = _("Partners get nothing before this moment. Empty: there is no embargo.")
EXCLUSIVE = _("Nobody else may have the same rights at the same time. The system refuses what overlaps.")
ELSEWHERE = _("The chosen territories are left out instead: it holds in all others.")
SECONDS = _("How many seconds altogether. Empty: all of it.")
RUNS = _("How many times it is shown. Empty: any number.")
REPEATS = _("What is shown again within so many hours is still the same run. 0: every showing counts.")
CURRENCY = _("Three letters of ISO 4217, such as EUR, RSD or KZT.")
AMOUNT = _("A sum in the currency beside it, such as 1250.50.")
REFERENCE = _("The number or words by which the books find it again, such as 2026/114.")
PLATFORM = _("By which way it reaches viewers: broadcast, catch-up, web and so on.")
MILLISECONDS = _("A position from the beginning, in milliseconds: 90000 is a minute and a half.")
CREDIT = _("How the source is named on screen and in writing, such as “Footage: RTS”.")
FILE = _("Choose a file on your computer. It is checked before anybody else sees it.")
COUNTRY = _("ISO 3166-1 alpha-2, two capital letters: RS, KZ; Kosovo is XK.")

COMMON: Mapping[str, Message] = {
    "name": NAME,
    "title": NAME,
    "description": WORDS,
    "summary": WORDS,
    "introduction": WORDS,
    "note": NOTE,
    "broadcaster": OWNER,
    "kind": KIND,
    "is_active": ACTIVE,
    "language": TAG,
    "languages": TAGS,
    "working_languages": TAGS,
    "time_zone": ZONE,
    "country_code": COUNTRY,
    "place": PLACE,
    "city": PLACE,
    "home_city": PLACE,
    "home_base": PLACE,
    "position": POSITION,
    "user": LINKED_USER,
    "email": EMAIL,
    "url": ADDRESS,
    "website": ADDRESS,
    "source_url": ADDRESS,
    "reason": REASON,
    "module": MODULE,
    "topics": TOPICS,
    "keywords": KEYWORDS,
    "starts_on": FIRST_DAY,
    "ends_on": LAST_DAY,
    "due_on": DUE_DAY,
    "embargoed_until": EMBARGO,
    "is_exclusive": EXCLUSIVE,
    "is_elsewhere": ELSEWHERE,
    "seconds": SECONDS,
    "runs": RUNS,
    "repeat_hours": REPEATS,
    "currency": CURRENCY,
    "amount": AMOUNT,
    "platform": PLATFORM,
    "in_ms": MILLISECONDS,
    "out_ms": MILLISECONDS,
    "credit_line": CREDIT,
    "file": FILE,
    "source": TEXT_SOURCE,
    "sources": SOURCES,
    "ai_tool": AI_TOOL,
    "reviewed_by": REVIEWER,
    "segment": PART_ONLY,
    "minutes": MINUTES,
}

HELP: HelpTexts = {
    "core.user": {
        "first_name": PERSON_NAME,
        "last_name": PERSON_NAME,
        "role": ROLE,
        "broadcaster": EMPLOYER,
        "usable_password": _(
            "Enabled: the person signs in with the password below. Disabled: nobody signs in as them."
        ),
        "username": _("With which the person signs in: letters, digits and @ . + - _, at most 150 of them."),
    },
    "core.keepword": {"is_active": _("While it is ticked, Serbian texts keep these words in Latin letters.")},
    "django_celery_beat.periodictask": {
        "regtask": _("Choose one of the tasks that this installation knows."),
        "task": _("The full name of a task that is not in the list, such as newsexchange.tasks.poll_feeds."),
    },
}


class HelpTextError(LookupError):
    """An app gives help for something that another gives help for already."""


@cache
def all_help() -> HelpTexts:
    """What all installed apps say. Raises HelpTextError where two speak of the same."""
    gathered: dict[str, Mapping[str, Message]] = {}
    for app in apps.get_app_configs():
        if not module_has_submodule(app.module, "help_texts"):
            continue
        for label, texts in import_module(f"{app.name}.help_texts").HELP.items():
            if gathered.setdefault(label, texts) is not texts:
                raise HelpTextError(label)
    return gathered


def help_for(label: str, field: str) -> Message:
    """What to say below this field; "" if nobody has said anything. ``field`` may be a language's column."""
    base, _separator, language = field.rpartition("_")
    own = all_help().get(label, {})
    for name in (field, base) if language in STORED else (field,):
        if name in own:
            return own[name]
        if name in COMMON:
            return COMMON[name]
    return lazystr("")
