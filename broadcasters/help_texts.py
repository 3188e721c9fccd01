"""What the forms of partners, agreements and directories ask for."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core import help_texts as common

_CHOSEN = _("Choose the record to which it belongs.")
_NAME_IN_A_LANGUAGE = _("The name as one language writes it, such as “Tokajev” for “Токаев”.")

HELP: common.HelpTexts = {
    "broadcasters.airing": {
        "channel": _("The channel on which it was shown. Its weekly foreign share is counted anew."),
        "started_at": common.MOMENT,
        "origin": _("The house that made it. What another house made than the channel’s counts as foreign."),
        "title": _("As it was announced, in the language of the programme."),
        "language": common.TAG,
    },
    "broadcasters.broadcaster": {
        "ownership": _("Who stands behind it. It is shown with everything that the house offers."),
        "member_of": _("Unions and networks with commas between them, such as EBU, ABU."),
        "abbreviation": _("As colleagues say it, such as RTS or PTRC."),
        "data_region": _("Two letters of the country in which personal data of its people are kept, such as RS."),
    },
    "broadcasters.channel": {
        "is_live": common.ACTIVE,
        "foreign_share_cap_percent": _("Per cent of its weekly minutes that may come from abroad; empty means no cap."),
    },
    "broadcasters.glossaryterm": {
        "text": _("The word or words that newsrooms of this language say, in lower case unless it is a name."),
        "variants": _("Other words for the same, with commas between them. Search finds them too."),
        "part_of_speech": _("What kind of word it is. It decides how translations inflect it."),
        "is_doubtful": _("Tick it if a newsroom should look at the term first; then say why below."),
        "doubt": _("What speaks against the term. Needed only while it is in doubt."),
        "source": _("Where the term was found. A newsroom’s word goes before the project’s own."),
    },
    "broadcasters.claim": {
        "event": _("What it is about. Choose one record at most, or a topic alone."),
        "place": _("What it is about. Choose one record at most, or a topic alone."),
        "institution": _("What it is about. Choose one record at most, or a topic alone."),
        "memorandum": _("What it is about. Whoever does not see the memorandum does not see the claim."),
        "module": _("What it is about. Whoever does not see the module does not see the claim."),
        "speaker_person": _("The person whose words they are. Add the office in words below."),
        "speaker_institution": _("The institution whose words they are, if no person speaks."),
    },
    "broadcasters.institution": {
        "kind": common.KIND,
        "country_code": _("Two capital letters, such as RS or KZ. Empty if it belongs to several countries."),
    },
    "broadcasters.membership": {
        "user": _("The account that gets the role."),
        "broadcaster": common.EMPLOYER,
        "role": common.ROLE,
    },
    "broadcasters.party": {
        "memorandum": _("The agreement that this house is a party to."),
        "broadcaster": _("The house that signs, or is said to sign."),
        "signature_status": _(
            "Announced until a reliable source reports that it was signed; corroborated when two independent ones do."
        ),
        "signatory_name": _("Who signed for the house, as the source writes the name. Empty: no source names anybody."),
        "signatory_office": _("The office that the person held on that day, such as “director general”."),
    },
    "broadcasters.partysource": {
        "party": _CHOSEN,
        "title": _("The headline or the name of the document."),
        "publisher": _("Who published it: an agency, a newspaper, the house itself."),
        "stance": _("What this source says about the signature of this party."),
    },
    "broadcasters.memorandum": {
        "place": _("Where it was signed. Type how the name begins, in either script, and choose."),
        "languages": _("BCP 47 tags with commas between them; texts in all of them are equally valid."),
        "in_force_on": _("The first day of its term. Empty: it is not in force yet."),
        "renewal": _("What happens when the term is over and nobody has said anything."),
        "notice_days": _("How many days before the end a party must say that it leaves."),
        "occasion": _("The event at which it was signed, such as a state visit."),
    },
    "broadcasters.module": {
        "area": _("The kind of cooperation. It decides which records the module can hold."),
        "memoranda": _("The agreements under which it runs. One is enough."),
        "parties": _("The houses that take part. Each must be a party to one of the memoranda."),
        "demand_note": _("What audiences have asked for, and how one knows: letters, figures, a survey."),
        "feasibility_note": _("Which people, money and equipment it takes, and whether they are there."),
    },
    "broadcasters.clause": {
        "position": common.POSITION,
        "number": _("As the document numbers it, such as 4 or 4.2 (a). Obligations rest on it."),
        "heading": _("What the clause is about, in a few words."),
        "text": _("The words of the clause. A language without them shows another one’s."),
    },
    "broadcasters.memorandumtext": {
        "memorandum": _("The agreement whose text it is."),
        "title": _("As it stands on the document, in the language of the text."),
        "body": _("The whole text, if you have it as words. Otherwise hand in the document or give its address."),
        "url": common.ADDRESS,
    },
    "broadcasters.minutes": {
        "memorandum": _("The agreement on which its parties have consulted. Only they read the minutes."),
        "title": _("Under what it is found, such as “Consultation in Belgrade”."),
        "held_on": _("The day of the consultation; the first one if there were several."),
        "place": common.PLACE,
    },
    "broadcasters.minutesparticipant": {
        "broadcaster": _("The party for which the person was there."),
        "name": _("As the person writes it."),
        "office": _("What the person is at the house, such as “head of exchange”."),
    },
    "broadcasters.minutesitem": {
        "position": common.POSITION,
        "topic": _("What was talked about, in a few words."),
        "decision": _("What the parties agreed to. It becomes the note of an obligation that is made of it."),
        "owner": _("The party that does it. Empty: nothing is to be done."),
        "responsible": _("The person there who answers for it."),
        "due_on": common.DUE_DAY,
    },
    "broadcasters.modulereview": {
        "module": _("The module that is reviewed. A move of it may rest on the review."),
        "broadcaster": _("Your house, which says this."),
        "first_on": common.FIRST_DAY,
        "last_on": _("The last day that is looked at, to its end."),
        "demand_note": _("What audiences want, in words. Figures with their sources stand below."),
        "staff": _("Whether there are people enough to go on."),
        "budget": _("Whether there is money enough to go on."),
        "kit": _("Whether there is equipment enough to go on."),
        "feasibility_note": _("What is lacking, and what it would take."),
        "verdict": _("What you recommend. A pause or an end can rest only on a review that says so."),
        "verdict_reason": common.REASON,
    },
    "broadcasters.demandfigure": {
        "measure": _("What was counted."),
        "value": _("A number, in what the measure says."),
        "source": common.TEXT_SOURCE,
        "url": common.ADDRESS,
        "as_of": _("The day for which the source states it."),
    },
    "broadcasters.reviewevidence": {
        "indicator": _("A count of the system, made anew for the days of the review whenever somebody reads it."),
        "broadcaster": _("The house whose doing is counted."),
    },
    "broadcasters.initiative": {
        "module": _("The module of digital development under which it stands. Nothing begins while it rests."),
        "kind": common.KIND,
        "starts_on": common.FIRST_DAY,
        "ends_on": common.LAST_DAY,
        "summary": common.WORDS,
    },
    "broadcasters.initiativeowner": {"broadcaster": _("A house that carries it; each is a party of the module.")},
    "broadcasters.initiativemilestone": {
        "owner": _("The house that has to reach it, and that says when it is reached."),
        "planned_on": common.DUE_DAY,
        "is_cancelled": _("Tick it instead of deleting; calendars show it as called off."),
        "title": _("What will then be there, in a few words."),
    },
    "broadcasters.result": {
        "title": _("What has come of it, in a few words."),
        "value": _("A number; then give the unit and the source too."),
        "unit": _("What is counted, such as “viewers”."),
        "as_of": _("The day for which it holds."),
        "indicator": _("The name of a count of the system, if one shows it. Empty: none does."),
        "url": common.ADDRESS,
        "source": common.TEXT_SOURCE,
    },
    "broadcasters.guideline": {
        "module": _("The module whose parties share it."),
        "initiative": _("The initiative that it came from. Empty: none."),
        "kind": common.KIND,
    },
    "broadcasters.guidelineversion": {"text": _("The rules themselves. Houses adopt these very words.")},
    "broadcasters.obligation": {
        "title": _("In a few words what shall be done, such as “Five news items a week”."),
        "memorandum": _("The agreement that says so."),
        "module": _("The part of the agreement that it belongs to. Empty: the whole agreement."),
        "clause": _("The clause of the agreement that it rests on. Empty: it was agreed elsewhere."),
        "debtor": _("The house that has to do it."),
        "creditor": _("The house to which it is owed. Empty: all other parties together."),
        "indicator": _("The count that shows how much is done. It opens the records that it counts."),
        "amount": _("How many of what is counted; a whole number, such as 5."),
        "rhythm": _("Whether so many are owed once, or in every week, month, quarter or year."),
    },
    "broadcasters.personalias": {"person": _CHOSEN, "text": _NAME_IN_A_LANGUAGE},
    "broadcasters.place": {
        "kind": common.KIND,
        "parent": _("The larger place around it: a city for a street, a country for a city."),
    },
    "broadcasters.placename": {
        "place": _CHOSEN,
        "text": _NAME_IN_A_LANGUAGE,
        "valid_from": _("EDTF, such as 2019-03-23: since when the place has this name. Empty: not known."),
        "valid_until": _("EDTF, such as 2022-09: until when. Empty: it still has this name."),
    },
    "broadcasters.sentenceform": {"text": _("A sentence in Cyrillic or Latin. Below you see how it would be stored.")},
    "broadcasters.issuekeyform": {
        "name": _("By which you will know it again, such as “newsroom system in Astana”."),
        "scopes": _("What the key may read and write. Give it no more than the program needs."),
    },
}
