"""What the forms of the archive ask for."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core import help_texts as common

_PURPOSE = _("What the footage is for, so that the other house can decide, such as “anniversary film, 12 minutes”.")
_HOLDBACK = _("Before this moment the platforms below are left out, although the rest is granted.")
_ANSWER = _("What the other house shall read with the decision.")

HELP: common.HelpTexts = {
    "archive.collection": {"parent": _("The larger collection of the same house in which it stands. Empty: none.")},
    "archive.series": {
        "collection": _("The collection of the same house in which the series stands. Empty: none."),
        "expected_items": _("How many items it should have; what is missing is reported. Empty: nobody knows."),
    },
    "archive.item": {
        "title": _("As the house calls it; other titles go below. A missing language falls back to another."),
        "subjects": _("Words that describe what is seen, with commas between them."),
    },
    "archive.itemtitle": {
        "text": _("The title as it is written there."),
        "kind": _("What kind of title it is; the first broadcast’s is “original”."),
    },
    "archive.itemdescription": {"text": common.WORDS, "kind": common.KIND},
    "archive.itemidentifier": {"value": _("The number or name by which that system or house knows it.")},
    "archive.credit": {
        "person": _("Who did it or is seen. Type how the name begins, in either script; new people are entered first."),
        "role": _("What the person did. “Depicted” is whoever is seen or heard."),
    },
    "archive.itemplace": {"relation": _("Whether it was filmed there or shows the place.")},
    "archive.instantiation": {
        "generation": _("How far it is from the first recording: original, master, copy and so on."),
        "identifier": _("What stands on the label of the tape or reel. Empty for files."),
        "holder": _("The house on whose shelves it lies, if that is another."),
        "location": _("Shelf, box, room: whatever leads to it."),
        "start_timecode": _("hh:mm:ss:ff of the first picture, such as 10:00:00:00."),
    },
    "archive.underlyingright": {
        "owner": _("Whose right it is: an agency, a composer, an actor’s heirs. Empty: not known."),
        "clearance": _("While it is not cleared, nothing that holds it is granted to anybody."),
        "reference": _("The contract or letter that clears it, with its date."),
        "territories": _("None: the whole world."),
        "platforms": _("None is every platform."),
        "ends_at": _("Afterwards it counts as not cleared. Empty: for ever."),
    },
    "archive.itemdate": {"kind": _("What happened on the date."), "dated": common.EDTF},
    "archive.grant": {
        "item": _("The footage that is granted."),
        "holdback_until": _HOLDBACK,
        "note": common.NOTE,
    },
    "archive.catalogueimport": {"broadcaster": _("The house whose catalogue grows by what is in the document.")},
    "archive.requestform": {
        "broadcaster": common.WHICH_HOUSE,
        "purpose": _PURPOSE,
        "production_title": _("Under which title viewers will see it. Empty: not known yet."),
        "wanted": _("Tick it to ask for this one."),
        "note": _("Only about this one: which moment you need, for instance."),
    },
    "archive.decisionform": {
        "answer": _ANSWER,
        "decision": _("Yes or no for this one. A no needs its reason at the end of the line."),
        "holdback_until": _HOLDBACK,
        "terms": _("Conditions in words that the fields do not say. They stand in the licence."),
        "is_clip_only": _("Ticked: a clip of the seconds allowed is cut. Otherwise the whole file is handed over."),
        "reason": common.REASON,
    },
    "archive.quoteform": {"answer": _ANSWER, "amount": common.AMOUNT},
    "archive.useform": {
        "seconds": _("How long it was on screen, in seconds. It is taken off what is granted."),
        "platform": common.PLATFORM,
        "note": _("In which programme it was shown, for instance."),
    },
    "archive.textfileform": {
        "document": _("WebVTT, SubRip (SRT), TTML or EBU STL, found out from what is in it. At most 8 MiB."),
        "charset": _("Choose one only if letters come out wrong; files that say theirs are believed."),
        "origin": _("Whether people wrote it or a machine did; readers are told."),
        "tool": _("With which program or service it was made. Empty: not known."),
    },
    "archive.newtextform": {
        "kind": _("Of each kind an item has one text in a language."),
        "language": _("A language tag such as sr-Latn or kk. Empty: the one that the file names."),
    },
    "archive.shotlistform": {
        "document": _("An OpenTimelineIO timeline or a CMX 3600 edit list, found out from what is in it."),
        "instantiation": _("What the list was cut from: its first timecode, frame rate and length go by it."),
        "rate": _("Frames a second, such as 25 or 29.97. Empty: that of the carrier or file."),
        "charset": _("Choose one only if letters come out wrong; files that say theirs are believed."),
    },
    "archive.stretchform": {"to_seconds": _("Empty: to the end of what is granted. Seconds from the beginning.")},
    "archive.questionform": {
        "broadcaster": common.WHICH_HOUSE,
        "territory": _("Where viewers would be. “At home” is the country of the house."),
        "on": _("The day on which it would be shown. Empty: today."),
        "language": common.TAG,
    },
}
