"""Keeping what the pipeline found out about a file, in the caller's transaction, which holds the file's row."""

from collections.abc import Mapping
from typing import Any

from django.db.models.functions import Now

from archive.constants import StepError, StepKind, StepStatus, TrackKind
from archive.media.filters import Known, picture_of, sounds_of
from archive.models import MediaFile, Step
from archive.services.attachment import describe

_MEASURED = ("loudness_lufs", "loudness_range_lu", "true_peak_dbtp")
_OF_MOVING = (StepKind.PROXY, StepKind.WATERMARK, StepKind.HLS)
_OF_PICTURE = (StepKind.POSTER, StepKind.KEYFRAMES, StepKind.SPRITE)
_OF_SOUND = (StepKind.WAVEFORM, StepKind.LOUDNESS)


def keep_probe(file: MediaFile, known: dict[str, Any]) -> None:
    """Tell the file and all its carriers; steps for which there is neither picture nor sound are not needed."""
    measured = {track["position"]: track for track in file.technical.get("tracks", ())}
    for track in known["tracks"]:
        before = measured.get(track["position"], {})
        if track["kind"] == TrackKind.AUDIO:
            track |= {name: before[name] for name in _MEASURED if name in before}
    _keep(file, file.technical | known)
    is_still = file.content_type.startswith("image/")
    has_picture, has_sound = picture_of(known) is not None, bool(sounds_of(known))
    _need(file, _OF_MOVING, is_needed=not is_still and (has_picture or has_sound))
    _need(file, _OF_PICTURE[:1], is_needed=has_picture)
    _need(file, _OF_PICTURE[1:], is_needed=has_picture and not is_still)
    _need(file, _OF_SOUND, is_needed=has_sound)


def keep_loudness(file: MediaFile, found: Mapping[int, Mapping[str, Any]]) -> None:
    """Tell the file and the sound tracks of all its carriers."""
    tracks = [{**track, **found.get(track["position"], {})} for track in file.technical.get("tracks", ())]
    _keep(file, file.technical | {"tracks": tracks})


def keep_length(file: MediaFile, *, duration_ms: int | None) -> None:
    """Tell the file and all its carriers how long it lasts, where no head said so and the proxy has shown it."""
    if duration_ms and not file.technical.get("duration_ms"):
        _keep(file, file.technical | {"duration_ms": duration_ms})


def is_usable(known: Known) -> bool:
    """Whether there is anything to see or hear."""
    return picture_of(known) is not None or bool(sounds_of(known))


def _keep(file: MediaFile, technical: dict[str, Any]) -> None:
    file.technical = technical
    file.save(update_fields=["technical"])
    describe(file.instantiations.all(), technical)


def _need(file: MediaFile, kinds: tuple[StepKind, ...], *, is_needed: bool) -> None:
    steps = Step.objects.filter(file=file, kind__in=kinds)
    if is_needed:
        again = {"status": StepStatus.WAITING, "due_at": Now(), "attempts": 0, "error": "", "log": ""}
        steps.filter(status=StepStatus.SKIPPED).update(**again)
        steps.filter(status=StepStatus.FAILED, error=StepError.NEEDS_EARLIER).update(**again)
    else:
        waiting = (StepStatus.WAITING, StepStatus.FAILED)
        steps.filter(status__in=waiting).update(status=StepStatus.SKIPPED, error="", finished_at=Now())
