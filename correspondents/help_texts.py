"""What the forms of correspondents and planning ask for."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core import help_texts as common

_PRIORITY = _("High stands first in lists and may be covered by several; low is done if somebody is there anyway.")
_INSTITUTION = _("Who invites or is in charge there. Type how the name begins and choose. Empty: nobody.")

HELP: common.HelpTexts = {
    "correspondents.assignment": {
        "title": _("What the journey is for, such as “Visit of the delegation to Astana”."),
        "broadcaster": _("The bureau that sends the correspondent and pays."),
        "correspondent": _("Who goes. Papers that the country demands are checked against the days below."),
        "host_institution": _INSTITUTION,
        "event": _("The event of the planning calendar that is covered. Empty: none."),
        "priority": _PRIORITY,
        "brief": _("What is wanted: stories, interviews, pictures, lengths, whom to call."),
    },
    "correspondents.correspondent": {
        "languages": _("BCP 47 tags with commas between them: languages the person works in."),
        "skills": _("What the person can do, such as camera or live reports. Several can be chosen."),
        "home_base": _("The city in which the person usually works. Read in the own house alone."),
    },
    "correspondents.plannedevent": {
        "kind": common.KIND,
        "institutions": _("Who takes part or invites. Several can be chosen."),
    },
    "correspondents.kit": {
        "name": common.LABEL,
        "inventory_number": _("As it stands in the books of the house and on the label, such as K-0042."),
        "serial_number": _("As the maker has stamped it; customs ask for it. Empty: it has none."),
    },
    "correspondents.overlappolicy": {
        "rule": _("What is looked for: a person or equipment booked twice, or papers that end too early."),
        "effect": _("Whether such an assignment is refused, only marked, or let through."),
    },
    "correspondents.countryrequirement": {
        "name": _("What the paper is called, such as “accreditation of foreign media”."),
        "kind": common.KIND,
        "term": _("Whether it is for one journey or for a permanent bureau. Empty: either."),
        "is_compulsory": _("Ticked: whoever goes there must hold the paper; the checklist says so."),
        "for_whom": _("Of which people the country demands it."),
        "lead_days": _("How many days before arrival it must be applied for. Empty: not laid down."),
        "decision_days": _("How many days the authority takes. The checklist reckons back from them."),
        "authority": _("The office that gives it, such as the ministry of foreign affairs."),
    },
    "correspondents.whyform": {"reason": common.REASON},
    "correspondents.handoverform": {
        "to_correspondent": _("Who goes on with the work. They confirm that they have it."),
    },
    "correspondents.accessform": {
        "sphere": _("To what the access is: a building, a field of politics, a person’s office."),
        "institution": _INSTITUTION,
        "conditions": _("What was agreed, such as “no recording in the corridor”."),
    },
    "correspondents.fileform": {
        "thing": _("The story, footage or airing that the assignment produced."),
        "wish": _("The partner’s wish that it fulfils. Empty: none."),
    },
    "correspondents.whereaboutsform": {
        "place": _("Where the person is now. Only the own desk and the person read it."),
        "phone": _("With the country’s number, such as +7 701 000 00 00."),
        "email": _("Where the person reads mail on the way. Empty: the usual address."),
        "emergency_contact": _("Who shall be called if something happens, and how."),
        "local_contacts": _("People on the spot who help: driver, fixer, embassy. Never shown to partners."),
        "note": _("What the desk must know for the person’s safety."),
    },
    "correspondents.wantform": {
        "requirement": _("The paper that the country demands. The checklist then counts down its days."),
        "apply_by_on": _("Empty: reckoned from the rules of the country."),
    },
    "correspondents.grantform": {"valid_from": common.DAY_ON_PAPER},
    "correspondents.wishform": {
        "broadcaster": _("The house that wants the coverage."),
        "wanted": _("What shall come of it. Choose as many as are wanted."),
        "priority": _PRIORITY,
        "note": _("What matters to you: an angle, a guest, a length."),
    },
}
