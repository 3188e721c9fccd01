"""Small recordings of every kind an archive gets, made with ffmpeg: test pictures and tones."""

import subprocess
from pathlib import Path

from archive.media import binaries

_PICTURE = "testsrc2=size={size}:rate={rate}:duration=1"
_TONE = ["-f", "lavfi", "-i", "sine=frequency=997:sample_rate=48000:duration=1"]
_H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"]


def make_all(folder: Path) -> Path:
    make(
        folder / "master.mxf",
        *_moving("720x576", 50, "interlace=scan=tff,setsar=64/45"), *_TONE, *_TONE, "-map", "0", "-map", "1",
        "-map", "2", "-c:v", "mpeg2video", "-pix_fmt", "yuv422p", "-b:v", "8M", "-flags", "+ilme+ildct", "-ac", "1",
        "-c:a", "pcm_s24le", "-timecode", "10:00:00:00",
    )  # fmt: skip
    make(
        folder / "anamorphic.mpg",
        *_moving("352x288", 50, "interlace=scan=bff,setsar=16/11"), *_TONE, "-c:v", "mpeg2video", "-b:v", "2M",
        "-flags", "+ilme+ildct", "-c:a", "mp2", "-f", "vob",
    )  # fmt: skip
    make(folder / "upright.mp4", *_moving("320x180", "30000/1001"), *_TONE, *_H264, "-c:a", "aac", "-shortest",
          "-metadata:s:a:0", "language=srp")  # fmt: skip
    make(folder / "phone.mp4", "-display_rotation:v:0", "90", "-i", str(folder / "upright.mp4"), "-c", "copy")
    make(
        folder / "film.mov",
        *_moving("320x240", "24000/1001"), *_H264, "-pix_fmt", "yuv422p10le", "-timecode", "01:00:00:00",
    )  # fmt: skip
    make(folder / "voice.wav", *_TONE, "-ac", "2", "-c:a", "pcm_s24le")
    make(folder / "still.tiff", *_moving("400x300", 1), "-frames:v", "1", "-pix_fmt", "rgb48le")
    make(folder / "still.png", *_moving("400x301", 1), "-frames:v", "1")
    make(folder / "still.jpg", *_moving("400x300", 1), "-frames:v", "1")
    make(
        folder / "cuts.mp4",
        "-f", "lavfi", "-i",
        "color=red:size=160x90:rate=25:duration=1[a];testsrc2=size=160x90:rate=25:duration=1[b];"
        "color=white:size=160x90:rate=25:duration=1[c];[a][b][c]concat=n=3",
        *_H264,
    )  # fmt: skip
    make(folder / "silence.wav", "-f", "lavfi", "-i", "anullsrc=channel_layout=mono:sample_rate=48000:duration=1")
    make(
        folder / "covered.m4a",
        *_TONE, "-i", str(folder / "still.jpg"), "-c:a", "aac", "-c:v", "copy", "-disposition:v", "attached_pic",
        "-map", "0", "-map", "1",
    )  # fmt: skip
    for name, rate, codec in (
        ("levels.mp4", "25", ["-c:v", "libx264", "-preset", "fast", "-bf", "2", "-crf", "8"]),
        ("levels.mpg", "25", ["-c:v", "mpeg2video", "-bf", "2", "-q:v", "2", "-f", "vob"]),
        ("levels.mxf", "25", ["-c:v", "mpeg2video", "-bf", "2", "-q:v", "2"]),
        ("levels-film.mov", "24000/1001", [*_H264, "-crf", "8"]),
        ("levels-ntsc.mp4", "30000/1001", [*_H264, "-crf", "8"]),
    ):
        # Each frame is brighter than the one before.
        make(
            folder / name,
            "-f", "lavfi", "-i", f"color=black:size=160x120:rate={rate}:duration=1,geq=lum='16+7*N':cb=128:cr=128",
            *_TONE, *codec, "-ar", "48000", "-pix_fmt", "yuv420p",
        )  # fmt: skip
    # Twenty-four seconds; the picture changes with each.
    steps = "color=black:size=32x32:rate=25:duration=24,geq=lum='16+8*floor(T)':cb=128:cr=128"
    for name in ("long.mpg", "long.mxf"):
        make(folder / name, "-f", "lavfi", "-i", steps, "-c:v", "mpeg2video", "-bf", "2", "-q:v", "2")
    make(folder / "long.m2v", "-i", str(folder / "long.mxf"), "-c", "copy")
    make(folder / "long.mp4", "-f", "lavfi", "-i", steps, "-c:v", "libx264", "-g", "250")
    for name in ("anamorphic.mpg", "voice.wav"):
        whole = (folder / name).read_bytes()
        (folder / f"short-{name}").write_bytes(whole[: len(whole) // 2])
    whole = (folder / "upright.mp4").read_bytes()
    begin = whole.index(b"mdat") + 4
    end = whole.index(b"moov") - 4
    (folder / "scrambled.mp4").write_bytes(whole[:begin] + bytes([0xA5]) * (end - begin) + whole[end:])
    make(folder / "fast.mp4", "-i", str(folder / "upright.mp4"), "-c", "copy", "-movflags", "+faststart")
    whole = (folder / "fast.mp4").read_bytes()
    (folder / "short.mp4").write_bytes(whole[: len(whole) // 2])
    return folder


def _moving(size: str, rate: object, filters: str = "null") -> list[str]:
    return ["-f", "lavfi", "-i", f"{_PICTURE.format(size=size, rate=rate)},{filters}"]


def make(path: Path, *arguments: str) -> None:
    command = [binaries.ffmpeg(), "-v", "error", "-nostdin", "-y", "-bitexact", *arguments, str(path)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


def gray_levels(path: Path, part: str = "iw:ih:0:0") -> list[int]:
    """How bright each frame is on average, from 0 to 255; of a part of it, as "width:height:left:top"."""
    filters = f"crop={part},scale=1:1:flags=area,format=gray"
    command = [
        binaries.ffmpeg(),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:v:0",
        "-vf",
        filters,
        "-f",
        "rawvideo",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return list(done.stdout)
