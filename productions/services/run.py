"""Showings under windows: planned, aired, taken back; and what is said of their audience.

The database counts the runs and refuses what does not fit; here its refusals get their words.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from broadcasters.constants import ChannelKind
from broadcasters.models import Airing, Broadcaster, Channel
from broadcasters.permissions import require
from broadcasters.services.airing import name_subject, report_airing
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.outbox import record
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import KNOWN
from productions.constants import FigureKind
from productions.models import AudienceFigure, Production, Run, Window
from productions.runs import numbered
from productions.services.production import lock_production, partner_ids
from productions.services.window import lock_window, refusal_of
from productions.window_words import period_of, platforms_of

_PLATFORM_OF = {
    ChannelKind.TELEVISION: "television",
    ChannelKind.RADIO: "radio",
    ChannelKind.WEB: "web",
    ChannelKind.STREAMING: "streaming",
}
_PERCENT = frozenset({FigureKind.SHARE, FigureKind.RATING})


@transaction.atomic
def plan_run(
    window: Window,
    *,
    actor: User | None,
    channel: Channel,
    starts_at: datetime,
    platform: str = "",
    language: str = "",
    note: str = "",
) -> Run:
    """Plan a showing: it counts from now on, so that nobody plans one too many. Safe to repeat.

    Raises ConflictError "runs-used-up" for one run too many, "outside-window" for a moment or platform that the window
    does not hold; DomainError for another house's channel, ForbiddenError.
    """
    production, stored = _locked(window, actor)
    run = Run(
        window=stored, channel=channel, starts_at=starts_at, platform=platform or platform_of(channel),
        language=language, note=note.strip()[:300], reported_by=actor,
    )  # fmt: skip
    known = Run.objects.counted().filter(
        window=stored, channel=channel, starts_at=starts_at, platform=run.platform
    )  # fmt: skip
    if there := known.first():
        return there
    return _store(run, production, "run.planned", actor)


@transaction.atomic
def report_run(
    window: Window,
    *,
    actor: User | None,
    airing: Airing | None = None,
    channel: Channel | None = None,
    starts_at: datetime | None = None,
    duration_ms: int = 0,
    planned: Run | None = None,
    platform: str = "",
    language: str = "",
) -> Run:
    """Count an airing against a window: one that was reported, or one that is reported now with channel, moment and
    length. What was ``planned`` becomes this airing, with its channel and moment. Safe to repeat.

    Raises ConflictError like ``plan_run``, and "airing-counted" where another window has it already; DomainError,
    ForbiddenError.
    """
    production, stored = _locked(window, actor)
    if planned is not None and planned.window_id != stored.pk:
        raise DomainError("foreign-run", _("The showing was planned under another window."), field="planned")
    if airing is None:
        if channel is None or starts_at is None:
            raise DomainError("airing-missing", _("Name an airing, or a channel and a moment."), field="airing")
        _check_channel(stored, channel)
        airing = report_airing(
            channel, actor=actor, started_at=starts_at, duration_ms=duration_ms, origin=production.made_by,
            title=localized(production, "name"), language=language, subject_type="production",
            subject_uid=production.uid, is_joint=_is_joint(stored, production),
        )  # fmt: skip
    elif airing.subject_uid is not None and airing.subject_uid != production.uid:
        raise DomainError("foreign-airing", _("Something else was aired then."), field="airing")
    elif airing.subject_uid is None:
        airing = name_subject(
            airing, origin=production.made_by, subject_type="production", subject_uid=production.uid,
            is_joint=_is_joint(stored, production),
        )  # fmt: skip
    if there := Run.objects.counted().filter(window=stored, airing=airing).first():
        return there
    run = _planned(planned) if planned is not None else Run(window=stored, reported_by=actor, language=language)
    run.airing, run.channel, run.starts_at = airing, airing.channel, airing.started_at
    run.platform = platform or run.platform or platform_of(airing.channel)
    return _store(run, production, "run.aired", actor)


@transaction.atomic
def cancel_run(run: Run, *, actor: User | None, reason: str) -> Run:
    """Take a showing back: it stays, and counts no longer. Those after it are counted afresh. Safe to repeat.

    Raises ConflictError if the rest would then be too many runs, DomainError without a reason, ForbiddenError.
    """
    production, window = _locked(run.window, actor)
    stored = Run.objects.select_for_update(of=("self",), no_key=True).select_related("channel").get(pk=run.pk)
    if stored.cancelled_at is not None:
        return stored
    if not reason.strip():
        raise DomainError("reason-missing", _("Say why."), field="reason")
    stored.window = window
    stored.cancelled_at, stored.cancelled_reason = timezone.now(), reason.strip()[:300]
    return _store(stored, production, "run.cancelled", actor)


@transaction.atomic
def record_figure(
    run: Run,
    *,
    actor: User | None,
    stated_by: Broadcaster,
    kind: str,
    value: Decimal,
    source: str,
    as_of: date,
    platform: str = "",
    territory: str = "",
    source_url: str = "",
) -> AudienceFigure:
    """Write down what a house says of a showing's audience, with its source and day. Safe to repeat.

    Raises ConflictError where the same source said another figure as of the same day, DomainError for what cannot be,
    ForbiddenError unless the actor speaks for that house.
    """
    production = lock_production(run.window.production)
    require(actor, "productions.add_audiencefigure", stated_by)
    if stated_by.pk not in partner_ids(production):
        raise DomainError("not-a-partner", _("Figures are stated by partners."), field="stated_by")
    if run.is_planned or run.cancelled_at is not None:
        raise ConflictError("not-aired", _("Only what has been aired has an audience."))
    if not source.strip():
        raise DomainError("source-missing", _("Say who measured it, and where that stands."), field="source")
    if value < 0 or (kind in _PERCENT and value > 100):
        raise DomainError("figure-impossible", _("People are counted from 0, shares from 0 to 100."), field="value")
    if territory and territory not in KNOWN:
        raise DomainError("bad-scope", _("There is no such territory."), field="territory")
    said = {
        "kind": kind,
        "platform": platform or run.platform,
        "territory": territory,
        "source": source.strip(),
        "as_of": as_of,
        "stated_by": stated_by,
    }
    known = run.figures.filter(**said).first()
    if known is not None:
        if known.value != value:
            raise ConflictError(
                "figure-stands",
                _("The same source has stated another figure as of this day."),
                current=str(known.value),
            )
        return known
    figure = AudienceFigure.objects.create(
        run=run, value=value, source_url=source_url, recorded_by=actor, **said
    )  # fmt: skip
    record(
        "run.audience-stated", subject_type="run", subject_uid=run.uid, audience=partner_ids(production), actor=actor,
        production=str(production.uid), figure=kind,
    )  # fmt: skip
    return figure


def preview(window: Window, starts_at: datetime) -> tuple[int, bool]:
    """The run that a showing at this moment would belong to, and whether it would repeat one."""
    there = list(window.showings.counted().values_list("starts_at", flat=True))
    runs = numbered(
        [*there, starts_at], unit=window.repeat_unit, length=window.repeat_length, time_zone=window.time_zone
    )
    return next((number, is_repeat) for start, number, is_repeat in reversed(runs) if start == starts_at)


def platform_of(channel: Channel) -> str:
    """What viewers of such a channel watch on; television where nothing better is known."""
    return _PLATFORM_OF.get(ChannelKind(channel.kind), PLATFORMS[0])


def _is_joint(window: Window, production: Production) -> bool:
    """The holder is a partner: on its own channels what it made with others is not foreign."""
    return window.holder.broadcaster_id != production.made_by_id


def _locked(window: Window, actor: User | None) -> tuple[Production, Window]:
    production = lock_production(window.production)
    stored = lock_window(window)
    require(actor, "productions.add_run", stored.holder.broadcaster_id)
    return production, stored


def _planned(run: Run) -> Run:
    stored = Run.objects.select_for_update(of=("self",), no_key=True).select_related("window").get(pk=run.pk)
    if stored.cancelled_at is not None:
        raise ConflictError("run-cancelled", _("The showing was taken back."), current="cancelled")
    if stored.airing_id is not None:
        raise ConflictError("run-aired", _("It has been aired already."), current="aired")
    return stored


def _store(run: Run, production: Production, kind: str, actor: User | None) -> Run:
    window = run.window
    if run.cancelled_at is None:
        _check(window, run)
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise _refusal(error, window) from error
    run.refresh_from_db(fields=["number", "is_repeat"])
    window.refresh_from_db(fields=["runs_used"])
    record(
        kind, subject_type="run", subject_uid=run.uid, audience=partner_ids(production), actor=actor,
        production=str(production.uid), window=str(window.uid),
    )  # fmt: skip
    return run


def _check(window: Window, run: Run) -> None:
    """The same that the database refuses, with more to say."""
    _check_channel(window, run.channel)
    if run.platform not in PLATFORMS:
        raise DomainError("unknown-platform", _("There is no such platform."), field="platform")
    if not window.is_active:
        raise ConflictError("window-cancelled", _("The window was called off."), current="cancelled")
    if not window.holds(run.starts_at):
        raise ConflictError(
            "outside-window",
            _("The window holds at another time: %(period)s.") % {"period": period_of(window)},
            starts_at=window.starts_at.isoformat(),
            ends_at=window.ends_at.isoformat() if window.ends_at else None,
        )
    if not window.allows(run.platform):
        raise ConflictError(
            "outside-window",
            _("The window is for other platforms: %(platforms)s.") % {"platforms": platforms_of(window)},
            platforms=window.platforms,
        )


def _check_channel(window: Window, channel: Channel) -> None:
    if channel.broadcaster_id != window.holder.broadcaster_id:
        raise DomainError("foreign-channel", _("The window’s holder shows it on its own channels."), field="channel")


def _refusal(error: IntegrityError, window: Window) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if name == "productions_run_airing_once":
        return ConflictError("airing-counted", _("The airing is counted under another window already."))
    if name == "productions_run_once":
        return ConflictError("run-known", _("This showing is there already."))
    if name == "productions_window_runs":
        return ConflictError(
            "runs-used-up",
            _("All runs are used up: %(runs)d.") % {"runs": window.runs or 0},
            allowed=window.runs,
            used=window.runs_used,
        )
    return refusal_of(error, window)
