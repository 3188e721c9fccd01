"""Which sheet of a workbook an import reads: chosen until it is approved, as long as the workbook is kept."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from broadcasters.airing_constants import LogStatus
from broadcasters.models import AiringImport
from broadcasters.parsing.base import Code
from broadcasters.services.airing_import import TASK, lock_import
from mediaexchange.core.bell import wake
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User

WORKBOOKS_KEPT = timedelta(days=7)
_CHOOSING = (LogStatus.COLUMNS, LogStatus.PREVIEW, LogStatus.REFUSED)


def may_choose_sheet(airing_import: AiringImport) -> bool:
    """Whether its workbook is still kept, and nothing of it written."""
    kept = AiringImport.objects.filter(pk=airing_import.pk, content__isnull=False)
    return bool(airing_import.sheets) and kept.filter(status__in=_CHOOSING).exists()


@transaction.atomic
def choose_sheet(airing_import: AiringImport, *, actor: User | None, sheet: str) -> AiringImport:
    """Have another sheet of the workbook read by a worker, instead of what was read. Safe to repeat.

    Raises DomainError for a name that no sheet has, ConflictError once it is being written or no longer kept.
    """
    stored = lock_import(airing_import, actor)
    if stored.status == LogStatus.READING and stored.sheet == sheet:
        return stored
    if not may_choose_sheet(stored):
        raise ConflictError("workbook-gone", _("The workbook is no longer kept; send it again."), current=stored.status)
    if sheet not in stored.sheets:
        refusal = _("The workbook has no such sheet. It has: %(sheets)s.") % {"sheets": ", ".join(stored.sheets)}
        raise DomainError(Code.NO_SUCH_SHEET, refusal, field="sheet", sheets=stored.sheets)
    stored.rows.all().delete()
    stored.status, stored.sheet, stored.error, stored.detail = LogStatus.READING, sheet, "", ""
    stored.save(update_fields=["status", "sheet", "error", "detail"])
    transaction.on_commit(lambda: wake(TASK))
    return stored


def forget_workbooks(age: timedelta = WORKBOOKS_KEPT) -> int:
    """Let go of workbooks that wait for a decision for so long; what was read of them stays. Returns how many."""
    waiting = AiringImport.objects.filter(status__in=_CHOOSING, content__isnull=False)
    return waiting.filter(created_at__lt=Now() - age).update(content=None)
