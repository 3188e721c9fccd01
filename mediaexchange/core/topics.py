"""What IPTC Media Topics are called: the 17 of the top level and those that the project itself uses.

The English names follow IPTC (https://cv.iptc.org/newscodes/mediatopic/, version of 2026-01). IPTC publishes none in
Serbian, Kazakh or Russian: those in our catalogs are translations by this project.
"""

from django.utils.translation import pgettext_lazy

PREFIX = "medtop:"

_NAMES = {
    "01000000": pgettext_lazy("media topic", "arts, culture, entertainment and media"),
    "02000000": pgettext_lazy("media topic", "crime, law and justice"),
    "03000000": pgettext_lazy("media topic", "disaster, accident and emergency incident"),
    "04000000": pgettext_lazy("media topic", "economy, business and finance"),
    "05000000": pgettext_lazy("media topic", "education"),
    "06000000": pgettext_lazy("media topic", "environment"),
    "07000000": pgettext_lazy("media topic", "health"),
    "08000000": pgettext_lazy("media topic", "human interest"),
    "09000000": pgettext_lazy("media topic", "labour"),
    "10000000": pgettext_lazy("media topic", "lifestyle and leisure"),
    "11000000": pgettext_lazy("media topic", "politics and government"),
    "12000000": pgettext_lazy("media topic", "religion"),
    "13000000": pgettext_lazy("media topic", "science and technology"),
    "14000000": pgettext_lazy("media topic", "society"),
    "15000000": pgettext_lazy("media topic", "sport"),
    "16000000": pgettext_lazy("media topic", "conflict, war and peace"),
    "17000000": pgettext_lazy("media topic", "weather"),
    "20000018": pgettext_lazy("media topic", "music"),
    "20000038": pgettext_lazy("media topic", "culture"),
}


def topic_name(code: str) -> str:
    """The topic's name in the active language; the code itself for one without a name here."""
    name = _NAMES.get(code.removeprefix(PREFIX))
    return str(name) if name else code
