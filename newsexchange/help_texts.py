"""What the forms of the news exchange ask for."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core import help_texts as common

_HEADLINE = _("One line that says what has happened. Partners choose by it.")
_SUMMARY = _("The news in two or three sentences; lists and feeds show it.")
_BODY = _("The whole text, a paragraph for each thought.")
_CHANGE = _("What is different now, and why. Partners read it beside the new version.")
_INTO = _("Into which language it is translated.")
_AI_USE = _("How artificial intelligence took part. Without an answer, partners see that nobody has said.")
_BEGINS = _("Hours, minutes and seconds from the beginning, such as 00:01:30; frames may follow (00:01:30:12).")
_FORBIDS = _("Ticked: partners may not do it, and are told so before they take the story.")
_PURPOSE_OF_FILE = _("What is on it, in a line, such as “clean pictures without captions”.")
_ROLE = _("What the file is for, in a word: “web”, “broadcast”, “still”.")

HELP: common.HelpTexts = {
    "newsexchange.feed": {
        "name": common.LABEL,
        "slug": _("Lower-case Latin letters, digits and hyphens, such as rtv-culture. It stands in addresses."),
        "broadcaster": _("The house whose stories the feed brings."),
        "auth_kind": _("What the partner’s server asks for. Most feeds need nothing."),
    },
    "newsexchange.feedrule": {
        "is_active": common.ACTIVE,
        "field": _("Which part of a story is looked at."),
        "value": _("What must stand there: a word, a topic such as medtop:01000000, or a number for urgency."),
        "action": _("What is done with a story that fits. “Leave out” ends the asking."),
        "offer_to": _("The partners that are offered such stories. Only for “offer”."),
    },
    "newsexchange.storyrequest": {
        "from_broadcaster": common.WHICH_HOUSE,
        "to_broadcaster": _("The partner that shall help. Only this house and yours see the request."),
        "subject": _("In a line, such as “pictures of the bridge opening in Belgrade”."),
        "text": _("Lengths, people, formats: whatever helps the other desk. Empty: the line above says it all."),
        "language": _("In which language you want it: sr-Cyrl, kk, ru, en. Empty: any."),
        "needed_by": _("After this moment it is of no use to you. By the clocks of your own time zone."),
    },
    "newsexchange.story": {
        "broadcaster": _("The house whose story it is. Its name stands wherever the story is used."),
        "headline": _HEADLINE,
        "summary": _SUMMARY,
        "body": _BODY,
        "slugline": _("Two or three key words with hyphens, such as belgrade-bridge-opening."),
        "byline": _("Who wrote it, as it shall be printed. Empty: no name is given."),
        "dateline_place": _("Where it was reported from, such as Belgrade."),
        "urgency": _("1 is a flash, 4 the usual, 8 can wait. Lists and rules go by it."),
        "link": common.ADDRESS,
        "editors_note": _("What editors must know and the audience need not. It travels with every copy."),
        "credit": common.CREDIT,
        "copyright_notice": _("The line that the law asks for, such as “© 2026 RTS”."),
    },
    "newsexchange.subscription": {
        "broadcaster": _("The house that receives the stories."),
        "name": common.LABEL,
        "destination": _("By which way stories arrive. It cannot be changed later."),
        "url": _("The https address of your server that takes the events. It must answer within seconds."),
    },
    "newsexchange.translationprovider": {
        "name": common.LABEL,
        "adapter": _("Which service it is. It cannot be changed later."),
        "is_active": common.ACTIVE,
    },
    "newsexchange.offerform": {
        "to": _("Each of them is told and may take the story, or decline without a reason."),
        "modules": _("All houses that take part in it, those that join later too."),
    },
    "newsexchange.takeform": {
        "accepts_credit": _("Without this the story cannot be taken. The credit line stands in the terms above."),
        "broadcaster": common.WHICH_HOUSE,
    },
    "newsexchange.correctform": {"headline": _HEADLINE, "summary": _SUMMARY, "body": _BODY, "note": _CHANGE},
    "newsexchange.recallform": {
        "kind": _("A kill is for ever; what is withheld can be restored. Whoever received the story is told at once."),
        "reason": _("Every house that received the story reads it, such as “wrong person in the picture”."),
    },
    "newsexchange.useform": {
        "kind": _("On air, or on a page that one can open."),
        "channel": _("The channel of your house on which it was shown. Only for airings."),
        "duration_ms": _("How long it was on air, such as 00:01:30. Only for airings."),
        "language": _("In which language version it was used, such as kk or sr-Latn."),
        "title": _("The programme in which it was shown. Empty: not known."),
        "url": _("Where one can read or see it; begins with https://. Only for links."),
    },
    "newsexchange.fillform": {
        "story": _("One of the newest that your house has published. The partner is offered it.")
    },
    "newsexchange.windowform": {
        "since": _("Events from this moment on are sent again, in the old order."),
        "until": _("Up to this moment. Empty: up to now."),
    },
    "newsexchange.tryform": {
        "source": _("The language of the sentence below."),
        "target": _INTO,
        "text": _("A sentence to try; what the service answers is shown and not kept."),
    },
    "newsexchange.changeform": {"note": _CHANGE},
    "newsexchange.shotform": {
        "in_ms": _BEGINS,
        "out_ms": _BEGINS,
        "description": _("What one sees, for somebody who cannot play it: people, place, movement."),
        "location": _("Where it was filmed, such as “Belgrade, Gazela bridge”."),
        "audio": _("Whether there is natural sound, speech or none."),
        "source": _("Who filmed it, if it was not your own crew. Another’s shot may carry restrictions."),
    },
    "newsexchange.soundbiteform": {
        "in_ms": _BEGINS,
        "out_ms": _BEGINS,
        "speaker": _("First and last name, as on a caption."),
        "speaker_role": _("Office or profession on that day, as on a caption."),
        "text": _("Word for word, in the language spoken. It is never rewritten."),
        "translations": _("The same words in this language, for subtitles or voice-over."),
    },
    "newsexchange.renditionform": {"rel": _ROLE, "title": _PURPOSE_OF_FILE},
    "newsexchange.uploadform": {"rel": _ROLE, "title": _PURPOSE_OF_FILE, "file": common.FILE},
    "newsexchange.restrictionform": {
        "shot": _("The whole story, or one shot of it."),
        "territories": _("Where it holds. None: everywhere."),
        "starts_at": _("From when it holds. Empty: at once."),
        "ends_at": _("Until when it holds. Empty: for ever."),
        "is_barred": _FORBIDS,
        "max_seconds": _("The longest that may be shown, in seconds."),
        "reimport_hours": _("For so many hours after publication it may not be sent back into the country of origin."),
        "no_archive": _FORBIDS,
        "no_online": _FORBIDS,
        "no_edit": _FORBIDS,
        "no_resale": _FORBIDS,
        "note": _("As the owner of the rights has worded it. It is shown as it stands."),
        "ORDER": common.POSITION,
        "DELETE": _("Ticked: this row is gone when you save."),
    },
    "newsexchange.translationform": {
        "headline": _HEADLINE,
        "summary": _SUMMARY,
        "body": _BODY,
        "origin": _("Whether a person, a machine or another house has made this text."),
        "ai_use": _AI_USE,
        "note": _CHANGE,
    },
    "newsexchange.reviewform": {
        "text": _("The translation of the sentence beside it. What you correct is remembered for the next time."),
        "note": _CHANGE,
        "reason": common.REASON,
        "has_looked": _("Tick it if the text is right although it does not use the words of the glossary."),
    },
}
