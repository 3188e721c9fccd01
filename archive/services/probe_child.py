"""Becomes ffprobe, under limits that hostile bytes cannot talk past. Run by path, with nothing of the project."""

import os
import resource
import sys

CPU_SECONDS = 30
MEMORY_BYTES = 1024**3


def main() -> None:
    """``probe_child.py ffprobe file``: no files are written, no network protocol is spoken, no core is left."""
    program, path = sys.argv[1:3]
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(limit, (value, value))
    wanted = ["-show_format", "-show_streams", "-of", "json"]
    os.execv(program, [program, "-v", "error", "-protocol_whitelist", "file", *wanted, "-i", path])  # noqa: S606


if __name__ == "__main__":
    main()
