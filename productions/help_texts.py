"""What the forms of co-productions ask for."""

from django.utils.translation import gettext_lazy as _

from mediaexchange.core import help_texts as common

_PRODUCTION = _("The co-production to which it belongs.")
_PAYER = _("The partner that pays.")
_PAYEE = _("The partner that is paid.")
_PERCENT = _("A number from 0 to 100, such as 60.")
_SHARE = _("Shares of all partners make 100 per cent together.")
_CATEGORY = _("The heading under which the budget adds it up.")
_REVIEW_TITLE = _("What is done when this is reached, such as “Rough cut shown to both partners”.")
_HOLDER = _("The partner that may show it.")

HELP: common.HelpTexts = {
    "productions.production": {
        "kind": common.KIND,
        "themes": _("What it is about. Lists and figures are narrowed by it."),
        "episodes": _("How many parts are planned; 1 for a single programme."),
        "episode_minutes": _("The length of one part in minutes, such as 52."),
        "languages": _("BCP 47 tags with commas between them: in which languages it is shot."),
    },
    "productions.archiveuse": {
        "production": _PRODUCTION,
        "item": _("The footage of the archive that is shown. Its licence must cover the production."),
        "grant": _("The licence that allows it. While there is none, nothing is delivered."),
    },
    "productions.revision": {
        "production": _PRODUCTION,
        "kind": _("What is shown to the partners. Only an approved final cut can be delivered."),
        "instantiation": _("The cut or the script as the archive holds it; type a part of its name."),
    },
    "productions.languageversion": {
        "production": _PRODUCTION,
        "kind": _("How the language comes in: subtitles, dubbing, voice-over. The original needs neither."),
        "payer": _("The partner that pays for this version."),
        "owner": _("The partner to whom this version belongs afterwards."),
        "ai_use": _("How artificial intelligence took part. While nobody has said, nothing is delivered."),
    },
    "productions.deliverable": {
        "version": _("The language version that it is part of."),
        "kind": _("What has to be handed over: the master, music and effects, a dialogue list and so on."),
        "supplier": _("The partner that has to hand it over."),
        "broadcaster": _("The partner that gets it, and accepts or rejects it."),
    },
    "productions.milestone": {"title": _REVIEW_TITLE},
    "productions.stage": {
        "is_initial": _("Every new production stands here first. Only one stage can have it."),
        "is_pilot": _("Ticked: partners give their marks while a pilot stands here."),
        "is_closed": _("Ticked: what stands here can no longer be changed."),
        "is_stopped": _("Ticked: a review that says stop leads here. Only one stage can have it."),
    },
    "productions.stagemove": {
        "to_stage": _("Where the production goes."),
        "needs_reason": _("Ticked: nobody can make this move without saying why."),
    },
    "productions.ruleset": {
        "bilateral_least": _PERCENT,
        "bilateral_most": _PERCENT,
        "multilateral_least": _PERCENT,
        "multilateral_most": _PERCENT,
        "is_active": common.ACTIVE,
    },
    "productions.window": {"note": _("What else was agreed, such as “not against the news”. All partners read it.")},
    "productions.lineform": {
        "description": _("What the money is for, such as “camera crew, Astana, 4 days”."),
        "planned": common.AMOUNT,
        "ends_on": _("The last day on which it is spent."),
        "category": _CATEGORY,
        "payer": _PAYER,
        "owner": common.WHICH_HOUSE,
    },
    "productions.rateform": {
        "rate": _("How many of the second currency one of the first is worth, such as 117.2."),
        "from_currency": common.CURRENCY,
        "to_currency": common.CURRENCY,
    },
    "productions.moveform": {"reason": common.REASON},
    "productions.handoverform": {"instantiation": _("A carrier or a file of the catalogue; or choose a file below.")},
    "productions.expenseform": {
        "spent_on": common.DAY_ON_PAPER,
        "note": _("What it was for, if the line does not say so."),
    },
    "productions.instalmentform": {
        "description": _("What is paid for, such as “second of three: rough cut”."),
        "amount": common.AMOUNT,
        "payer": _PAYER,
        "payee": _PAYEE,
    },
    "productions.invoiceform": {
        "invoiced_on": common.DAY_ON_PAPER,
        "invoice": common.REFERENCE,
    },
    "productions.paymentform": {
        "paid_on": common.DAY_OF_BANK,
        "payment": common.REFERENCE,
    },
    "productions.openform": {"due_on": _("By when all partners should have given their marks. Empty: no deadline.")},
    "productions.incomeform": {
        "received_on": common.DAY_OF_BANK,
        "reference": common.REFERENCE,
        "received_by": _("The partner on whose account it arrived."),
        "territory": _("Where the rights were sold: shares can differ by territory."),
    },
    "productions.payoutform": {
        "amount": common.AMOUNT,
        "paid_on": common.DAY_OF_BANK,
        "reference": common.REFERENCE,
        "payer": _PAYER,
        "payee": _PAYEE,
    },
    "productions.revenuesharesform": {
        "territory": _("For which territory the shares hold. “Everywhere” is for all others."),
        "share": _SHARE,
    },
    "productions.shareform": {
        "share_percent": _SHARE,
        "in_kind_percent": _("How much of the share is work, people or footage instead of money; 0 to 100."),
        "role": _("What the partner is in the contract and in the credits."),
        "holds_final_cut": _("Ticked: nothing is delivered until this partner has approved the final cut."),
    },
    "productions.checkform": {
        "holder": _HOLDER,
        "first_on": common.FIRST_DAY,
        "last_on": common.LAST_DAY,
    },
    "productions.showingform": {
        "channel": _("The channel of the window’s holder."),
        "day": _("The day of the showing, by the clocks of the window’s time zone."),
    },
    "productions.figureform": {
        "value": _("A number as its source gives it: people, views, or per cent."),
        "source_url": common.ADDRESS,
        "as_of": _("The day for which the figure holds."),
        "stated_by": _("The partner that answers for the figure."),
    },
}
