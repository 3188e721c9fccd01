"""How a memorandum ends or goes on: notice, taken back, and consent to another term."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import Renewal
from broadcasters.models import Broadcaster, Memorandum, RenewalConsent, TerminationNotice
from broadcasters.services.memorandum import require_party, tell
from broadcasters.services.recipients import people_with
from broadcasters.services.saving import lock_memorandum, parties_of, refusals, require_one
from broadcasters.terms import last_day_after_notice, term_of
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.models import User
from mediaexchange.core.notifications import notify


@transaction.atomic
def give_notice(
    memorandum: Memorandum,
    *,
    actor: User | None,
    broadcaster: Broadcaster,
    given_on: date | None = None,
    reason: str = "",
) -> TerminationNotice:
    """Leave a memorandum: on which day the party is free follows from its term and its days of notice.

    Without ``given_on`` today, where the party is. Raises ConflictError for a second notice and for what is not in
    force, DomainError for a day that lies ahead, ForbiddenError.
    """
    stored = lock_memorandum(memorandum.pk)
    require_party(actor, "broadcasters.add_terminationnotice", stored, broadcaster)
    given_on = given_on or broadcaster.today()
    if given_on > broadcaster.today():
        raise DomainError("day-ahead", _("Notice that is given has a day that has come."))
    last_on = last_day_after_notice(stored, given_on)
    if last_on is None:
        raise ConflictError("not-in-force", _("The memorandum is not in force on that day, or no day is known."))
    with refusals():
        notice = TerminationNotice.objects.create(
            memorandum=stored, broadcaster=broadcaster, given_on=given_on, last_on=last_on, reason=reason.strip(),
            written_by=actor,
        )  # fmt: skip
    tell(
        stored, "memorandum.notice", actor, party=broadcaster.slug, given_on=given_on.isoformat(),
        last_on=last_on.isoformat(),
    )  # fmt: skip
    notify(
        "broadcasters.notice-given", to=people_with("broadcasters.change_memorandum", parties_of(stored)),
        subject_type="termination-notice", subject_uid=notice.uid, actor=actor,
    )  # fmt: skip
    return notice


@transaction.atomic
def withdraw_notice(notice: TerminationNotice, *, actor: User | None) -> TerminationNotice:
    """Stay after all, as long as the last day has not passed. Safe to repeat."""
    memorandum = lock_memorandum(notice.memorandum_id)
    stored = TerminationNotice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
    require_one(actor, "broadcasters.change_terminationnotice", [stored.broadcaster_id])
    if stored.withdrawn_on is not None:
        return stored
    today = stored.broadcaster.today()
    if stored.last_on < today:
        raise ConflictError("notice-took-effect", _("The notice has taken effect."))
    stored.withdrawn_on = max(today, stored.given_on)
    stored.save(update_fields=["withdrawn_on"])
    tell(memorandum, "memorandum.notice-withdrawn", actor, party=stored.broadcaster.slug)
    return stored


@transaction.atomic
def consent_to_renewal(memorandum: Memorandum, *, actor: User | None, broadcaster: Broadcaster) -> RenewalConsent:
    """Agree, for one party, to the term after the present one. Safe to repeat.

    The term begins when all parties have agreed that had joined before it and stay. Raises ConflictError where renewal
    needs no agreement, or nothing is in force that could be renewed.
    """
    stored = lock_memorandum(memorandum.pk)
    require_party(actor, "broadcasters.add_renewalconsent", stored, broadcaster)
    if stored.renewal != Renewal.AGREED:
        raise ConflictError("renewal-not-agreed", _("This memorandum is not renewed by agreement."))
    term = term_of(stored, broadcaster.today())
    if term is None or term.is_ended:
        raise ConflictError("not-in-force", _("The memorandum is not in force on that day, or no day is known."))
    consent, created = RenewalConsent.objects.get_or_create(
        memorandum=stored, term_number=term.number + 1, broadcaster=broadcaster,
        defaults={"consented_on": broadcaster.today(), "written_by": actor},
    )  # fmt: skip
    if created:
        tell(stored, "memorandum.consent", actor, party=broadcaster.slug, term=term.number + 1)
    return consent
