"""The child of the sandbox: reads a job, parses it under the job's limits, answers, until its standard input ends."""

import os
import pickle
import resource
from pathlib import Path

from newsexchange.parsing.base import DocumentError, ReasonCode
from newsexchange.parsing.preflight import MAX_BYTES
from newsexchange.parsing.registry import parse
from newsexchange.parsing.sandbox_pipe import Job, read_message, write_message

MAX_JOB_BYTES = 4 * MAX_BYTES  # what is too large is refused by the parser, with a reason, not here
RETIRE_AT_KIB = 400 * 1024  # a child that once grew does not shrink again; a fresh one costs 0.3 s
MAX_OPEN_FILES = 64


def main() -> None:
    """Serve jobs until the parent closes the pipe or dies. What a parser prints cannot disturb the answers."""
    with os.fdopen(os.dup(0), "rb", buffering=0) as jobs, os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)
        _lock_down()
        while True:
            try:
                job: Job = pickle.loads(read_message(jobs, MAX_JOB_BYTES))  # noqa: S301 - written by our own parent
            except EOFError:
                return
            outcome, value = _answer(job)
            retires = _peak_kib() > RETIRE_AT_KIB or outcome == "failed"
            write_message(answers, pickle.dumps((outcome, value, retires)))
            if retires:
                return


def _peak_kib() -> int:
    """The most memory this program ever held. getrusage would name the parent's, if that was larger when it forked."""
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0])


def _answer(job: Job) -> tuple[str, object]:
    _limit(job)
    try:
        return "parsed", parse(job.payload, format=job.format, content_type=job.content_type, known=job.known)
    except DocumentError as error:
        return "refused", (error.reason, error.detail)
    except MemoryError:
        return "failed", (ReasonCode.PARSER_FAILED, f"more than {job.memory_bytes} bytes of memory were needed")


def _lock_down() -> None:
    """No files written, no processes started, no core dumps, for as long as the child lives."""
    for kind, limit in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
    ):
        resource.setrlimit(kind, (limit, limit))


def _limit(job: Job) -> None:
    # CPU time counts from the start of the process, so the limit moves on with every document.
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    for kind, soft in ((resource.RLIMIT_CPU, spent + job.cpu_seconds), (resource.RLIMIT_AS, job.memory_bytes)):
        resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))


if __name__ == "__main__":
    main()
