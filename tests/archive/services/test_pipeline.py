"""The pipeline from file to derivatives, and what becomes of steps that fail, are killed or come too late."""

import io
import warnings
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from archive import tasks
from archive.constants import StepError, StepKind, StepStatus
from archive.media.errors import MediaError
from archive.media.made import Made
from archive.models import Derivative, Step
from archive.services import pipeline, steps
from archive.services.attachment import attach_file
from archive.services.derivative import remove_derivatives
from archive.services.file import store_file
from archive.services.pipeline import claim_step, rerun_step, start_pipeline
from archive.services.steps import run_next_step
from broadcasters.constants import Role
from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from mediaexchange.core.stores import media_store
from tests.archive.factories import MP4, make_item, make_media_file
from tests.factories import make_broadcaster, make_user
from tests.stores import bucket_stores, files_below

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bells(monkeypatch):
    """How often a worker was rung for."""
    rung = []
    monkeypatch.setattr(pipeline.bell, "wake", lambda task, queue: rung.append((task, queue)))
    return rung


def keep(media, name, broadcaster=None):
    with (media / name).open("rb") as content:
        return store_file(content, broadcaster=broadcaster or make_broadcaster(), actor=None, original_name=name)


def run_all():
    while run_next_step():
        pass
    return {step.kind: step.status for step in Step.objects.all()}


def started(file):
    start_pipeline(file)
    return run_all()


def step_of(file, kind=StepKind.CHECKSUM):
    return Step.objects.get(file=file, kind=kind)


def quick(monkeypatch, kind, work):
    """Let a step do this instead of its work."""
    monkeypatch.setitem(steps._WORK, kind, work)


@pytest.fixture
def checksum_only():
    """A text: nothing but its checksum is to be taken."""
    file = make_media_file(content=b"A shot list.", name="shots.txt")
    start_pipeline(file)
    return file


def made(file):
    return {derivative.kind: derivative for derivative in file.derivatives.all()}


def test_everything_is_made_of_a_recording_and_its_carrier_is_told(media, stores):
    item = make_item()
    file = keep(media, "master.mxf", item.broadcaster)
    carrier = attach_file(item, file, actor=None, generation="master")
    assert set(run_all().values()) == {StepStatus.DONE}
    carrier.refresh_from_db()
    assert (carrier.duration_ms, carrier.start_timecode) == (1000, "10:00:00:00")
    picture, *sounds = carrier.tracks.all()
    assert (picture.kind, picture.width, picture.height, picture.scan_order) == ("video", 720, 576, "top-first")
    assert [str(sound.loudness_lufs) for sound in sounds] == ["-21.1", "-21.1"]
    assert set(made(file)) == {"proxy", "watermark", "poster", "keyframes", "sprite", "waveform", "hls"}
    file.refresh_from_db()
    assert file.checked_at is not None
    assert {event.kind for event in file.events.all()} == {
        "ingestion", "message digest calculation", "fixity check", "metadata extraction", "creation",
    }  # fmt: skip
    lies_as_its_rows_say(made(file))


def lies_as_its_rows_say(found):
    for derivative in found.values():
        names = derivative.facts.get("names")
        lies = [f"{derivative.storage_name}/{name}" for name in names] if names else [derivative.storage_name]
        assert sum(media_store().size(name) for name in lies) == derivative.size_bytes
    assert found["sprite"].facts["names"] == ["sprite.vtt", "sprite.jpg"]
    playlist = b"".join(media_store().pieces(f"{found['hls'].storage_name}/index.m3u8")).decode()
    named = {line for line in playlist.splitlines() if line and not line.startswith("#")}
    assert named <= set(found["hls"].facts["names"])


def test_sound_alone_has_no_pictures_and_a_still_only_a_poster(media):
    voice = started(keep(media, "voice.wav"))
    assert {kind for kind, status in voice.items() if status == StepStatus.DONE} == {
        "checksum", "probe", "proxy", "watermark", "waveform", "loudness", "hls",
    }  # fmt: skip
    Step.objects.all().delete()
    still = started(keep(media, "still.tiff"))
    assert {kind for kind, status in still.items() if status == StepStatus.DONE} == {"checksum", "probe", "poster"}
    assert set(still.values()) == {StepStatus.DONE, StepStatus.SKIPPED}


def test_of_a_document_only_the_checksum_is_taken(checksum_only):
    assert {kind for kind, status in run_all().items() if status == StepStatus.DONE} == {"checksum"}


