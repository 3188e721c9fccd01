"""Files that want to read others, to never end, or to fill memory and disk."""

import ctypes
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.constants import StepError
from archive.media import binaries, sandbox
from archive.media.errors import MediaError
from archive.media.ffmpeg import run_ffmpeg, source_of
from archive.media.poster import make_poster
from archive.media.probe import probe
from archive.media.proxy import make_proxy
from archive.media.sandbox import Limits
from tests.archive.footage import make

LIMITS = Limits(seconds=20, memory_bytes=2**30, written_bytes=2**20)


def nothing(percent):
    return None


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("kanarinac")
    return path


@pytest.mark.parametrize(
    "content",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {secret}\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>file://{secret}</BaseURL></MPD>",
        "1\n00:00:00,000 --> 00:00:01,000\n{secret}\n",
        "[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,,,0,0,0,,{secret}\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "<smil><body><video src='file://{secret}'/></body></smil>",
    ],
)
def test_lists_and_scripts_that_name_other_files_are_no_recordings(tmp_path, secret, content):
    for name in ("clip.mp4", "clip.m3u8", "clip.srt", "clip"):
        path = tmp_path / name
        path.write_text(content.format(secret=secret))
        with pytest.raises(MediaError) as refused:
            probe(path)
        assert refused.value.code == StepError.UNREADABLE
        assert "kanarinac" not in refused.value.log


def test_a_playlist_is_refused_by_ffmpeg_too(tmp_path, media):
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXTINF:1,\n{media / 'upright.mp4'}\n#EXT-X-ENDLIST\n")
    with pytest.raises(MediaError):
        run_ffmpeg([*source_of(playlist), "-f", "null", "-"], seconds=20)


def test_an_image_whose_head_promises_more_pixels_than_memory_holds_is_refused(tmp_path):
    tags = [(256, 4, 1, 100_000), (257, 4, 1, 100_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, 100_000), (279, 4, 1, 100)]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    path = tmp_path / "bomb"
    path.write_bytes(b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(400))
    with pytest.raises(MediaError) as refused:
        make_poster(path, probe(path, is_still=True), tmp_path, nothing, is_still=True)
    assert refused.value.code in {StepError.UNREADABLE, StepError.TOO_MANY_PIXELS, StepError.NOTHING_INSIDE}


def test_a_few_frames_that_claim_to_last_for_months_do_not_become_months(tmp_path):
    source = tmp_path / "source.mkv"
    make(
        source,
        "-f", "lavfi", "-i", "color=black:size=16x16:rate=25:duration=0.2", "-c:v", "libx264", "-bf", "0",
        "-bsf:v", "setts=ts=N*24*3600*1000*10",
    )  # fmt: skip
    known = probe(source)
    assert known["duration_ms"] > 30 * 24 * 3600 * 1000
    made = make_proxy(source, known, tmp_path, nothing)
    assert made.is_partial
    assert made.facts["duration_ms"] < 120_000


def test_what_takes_too_long_is_killed_with_all_that_it_started(tmp_path):
    mark = tmp_path / "pid"
    started = time.monotonic()
    with pytest.raises(MediaError) as refused:
        sandbox.run("/bin/sh", ["-c", f"sleep 60 & echo $! > {mark}; wait"], Limits(1, 2**30, 2**20))
    assert refused.value.code == StepError.TOOK_TOO_LONG
    assert time.monotonic() - started < 10
    assert not is_running(int(mark.read_text()))


def is_running(pid):
    """Whether it still is after a moment: a signal takes as long as the machine is busy."""
    ends = time.monotonic() + 5
    while (is_there := _state_of(pid) not in "ZX") and time.monotonic() < ends:
        time.sleep(0.02)
    return is_there


def _state_of(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def test_what_the_watcher_raises_ends_the_program(tmp_path):
    mark = tmp_path / "pid"

    def stop():
        if mark.exists() and mark.read_text():
            raise KeyError("lease")

    with pytest.raises(KeyError):
        sandbox.run("/bin/sh", ["-c", f"echo $$ > {mark}; exec sleep 60"], LIMITS, on_tick=stop)
    assert not is_running(int(mark.read_text()))


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("while :; do :; done", StepError.TOOK_TOO_LONG),
        ("yes > big", StepError.TOO_LARGE),
        ("yes", StepError.TOO_LARGE),
        ("kill -9 $$", StepError.KILLED),
        ("kill -11 $$", StepError.UNREADABLE),
        ("echo No space left on device >&2; exit 1", StepError.STORE),
        ("exit 3", StepError.UNREADABLE),
    ],
)
def test_how_a_program_ended_is_told_by_a_code(tmp_path, script, code):
    limits = Limits(seconds=1, memory_bytes=2**30, written_bytes=100_000)
    with pytest.raises(MediaError) as refused:
        sandbox.run("/bin/sh", ["-c", script], limits, folder=tmp_path)
    assert refused.value.code == code
    assert refused.value.may_pass is (code in {StepError.KILLED, StepError.STORE})


def test_only_the_end_of_a_long_log_is_kept():
    said = sandbox.run("/bin/sh", ["-c", "i=0; while [ $i -lt 9000 ]; do echo line $i >&2; i=$((i+1)); done"], LIMITS)
    assert said.log.endswith("line 8999\n")
    assert len(said.log) <= sandbox.LOG_BYTES


def test_nothing_of_our_environment_and_no_open_file_is_handed_on(monkeypatch, secret):
    monkeypatch.setenv("SECRET_OF_OURS", "kanarinac")
    with secret.open() as held:
        os.set_inheritable(held.fileno(), True)
        said = sandbox.run("/bin/sh", ["-c", "env; ulimit -c; ulimit -n; ls -l /proc/self/fd"], LIMITS)
    assert b"kanarinac" not in said.output
    assert b"secret.txt" not in said.output
    assert said.output.split(b"\ntotal")[0].splitlines()[-2:] == [b"0", b"256"]


def test_the_programs_say_their_versions():
    assert binaries.version_of(binaries.ffmpeg()).startswith("ffmpeg version ")
    assert binaries.version_of(binaries.ffprobe()).startswith("ffprobe version ")


def has_landlock():
    return ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) > 0


@pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock")
def test_a_program_that_was_taken_over_reads_and_writes_nothing_else(tmp_path, secret):
    source, folder = tmp_path / "source", tmp_path / "work"
    source.write_text("footage")
    folder.mkdir()
    script = (
        f"cat {source}; cat {secret}; cat /proc/{os.getpid()}/environ; echo x > {tmp_path}/out; echo y > made; ls /"
    )
    said = sandbox.run("/bin/sh", ["-c", f"{script}; true"], LIMITS, folder=folder, reads=[str(source)])
    assert said.output == b"footage"
    assert (folder / "made").read_text() == "y\n"
    assert not (tmp_path / "out").exists()
    assert source.read_text() == "footage"


def test_the_program_dies_with_the_worker_that_started_it(tmp_path):
    mark = tmp_path / "pid"
    work = f"from archive.media import sandbox; sandbox.run('/bin/sh', ['-c', 'echo $$ > {mark}; exec sleep 60'], "
    work += "sandbox.Limits(60, 2**30, 2**20))"
    prelude = "import django; django.setup(); "
    with subprocess.Popen([sys.executable, "-c", prelude + work]) as worker:
        ends = time.monotonic() + 20
        while not (mark.exists() and mark.read_text()) and time.monotonic() < ends:
            time.sleep(0.05)
        worker.kill()
    assert not is_running(int(mark.read_text()))
