"""Becomes a media program, under limits that hostile bytes cannot talk past. Run by path, with nothing of ours."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
# Landlock (Linux 5.13 and later): what a process may do with files, whatever its user may. Numbers of linux/landlock.h.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_WRITE = 1 << 1 | sum(1 << bit for bit in range(4, 13))  # write, remove and make of every kind
_BY_VERSION = {2: 1 << 13, 3: 1 << 14}  # to move elsewhere, to cut short
_NETWORK_SINCE, _TCP = 4, 1 << 0 | 1 << 1  # to listen, to connect
# Where programs and their libraries lie, never what houses keep or processes say of themselves.
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/sys/devices/system")


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("descriptor", ctypes.c_int32))


def main() -> None:
    """``child.py WISHES PROGRAM ARGUMENT …``, where WISHES is JSON: {"limits": {"RLIMIT_CPU": [soft, hard], …},
    "read": ["path", …], "write": ["path", …]}; without "read", files are not restricted.

    It dies with its parent, may gain no rights, and leaves no core.
    """
    wishes, program = json.loads(sys.argv[1]), sys.argv[2]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for name, (soft, hard) in wishes["limits"].items():
        resource.setrlimit(getattr(resource, name), (soft, hard))
    if "read" in wishes:
        _restrict(libc, [*_SYSTEM, os.path.dirname(program), program, *wishes["read"]], wishes["write"])
    os.umask(0o077)
    os.execv(program, sys.argv[2:])  # noqa: S606 — no shell


def _restrict(libc: ctypes.CDLL, readable: list[str], writable: list[str]) -> None:
    """As far as this kernel knows how: one without Landlock leaves it at what ffmpeg itself was told to open."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return
    write = _WRITE | sum(bit for since, bit in _BY_VERSION.items() if version >= since)
    ruleset = _Ruleset(_EXECUTE | _READ_FILE | _READ_DIR | write, _TCP if version >= _NETWORK_SINCE else 0)
    size = ctypes.sizeof(ruleset) if version >= _NETWORK_SINCE else 8
    rules = libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    if rules < 0:
        return
    for paths, allowed in ((readable, _EXECUTE | _READ_FILE | _READ_DIR), (writable, _READ_FILE | _READ_DIR | write)):
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                _allow(libc, rules, path, allowed)
    libc.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: str, allowed: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):  # rights on folders make no sense on a file and are refused
        allowed &= _EXECUTE | _READ_FILE | 1 << 1 | _BY_VERSION[3] * bool(allowed & _BY_VERSION[3])
    beneath = _Beneath(allowed, descriptor)
    libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(beneath), 0)
    os.close(descriptor)


if __name__ == "__main__":
    main()
