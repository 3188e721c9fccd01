"""Doing the steps of the pipeline: read from the store, make, put into the store, and only then tell the rows."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from archive.constants import PremisOutcome, PremisType, StepError, StepKind, StepStatus
from archive.media import binaries
from archive.media.errors import MediaError
from archive.media.hls import make_hls
from archive.media.local import local_copy, work_folder
from archive.media.made import Made
from archive.media.pictures import make_key_frames, make_sprite
from archive.media.poster import make_poster
from archive.media.preview import make_preview
from archive.media.probe import probe
from archive.media.proxy import make_proxy
from archive.media.sound import make_waveform, measure_loudness
from archive.models import Derivative, MediaFile, PreservationEvent, Step
from archive.services import pipeline
from archive.services.derivative import forget, others_of, store_derivative
from archive.services.findings import is_usable, keep_length, keep_loudness, keep_probe
from archive.services.fixity import digest_of, keep_fixity
from broadcasters.models import Broadcaster
from mediaexchange.core.languages.localize import localized

LOG_CHARACTERS = 4000
_FOLDERS = re.compile(r"(?:file:)?(?:/[^\s/:'\"]+)+/(?=[^\s/])")
_BEAT_S = 5.0  # how often the row is told of progress
NOT_FOR_AIR = "PREVIEW · NOT FOR AIR"

log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """Somebody else is at this step now, or it is not to be done any more."""


class Watch:
    """Keeps the lease of a step that is worked on, and tells its row how far it is."""

    def __init__(self, step: Step, token: UUID) -> None:
        self._step, self._token, self._told_at = step, token, time.monotonic()

    def __call__(self, percent: int) -> None:
        """Cheap to call often. Raises LeaseLostError."""
        if time.monotonic() - self._told_at < _BEAT_S:
            return
        self._told_at = time.monotonic()
        if not pipeline.renew(self._step, self._token, percent):
            raise LeaseLostError


@dataclass(frozen=True, slots=True)
class Done:
    """What a step found or made. ``keep`` writes findings, in the transaction that closes the step."""

    event: PremisType
    detail: dict[str, Any]
    made: Made | None = None
    keep: Callable[[MediaFile], None] | None = None
    log: str = ""
    error: str = ""


def run_next_step() -> bool:
    """Do the step that is due longest; False if there is none, or no place for one more. Failures stand in its row."""
    claimed = pipeline.claim_step()
    if claimed is None:
        return False
    step, token = claimed
    started, watch = time.monotonic(), Watch(step, token)
    try:
        with work_folder() as folder:
            done = _WORK[StepKind(step.kind)](step.file, folder, watch)
            _finish(step, token, done, folder)
    except LeaseLostError:
        log.warning("media.lease-lost", step=step.kind, file=str(step.file.uid))
    except MediaError as error:
        _fail(step, token, error)
    except FileNotFoundError as error:
        _fail(step, token, MediaError(StepError.MISSING, str(error.strerror)))
    except OSError as error:
        _fail(step, token, MediaError(StepError.STORE, str(error.strerror), may_pass=True))
    else:
        log.info("media.step", step=step.kind, file=str(step.file.uid), seconds=round(time.monotonic() - started, 2))
    return True


def _finish(step: Step, token: UUID, done: Done, folder: Path) -> None:
    """Bytes first, rows second: a row never names what is not there. A worker that lost its lease leaves nothing."""
    kind = StepKind(step.kind)
    stored = store_derivative(step.file, kind, done.made, folder) if done.made else None
    # Listed while the lease is ours: afterwards another may be storing what it has not told of yet.
    others = others_of(step.file, kind, stored) if stored else []
    with transaction.atomic():
        is_mine = _held(step, token)
        if is_mine:
            file = MediaFile.objects.select_for_update(of=("self",), no_key=True).get(pk=step.file_id)
            if stored is not None:
                stored.save_row()
            if done.keep is not None:
                done.keep(file)
            _tell(step, done.event, PremisOutcome.SUCCESS, done.detail)
            pipeline.close_step(step, StepStatus.DONE, error=done.error, log=_told(done.log))
            transaction.on_commit(pipeline.ring)
    for name in others if is_mine else [stored.name] if stored else []:
        forget(name)
    if not is_mine:
        raise LeaseLostError


@transaction.atomic
def _fail(step: Step, token: UUID, error: MediaError) -> None:
    if not _held(step, token):
        return
    text = _told(error.log)
    log.warning("media.step-failed", step=step.kind, file=str(step.file.uid), error=error.code.value)
    if error.may_pass and step.attempts < pipeline.MOST_ATTEMPTS:
        pipeline.put_off(step, error=error.code, log=text)
        return
    pipeline.close_step(step, StepStatus.FAILED, error=error.code, log=text)
    kind = _EVENTS.get(StepKind(step.kind), PremisType.CREATION)
    _tell(step, kind, PremisOutcome.FAILURE, {"step": step.kind, "reason": error.code})


def _held(step: Step, token: UUID) -> bool:
    mine = Step.objects.select_for_update(of=("self",), no_key=True)
    return mine.filter(pk=step.pk, lease_token=token, status=StepStatus.RUNNING).exists()


def _tell(step: Step, kind: PremisType, outcome: PremisOutcome, detail: dict[str, Any]) -> None:
    program = binaries.ffprobe() if kind == PremisType.METADATA_EXTRACTION else binaries.ffmpeg()
    agent = "mediaexchange" if kind == PremisType.DIGEST else binaries.version_of(program)
    PreservationEvent.objects.create(file_id=step.file_id, kind=kind, outcome=outcome, detail=detail, agent=agent[:100])


def _told(log: str) -> str:
    """The end of what a program said, without the folders of this machine."""
    return _FOLDERS.sub("", log)[-LOG_CHARACTERS:]


def _checksum(file: MediaFile, _folder: Path, watch: Watch) -> Done:
    found = digest_of(file, on_percent=watch)
    if found != file.sha256:
        with transaction.atomic():
            keep_fixity(file, found)
        raise MediaError(StepError.CHANGED)
    detail = {"algorithm": "SHA-256", "value": found}
    return Done(PremisType.DIGEST, detail, keep=partial(keep_fixity, found=found))


def _probe(file: MediaFile, _folder: Path, watch: Watch) -> Done:
    with local_copy(file.storage_name, on_piece=lambda _size: watch(0)) as path:
        known = probe(path, is_still=is_still(file))
    if not is_usable(known):
        raise MediaError(StepError.NOTHING_INSIDE)
    detail = {"format": known["format"], "tracks": len(known["tracks"])}
    return Done(PremisType.METADATA_EXTRACTION, detail, keep=partial(keep_probe, known=known))


def _loudness(file: MediaFile, _folder: Path, watch: Watch) -> Done:
    with local_copy(file.storage_name, on_piece=lambda _size: watch(0)) as path:
        found = measure_loudness(path, file.technical, watch)
    detail = {"step": StepKind.LOUDNESS, "tracks": {str(place): values for place, values in found.items()}}
    return Done(PremisType.METADATA_EXTRACTION, detail, keep=partial(keep_loudness, found=found))


def _proxy(file: MediaFile, folder: Path, watch: Watch) -> Done:
    done = _from_source(make_proxy)(file, folder, watch)
    assert done.made is not None
    return replace(done, keep=partial(keep_length, duration_ms=done.made.facts["duration_ms"]))


def _from_source(make: Callable[..., Made]) -> "Work":
    def work(file: MediaFile, folder: Path, watch: Watch) -> Done:
        with local_copy(file.storage_name, on_piece=lambda _size: watch(0)) as path:
            return _made(make(path, file.technical, folder, watch))

    return work


def _from_proxy(make: Callable[..., Made]) -> "Work":
    def work(file: MediaFile, folder: Path, watch: Watch) -> Done:
        with _proxy_of(file, watch) as path:
            return _made(make(path, probe(path), folder, watch))

    return work


def _preview(file: MediaFile, folder: Path, watch: Watch) -> Done:
    start = str(file.technical.get("start_timecode", ""))
    with _proxy_of(file, watch) as path:
        return _made(make_preview(path, folder, watch, text=watermark_of(file.broadcaster), start_timecode=start))


def _poster(file: MediaFile, folder: Path, watch: Watch) -> Done:
    if not is_still(file):
        return _from_proxy(partial(make_poster, is_still=False))(file, folder, watch)
    with local_copy(file.storage_name, on_piece=lambda _size: watch(0)) as path:
        return _made(make_poster(path, file.technical, folder, watch, is_still=True))


def _made(made: Made) -> Done:
    error = StepError.ENDS_EARLY if made.is_partial else ""
    return Done(PremisType.CREATION, {"facts": dict(made.facts)}, made=made, log=made.log, error=error)


@contextmanager
def _proxy_of(file: MediaFile, watch: Watch) -> Iterator[Path]:
    proxy = Derivative.objects.filter(file=file, kind=StepKind.PROXY).first()
    if proxy is None:
        raise MediaError(StepError.NEEDS_EARLIER)
    with local_copy(proxy.storage_name, on_piece=lambda _size: watch(0)) as path:
        yield path


def is_still(file: MediaFile) -> bool:
    return file.content_type.startswith("image/")


def watermark_of(broadcaster: Broadcaster) -> str:
    """What stands in previews of the house's footage."""
    return f"{localized(broadcaster, 'abbreviation') or localized(broadcaster, 'name')} · {NOT_FOR_AIR}"


Work = Callable[[MediaFile, Path, Watch], Done]
_WORK: dict[StepKind, Work] = {
    StepKind.CHECKSUM: _checksum,
    StepKind.PROBE: _probe,
    StepKind.PROXY: _proxy,
    StepKind.WATERMARK: _preview,
    StepKind.POSTER: _poster,
    StepKind.KEYFRAMES: _from_proxy(make_key_frames),
    StepKind.SPRITE: _from_proxy(make_sprite),
    StepKind.WAVEFORM: _from_source(make_waveform),
    StepKind.LOUDNESS: _loudness,
    StepKind.HLS: _from_proxy(make_hls),
}
_EVENTS = {
    StepKind.CHECKSUM: PremisType.DIGEST,
    StepKind.PROBE: PremisType.METADATA_EXTRACTION,
    StepKind.LOUDNESS: PremisType.METADATA_EXTRACTION,
}