def test_a_truncated_recording_is_used_as_far_as_it_goes_and_says_so(media):
    file = keep(media, "short.mp4")
    assert set(started(file).values()) == {StepStatus.DONE}
    step = step_of(file, StepKind.PROXY)
    assert step.error == StepError.ENDS_EARLY
    told = set()
    for language in ("sr", "sr-latn", "kk", "ru", "en"):
        with translation.override(language):
            told.add(step.reason)
    assert "The file ends early or is damaged: what could be read was used." in told


def test_a_recording_that_cannot_be_decoded_fails_with_a_reason_and_with_it_what_needs_it(media):
    file = make_media_file(content=(media / "scrambled.mp4").read_bytes(), name="scrambled.mp4")
    assert started(file)["proxy"] == StepStatus.FAILED
    assert step_of(file, StepKind.PROXY).error in {StepError.NOTHING_INSIDE, StepError.UNREADABLE}
    assert step_of(file, StepKind.PROXY).log
    waiting = Step.objects.filter(file=file, error=StepError.NEEDS_EARLIER).values_list("kind", flat=True)
    assert set(waiting) == {"watermark", "poster", "keyframes", "sprite", "hls"}
    failed = file.events.get(outcome="fail", detail__step="proxy")
    assert (failed.kind, failed.detail["reason"]) == ("creation", step_of(file, StepKind.PROXY).error)


def test_a_log_names_no_folders_of_the_machine():
    log = "[in#0 @ 0x1] file:/srv/data/media/ab/cd/abcd: partial file; /tmp/media-x1/proxy.mp4: 24/1 frames, 1 / 2"
    assert steps._told(log) == "[in#0 @ 0x1] abcd: partial file; proxy.mp4: 24/1 frames, 1 / 2"


def test_beginning_again_does_nothing_twice(media, bells, django_capture_on_commit_callbacks):
    file = make_media_file(content=MP4, name="a.mp4")
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            start_pipeline(file)
    assert Step.objects.count() == len(StepKind)
    assert bells == [("archive.tasks.run_steps", "media")] * 2


def test_nothing_is_probed_before_its_bytes_are_known_to_be_right():
    start_pipeline(make_media_file(content=MP4, name="a.mp4"))
    assert [step.kind for step in Step.objects.due()] == ["checksum"]


def test_bytes_that_changed_in_the_store_are_not_worked_on(stores):
    file = make_media_file(content=MP4, name="a.mp4")
    (stores / "media" / file.storage_name).write_bytes(b"other")
    assert started(file)["checksum"] == StepStatus.FAILED
    assert step_of(file).error == StepError.CHANGED
    assert set(Step.objects.exclude(kind="checksum").values_list("error", flat=True)) == {StepError.NEEDS_EARLIER}
    assert list(type(file).objects.damaged()) == [file]


def test_a_file_that_is_gone_fails_and_a_store_out_of_reach_is_tried_again(stores, monkeypatch, checksum_only):
    def out_of_reach(file, folder, watch):
        raise OSError(5, "Input/output error")

    quick(monkeypatch, StepKind.CHECKSUM, out_of_reach)
    run_next_step()
    step = step_of(checksum_only)
    assert (step.status, step.error, step.attempts) == (StepStatus.WAITING, StepError.STORE, 1)
    assert step.due_at > timezone.now() + timedelta(seconds=20)
    assert not run_next_step()
    monkeypatch.undo()
    Step.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    (stores / "media" / checksum_only.storage_name).unlink()
    run_next_step()
    assert (step_of(checksum_only).status, step_of(checksum_only).error) == (StepStatus.FAILED, StepError.MISSING)


def test_what_may_pass_is_not_tried_for_ever(monkeypatch, checksum_only):
    def killed(file, folder, watch):
        raise MediaError(StepError.KILLED, "killed", may_pass=True)

    quick(monkeypatch, StepKind.CHECKSUM, killed)
    for _time in range(pipeline.MOST_ATTEMPTS):
        Step.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert run_next_step()
    step = step_of(checksum_only)
    assert (step.status, step.error, step.log) == (StepStatus.FAILED, StepError.KILLED, "killed")


def test_a_step_that_kills_its_workers_is_given_up(checksum_only):
    for attempt in range(pipeline.MOST_ATTEMPTS):
        claimed, _token = claim_step()
        assert claimed.attempts == attempt + 1
        assert claim_step() is None  # somebody is at it
        Step.objects.update(leased_until=timezone.now() - timedelta(seconds=1))  # killed
    assert claim_step() is None
    assert (step_of(checksum_only).status, step_of(checksum_only).error) == (StepStatus.FAILED, StepError.GAVE_UP)


