"""The pipeline as people watch it: each step of a file, its progress, why it failed, and the way to run it again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from archive.constants import StepError, StepKind, StepStatus
from archive.models import MediaFile, Step
from broadcasters.permissions import may
from mediaexchange.core.admin_base import label, staff

_LOOKS = {
    StepStatus.WAITING: "",
    StepStatus.RUNNING: "info",
    StepStatus.DONE: "success",
    StepStatus.SKIPPED: "",
    StepStatus.FAILED: "danger",
}
_ORDER = {kind.value: place for place, kind in enumerate(StepKind)}
_AT_WORK = frozenset({StepStatus.WAITING, StepStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: Step
    may_rerun: bool

    @property
    def mark(self) -> SafeString:
        return label(self.step.get_status_display(), _LOOKS[StepStatus(self.step.status)])

    @property
    def is_running(self) -> bool:
        return self.step.status == StepStatus.RUNNING

    @property
    def reason(self) -> str:
        return reason_of(self.step) if self.step.error else ""

    @property
    def seconds(self) -> int | None:
        """How long it took; None while it has not ended."""
        if self.step.started_at is None or self.step.finished_at is None:
            return None
        return max(0, round((self.step.finished_at - self.step.started_at).total_seconds()))


def reason_of(step: Step) -> str:
    """Why it failed, in the reader's words; a code that nobody knows any more as it stands."""
    return str(StepError(step.error).label) if step.error in StepError.values else step.error


def in_order(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: _ORDER.get(step.kind, len(_ORDER)))


def steps_box(request: HttpRequest, file: MediaFile) -> SafeString:
    """The same with a title, kept fresh by the page's script."""
    context = {"file": file, "panel": steps_panel(request, file)}
    return SafeString(render_to_string("archive/steps_box.html", context, request))


def steps_panel(request: HttpRequest, file: MediaFile) -> SafeString:
    """The table of a file's steps; the page's script asks for it anew while something is still under way."""
    may_rerun = may(staff(request), "archive.change_step", file.broadcaster_id)
    steps = in_order(file.steps.all())
    shown = [ShownStep(step, may_rerun and step.status in (StepStatus.FAILED, StepStatus.DONE)) for step in steps]
    context = {
        "file": file,
        "steps": shown,
        "is_at_work": any(step.status in _AT_WORK for step in steps),
    }
    return SafeString(render_to_string("archive/steps.html", context, request))
