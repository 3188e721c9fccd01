"""Money in a brief: the budget by category as the reader may see it, and instalments.

Other houses' private lines are in no figure: the sums come from ``figures``, as on every page.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from productions.figures import Figures, Total, figures_of
from productions.formats.brief_page import Column, Facts, Section, Table
from productions.formats.brief_words import NOTHING, day, short
from productions.models import Budget, FrozenRate, Instalment, Production
from productions.money import Money


def budget(production: Production, reader: User) -> Section | None:
    """The revision in force; while there is none, the one that is being worked on."""
    rows = Budget.objects.visible_to(reader).filter(production=production).select_related("reporting_currency")
    revision = rows.in_force().first() or rows.open().first()
    if revision is None:
        return None
    figures = figures_of(revision, reader)
    status = {"number": revision.number, "status": revision.get_status_display()}
    return Section(
        _("Budget, revision %(number)d: %(status)s") % status,
        facts=_parts(figures),
        table=_table(figures),
        notes=[_frozen(rate) for rate in FrozenRate.objects.visible_to(reader).filter(budget=revision)],
    )


def instalments(production: Production, reader: User) -> Section | None:
    rows = (
        Instalment.objects.visible_to(reader)
        .filter(production=production)
        .select_related("payer__broadcaster", "payee__broadcaster", "currency", "milestone")
    )
    if not rows:
        return None
    columns = [
        Column(_("Description"), 4),
        Column(_("From whom to whom"), 3),
        Column(_("Due on"), 2),
        Column(_("Gross"), 0, "end"),
        Column(_("Net of tax withheld"), 0, "end"),
        Column(_("Status"), 2),
    ]
    return Section(_("Instalments"), table=Table(columns, [_instalment(row) for row in rows]))


def _instalment(row: Instalment) -> list[str]:
    return [
        row.description,
        f"{short(row.payer.broadcaster)} → {short(row.payee.broadcaster)}",
        day(row.expected_on),
        str(row.gross),
        str(row.net),
        str(row.get_status_display()),
    ]


def _table(figures: Figures) -> Table:
    columns = [
        Column(_("Budget category"), 5),
        Column(_("Planned"), 3, "end"),
        Column(pgettext("budget", "Actual"), 3, "end"),
        Column(pgettext("budget", "Left"), 3, "end"),
    ]
    rows = [
        [localized(each.category, "name"), _told(each.planned), _told(each.actual), _amount(each.left)]
        for each in figures.categories
    ]
    totals = [[_("Total"), _told(figures.planned), _told(figures.actual), _amount(figures.left)]]
    return Table(columns, rows, totals)


def _parts(figures: Figures) -> Facts:
    """What of it all partners see, and what only the reader's house does; nothing where that is the same."""
    if figures.own_private_planned is None or figures.own_private_actual is None:
        return []
    return [
        (_("Seen by all partners"), _pair(figures.shared_planned, figures.shared_actual)),
        (_("Private to your house"), _pair(figures.own_private_planned, figures.own_private_actual)),
    ]


def _pair(planned: Total, actual: Total) -> str:
    return _("planned %(planned)s, actual %(actual)s") % {"planned": _told(planned), "actual": _told(actual)}


def _told(total: Total) -> str:
    """In the reporting currency; by currency where no rate is frozen."""
    return str(total.total) if total.total is not None else "\n".join(map(str, total.amounts))


def _amount(money: Money | None) -> str:
    return str(money) if money is not None else NOTHING


def _frozen(rate: FrozenRate) -> str:
    return _("%(rate)s, of %(day)s, from %(source)s, frozen for this revision.") % {
        "rate": rate,
        "day": day(rate.dated_on),
        "source": rate.source,
    }