def test_a_worker_that_lost_its_lease_stops_and_writes_nothing(monkeypatch, checksum_only):
    reached = []

    def slow(file, folder, watch):
        Step.objects.update(lease_token=file.uid)  # another has it now
        watch._told_at = -1e9
        watch(50)
        reached.append(file)

    quick(monkeypatch, StepKind.CHECKSUM, slow)
    run_next_step()
    assert not reached
    assert (step_of(checksum_only).status, step_of(checksum_only).progress_percent) == (StepStatus.RUNNING, 0)


def test_a_late_result_is_thrown_away_with_its_bytes(monkeypatch, stores, checksum_only):
    def late(file, folder, watch):
        (folder / "poster.jpg").write_bytes(b"late")
        Step.objects.update(lease_token=file.uid)
        return steps._made(Made(("poster.jpg",), "image/jpeg"))

    quick(monkeypatch, StepKind.CHECKSUM, late)
    before = files_below(stores)
    run_next_step()
    assert files_below(stores) == before
    assert not Derivative.objects.exists()


def test_progress_is_written_while_the_lease_is_renewed(monkeypatch, checksum_only):
    seen = []

    def slow(file, folder, watch):
        watch._told_at = -1e9
        watch(42)
        step = step_of(file)
        seen.append((step.progress_percent, step.leased_until > timezone.now() + timedelta(seconds=60)))
        raise MediaError(StepError.UNREADABLE)

    quick(monkeypatch, StepKind.CHECKSUM, slow)
    run_next_step()
    assert seen == [(42, True)]


def test_no_more_steps_run_at_once_than_there_are_places(settings, bells):
    settings.MEDIA_STEPS_AT_ONCE = 2
    for number in range(4):
        start_pipeline(make_media_file(content=b"Text %d" % number, name="a.txt"))
    assert [bool(claim_step()) for _time in range(3)] == [True, True, False]
    pipeline.wake_if_due()
    assert bells == []
    Step.objects.filter(status=StepStatus.RUNNING)[:1].get().delete()
    pipeline.wake_if_due()
    assert len(bells) == 1


def test_doing_a_step_again_replaces_what_it_made_and_leaves_no_orphan(media, stores):
    file = keep(media, "still.png")
    archivist = make_user(file.broadcaster, Role.ARCHIVIST)
    started(file)
    first = file.derivatives.get()
    left = stores / "media" / f"{first.storage_name.rpartition('-')[0]}-killed.jpg"
    left.write_bytes(b"of a worker that was killed before it told anybody")
    rerun_step(step_of(file, StepKind.POSTER), actor=archivist)
    run_all()
    again = file.derivatives.get()
    assert (again.pk, again.uid) == (first.pk, first.uid)
    assert again.storage_name != first.storage_name
    assert files_below(stores / "media") == sorted([file.storage_name, again.storage_name])


def test_doing_a_failed_step_again_wakes_those_that_need_it():
    file = make_media_file(content=MP4, name="a.mp4")
    start_pipeline(file)
    Step.objects.filter(kind=StepKind.CHECKSUM).update(status=StepStatus.DONE)
    Step.objects.filter(kind=StepKind.PROBE).update(status=StepStatus.FAILED, error=StepError.UNREADABLE, attempts=5)
    Step.objects.exclude(kind__in=["checksum", "probe"]).update(status="failed", error=StepError.NEEDS_EARLIER)
    rerun_step(step_of(file, StepKind.PROBE), actor=None)
    assert Step.objects.filter(status=StepStatus.WAITING, error="", attempts=0).count() == len(StepKind) - 1


def test_only_who_may_does_a_step_again_and_only_when_nobody_is_at_it(checksum_only):
    with pytest.raises(ForbiddenError):
        rerun_step(step_of(checksum_only), actor=make_user(make_broadcaster("ptrc"), Role.ARCHIVIST))
    with pytest.raises(ForbiddenError):
        rerun_step(step_of(checksum_only), actor=make_user(checksum_only.broadcaster, Role.EDITOR))
    with pytest.raises(ConflictError) as refused:
        rerun_step(step_of(checksum_only, StepKind.PROXY), actor=None)
    assert refused.value.code == "step-not-needed"
    claim_step()
    with pytest.raises(ConflictError) as refused:
        rerun_step(step_of(checksum_only), actor=None)
    assert refused.value.code == "step-running"


def test_derivatives_can_be_taken_out_again(media, stores):
    file = keep(media, "voice.wav")
    started(file)
    assert remove_derivatives(file) == 4
    assert files_below(stores / "media") == [file.storage_name]


def test_a_store_that_is_full_leaves_nothing_half_there(media, stores, monkeypatch):
    file = keep(media, "voice.wav")
    start_pipeline(file)
    store, kept = media_store(), type(media_store()).put

    def full(self, name, content):
        if name.endswith("index.mp4"):
            raise OSError(28, "No space left on device")
        kept(self, name, content)

    monkeypatch.setattr(type(store), "put", full)
    assert run_all()["hls"] == StepStatus.WAITING
    assert not [name for name in files_below(stores / "media") if "hls-" in name]


