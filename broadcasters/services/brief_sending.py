"""Sending scheduled briefs. A row for each subscription and period is claimed under a lease; it is sent at most once.

Should a sender be killed between the mail server's yes and its own note of it, the message goes out again with the same
Message-ID, by which the recipient's server can tell.
"""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from broadcasters.brief_constants import LADDER, SENDING, BriefFormat, IssueStatus, PauseReason
from broadcasters.formats.brief import PDF, file_name, page_of, render_pdf
from broadcasters.formats.brief_book import XLSX, render_book
from broadcasters.models import Brief, BriefIssue, BriefSubscription, Memorandum
from broadcasters.notifications import BRIEF_READY
from broadcasters.services.brief import make_brief, next_due_at, pause_subscription, span_due
from broadcasters.spans import parse_span
from mediaexchange.core.languages.tags import to_bcp47
from mediaexchange.core.mail import FAILURES
from mediaexchange.core.notifications import notify

PLANNED = 500  # subscriptions in one transaction

log = structlog.get_logger(__name__)


def plan_issues() -> int:
    """Write down what is due, each period once; returns how many subscriptions were looked at. Safe side by side.

    Whoever was not reached for a while gets the last period alone.
    """
    with transaction.atomic():
        due = BriefSubscription.objects.due().select_related("person").order_by("next_due_at", "pk")
        rows = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True)[:PLANNED])
        now = timezone.now()
        BriefIssue.objects.bulk_create(
            [BriefIssue(subscription=row, period=span_due(row, now).code) for row in rows], ignore_conflicts=True
        )
        for row in rows:
            row.next_due_at = next_due_at(row, now)
        BriefSubscription.objects.bulk_update(rows, ["next_due_at"])
        return len(rows)


def send_next() -> bool:
    """Make and send one brief that is due; False if none is. Safe side by side, and after whoever was killed."""
    claimed = _claim()
    if claimed is None:
        return False
    issue_id, token = claimed
    issue = BriefIssue.objects.select_related("subscription__person", "subscription__memorandum", "brief").get(
        pk=issue_id
    )
    subscription = issue.subscription
    if issue.attempts > len(LADDER) + 1:
        _finish(issue, token, status=IssueStatus.FAILED)
        return True
    if not _may_have_it(subscription):
        pause_subscription(subscription, actor=None, reason=PauseReason.NOT_A_MEMBER)
        _finish(issue, token, status=IssueStatus.CALLED_OFF)
        return True
    try:
        if message := _message(issue, _frozen(issue)):
            message.send()
    except FAILURES as error:
        _missed(issue, token, f"mail: {type(error).__name__}")
        return True
    _finish(issue, token, status=IssueStatus.SENT, sent_at=timezone.now())
    return True


def _may_have_it(subscription: BriefSubscription) -> bool:
    person = subscription.person
    seen = Memorandum.objects.visible_to(person).filter(pk=subscription.memorandum_id)
    return person.is_active and not subscription.paused and seen.exists()


@transaction.atomic
def _claim() -> tuple[int, UUID] | None:
    due = BriefIssue.objects.due().select_for_update(of=("self",), skip_locked=True, no_key=True)
    issue_id = due.order_by("attempts", "due_at", "pk").values_list("pk", flat=True).first()
    if issue_id is None:
        return None
    token = uuid4()
    BriefIssue.objects.filter(pk=issue_id).update(
        lease_token=token, leased_until=Now() + SENDING, attempts=F("attempts") + 1
    )
    return issue_id, token


@transaction.atomic
def _frozen(issue: BriefIssue) -> Brief:
    """The issue’s brief, made and told of when first asked for: another attempt sends the same figures."""
    locked = BriefIssue.objects.select_for_update(of=("self",), no_key=True).get(pk=issue.pk)
    subscription = issue.subscription
    if locked.brief_id is None:
        person, span = subscription.person, parse_span(issue.period)
        locked.brief = make_brief(subscription.memorandum, actor=person, span=span)
        locked.save(update_fields=["brief"])
        notify(BRIEF_READY, to=[person.pk], subject_type="brief", subject_uid=locked.brief.uid, key=str(issue.uid)[:60])
    return Brief.objects.select_related("person", "memorandum").get(pk=locked.brief.pk)


def _message(issue: BriefIssue, brief: Brief) -> EmailMultiAlternatives | None:
    """None if there is nowhere to send it: then the inbox alone tells of it."""
    subscription = issue.subscription
    person, language = subscription.person, subscription.language
    if not person.email:
        return None
    page = page_of(brief, language)
    links = settings.PUBLIC_URL + reverse("admin:broadcasters_briefsubscription_changelist")
    context = {
        "page": page,
        "address": settings.PUBLIC_URL + reverse("admin:broadcasters_brief_page", args=[brief.pk, language]),
        "choices": links,
        "is_attached": subscription.format != BriefFormat.HTML,
    }
    with override(language):
        message = EmailMultiAlternatives(
            " ".join(f"{page.title}: {page.period}".split()),
            render_to_string("broadcasters/brief_mail.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [person.email],
            headers={
                "Message-ID": f"<briefs.{issue.uid}@{urlsplit(settings.PUBLIC_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": to_bcp47(language),
                "List-Unsubscribe": f"<{links}>",
            },
        )
    match subscription.format:
        case BriefFormat.PDF:
            message.attach(file_name(brief, language, "pdf"), render_pdf(brief, language), PDF)
        case BriefFormat.XLSX:
            message.attach(file_name(brief, language, "xlsx"), render_book(brief, language), XLSX)
    return message


def _finish(issue: BriefIssue, token: UUID, **values: object) -> None:
    """Unless somebody else has the lease by now: a late word does not count."""
    BriefIssue.objects.filter(pk=issue.pk, lease_token=token, status=IssueStatus.PENDING).update(
        leased_until=None, lease_token=None, last_error="", **values
    )


def _missed(issue: BriefIssue, token: UUID, error: str) -> None:
    log.warning("briefs.mail-failed", issue=issue.pk, error=error)
    step = issue.attempts - 1
    is_last = step >= len(LADDER)
    BriefIssue.objects.filter(pk=issue.pk, lease_token=token, status=IssueStatus.PENDING).update(
        status=IssueStatus.FAILED if is_last else IssueStatus.PENDING,
        due_at=timezone.now() + (timedelta() if is_last else LADDER[step]),
        last_error=error[:200],
        leased_until=None,
        lease_token=None,
    )
