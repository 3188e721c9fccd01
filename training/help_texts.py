"""What the forms of training ask for."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core import help_texts as common

_TEACHES = _("BCP 47 tags with commas between them: in which languages it is taught, or interpreted into.")
_FORM = _("The questions that participants get. Empty: nobody is asked.")

HELP: common.HelpTexts = {
    "training.feedbackform": {"kind": _("Evaluation is asked after the last session, follow-up weeks later.")},
    "training.question": {
        "form": _("The questionnaire in which it stands."),
        "text": _("One question in plain words. A missing language falls back to another."),
        "kind": _("A scale gives an average, a choice gives counts, a text is read by coordinators alone."),
        "is_required": _("Ticked: the answers cannot be sent without this one."),
    },
    "training.choice": {
        "question": _("The question that it answers."),
        "text": _("One answer that can be ticked. A missing language falls back to another."),
    },
    "training.participant": {
        "broadcaster": _("The house that sends the person."),
        "name_cyrl": _("As it shall stand on certificates in Cyrillic, such as “Ана Јовановић”."),
        "email": _("Where invitations, seats and certificates are sent. Empty: the coordinator tells the person."),
    },
    "training.programme": {
        "topics": _("What it is about. Choose as many as fit."),
        "languages": _TEACHES,
    },
    "training.workshop": {
        "programme": _("The programme to which it belongs; its name stands on certificates."),
        "languages": _TEACHES,
        "capacity": _("How many can take part. The waiting list moves by itself when a seat becomes free."),
        "offer_hours": _("After so many hours without an answer the seat goes to the next on the list."),
        "nominations_close_at": _("Afterwards nobody is nominated any more. By the clocks of your own time zone."),
        "evaluation_form": _FORM,
        "follow_up_form": _FORM,
        "follow_up_days": _("How many days after the last session the follow-up is sent."),
    },
    "training.session": {
        "title": _("What is done in this session. A missing language falls back to another."),
        "starts_at": common.MOMENT,
        "ends_at": common.MOMENT,
        "venue": _("Building, street, room."),
        "online_url": _("Shown to confirmed participants and their houses alone."),
        "is_cancelled": _("Ticked: it does not take place and does not count for certificates."),
    },
    "training.trainer": {
        "person": _("Somebody of the directory. Empty: give the name beside it."),
        "name": _("As it shall stand in the programme."),
        "office": _("What the person does, such as “data editor”, as it shall stand in the programme."),
    },
    "training.seatquota": {"seats": _("How many seats are kept for this house.")},
    "training.materialform": {
        "file": _("Slides, a sheet, a recording. Participants download it; or give an address instead."),
        "url": common.ADDRESS,
        "title": _("What participants read in the list of material."),
    },
    "training._sureform": {"sure": _("Names and addresses are deleted for ever; the counts stay.")},
}