def test_a_file_that_was_probed_before_tells_a_new_carrier_at_once(media):
    item = make_item()
    file = keep(media, "voice.wav", item.broadcaster)
    started(file)
    file.refresh_from_db()
    carrier = attach_file(item, file, actor=make_user(item.broadcaster, Role.ARCHIVIST), generation="master")
    (track,) = carrier.tracks.all()
    assert (track.codec, track.bit_depth, str(track.loudness_lufs)) == ("pcm_s24le", 24, "-21.1")
    assert attach_file(item, file, actor=None, generation="copy") == carrier
    assert file.events.filter(kind="ingestion").count() == 1


def test_what_people_wrote_of_a_carrier_stays(media):
    item = make_item()
    file = keep(media, "voice.wav", item.broadcaster)
    carrier = attach_file(item, file, actor=None, generation="master")
    run_all()
    carrier.tracks.filter(kind="audio").update(language="kk")
    type(carrier).objects.update(start_timecode="09:00:00:00")
    rerun_step(step_of(file, StepKind.PROBE), actor=None)
    run_all()
    carrier.refresh_from_db()
    assert carrier.start_timecode == "09:00:00:00"
    sound = carrier.tracks.get(kind="audio")
    assert (sound.language, str(sound.loudness_lufs)) == ("kk", "-21.1")


def test_a_file_of_another_house_or_one_that_was_refused_is_not_attached():
    item = make_item()
    with pytest.raises(DomainError) as refused:
        attach_file(item, make_media_file(make_broadcaster("ptrc")), actor=None, generation="master")
    assert refused.value.code == "file-foreign"
    file = make_media_file(item.broadcaster)
    file.status = "refused"
    with pytest.raises(DomainError) as refused:
        attach_file(item, file, actor=None, generation="master")
    assert refused.value.code == "file-not-ready"
    with pytest.raises(ForbiddenError):
        attach_file(item, file, actor=make_user(item.broadcaster, Role.PRODUCER), generation="master")


def test_an_empty_file_never_comes_so_far():
    with pytest.raises(DomainError) as refused:
        store_file(io.BytesIO(b""), broadcaster=make_broadcaster(), actor=None, original_name="a.mp4")
    assert refused.value.code == "file-empty"


def test_the_pipeline_works_on_a_bucket_as_well(media, settings, monkeypatch):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import boto3
        from moto import mock_aws

        with mock_aws():
            s3 = boto3.client("s3", "eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret")
            s3.create_bucket(Bucket="exchange", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
            bucket_stores(settings, "media")
            file = keep(media, "voice.wav")
            assert set(started(file).values()) == {StepStatus.DONE, StepStatus.SKIPPED}
            rerun_step(step_of(file, StepKind.HLS), actor=None)
            run_all()
            names = {f"{made(file)['hls'].storage_name}/{name}" for name in ("index.m3u8", "index.mp4")}
            assert {name for name in media_store().names("derivatives/") if "/hls-" in name} == names
            assert remove_derivatives(file) == 4
            assert media_store().names("") == [file.storage_name]


def test_the_proxy_tells_how_long_a_recording_lasts_that_does_not_say_so_itself(media, monkeypatch):
    item = make_item()
    file = keep(media, "long.m2v", item.broadcaster)
    carrier = attach_file(item, file, actor=None, generation="master")
    for _time in range(3):
        run_next_step()
    carrier.refresh_from_db()
    assert carrier.duration_ms == pytest.approx(24_000, abs=80)


def test_the_task_works_until_nothing_is_due_and_hands_over_when_its_time_is_up(monkeypatch, bells):
    for number in range(3):
        start_pipeline(make_media_file(content=b"Text %d" % number, name="a.txt"))
    monkeypatch.setattr(tasks, "WORK_S", -1.0)
    tasks.run_steps()
    assert Step.objects.filter(kind="checksum", status=StepStatus.DONE).count() == 1
    assert bells == [("archive.tasks.run_steps", "media")]
    monkeypatch.undo()
    tasks.run_steps()
    assert Step.objects.filter(kind="checksum", status=StepStatus.DONE).count() == 3


def test_the_sweep_wakes_a_worker_for_a_lease_that_has_ended(bells, checksum_only):
    claim_step()
    tasks.sweep_steps()
    assert bells == []
    Step.objects.filter(kind="checksum").update(leased_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep_steps()
    assert len(bells) == 1
