"""IPTC's digital source types in words."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import Message

SOURCE_TYPES: dict[str, Message] = {
    "algorithmicMedia": _("made by an algorithm"),
    "algorithmicallyEnhanced": _("enhanced by an algorithm"),
    "composite": _("composite"),
    "compositeCapture": _("composite of recordings"),
    "compositeSynthetic": _("composite with synthetic parts"),
    "compositeWithTrainedAlgorithmicMedia": _("edited with generative AI"),
    "computationalCapture": _("captured by several means and computed"),
    "dataDrivenMedia": _("made from data"),
    "digitalArt": _("digital art"),
    "digitalCapture": _("digital recording of real life"),
    "digitalCreation": _("created by people with software"),
    "humanEdits": _("edited by people"),
    "minorHumanEdits": _("minor edits by people"),
    "negativeFilm": _("digitised from a negative"),
    "positiveFilm": _("digitised from a positive"),
    "print": _("digitised from print"),
    "screenCapture": _("screen recording"),
    "softwareImage": _("image drawn with software"),
    "trainedAlgorithmicMedia": _("made by generative AI"),
    "virtualRecording": _("recording of a virtual event"),
}
