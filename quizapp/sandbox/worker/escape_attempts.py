"""What a worker must not be able to do, each act tried for real in a worker, and harmless where it works."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from quizapp.sandbox.jail.seccomp import ARCHITECTURES
from quizapp.sandbox.jail.syscalls import LINUX


class Guarantee(StrEnum):
    """What an act would break, as the sentence that is then missing."""

    READ = "files outside the interpreter and the scratch folder can be read"
    WRITE = "files outside the scratch folder can be changed"
    NETWORK = "the network can be reached"
    OUTLIVE = "a process may outlive its run"
    APP = "the app can be signalled, slowed or limited"
    KERNEL = "parts of the kernel that no tensor code needs are within reach"


GOT_THROUGH = {errno.EFAULT, errno.EBADF, errno.EINVAL, errno.ENOTTY}
"""With these the call was carried out, and failed for its bad arguments."""

Facts = dict[str, Any]
ACTS: dict[str, tuple[Guarantee, str, Callable[[Facts], object]]] = {}
"""Name -> what it breaks, which layers stop it (with Landlock's version, where not every one does), how it is tried."""

_libc = ctypes.CDLL(None, use_errno=True)
_numbers = ARCHITECTURES.get(os.uname().machine, (0, {}))[1] if LINUX else {}

SAME_SIGNAL = signal.SIGURG
"""Ignored by whoever gets it, so that trying is harmless."""


def act(
    name: str, guarantee: Guarantee, layers: str
) -> Callable[[Callable[[Facts], object]], Callable[[Facts], object]]:
    def register(function: Callable[[Facts], object]) -> Callable[[Facts], object]:
        ACTS[name] = (guarantee, layers, function)
        return function

    return register


def call(name: str, *arguments: int | bytes | None) -> int:
    """One system call by its number; raises OSError, also where the kernel has no such call."""
    if name not in _numbers:
        raise OSError(errno.ENOSYS, "no such call here")
    values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = _libc.syscall(ctypes.c_long(_numbers[name]), *values)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def attempt(facts: Facts) -> None:
    """Try every act and print what happened to each, as one JSON object."""
    happened = {}
    for name, (_, _, function) in ACTS.items():
        try:
            function(facts)
            happened[name] = "done"
        except AttributeError as error:
            # Python has no such function where the system has no such call.
            happened[name] = "ENOSYS" if error.obj in (os, socket) else "AttributeError"
        except Exception as error:
            number = getattr(error, "errno", None)
            through = number in GOT_THROUGH and function in RAW
            happened[name] = ("done, and failed with " if through else "") + (
                errno.errorcode.get(number or 0) or type(error).__name__
            )
    print(json.dumps(happened), flush=True)


RAW: set[Callable[[Facts], object]] = set()


def raw(name: str, guarantee: Guarantee, layers: str, system_call: str, *arguments: int | bytes | None) -> None:
    """An act that is one system call with arguments that can do no harm; it counts as done if it looks at them."""

    def function(facts: Facts) -> object:
        return call(system_call, *(facts["app"] if value is APP_PID else value for value in arguments))

    RAW.add(function)
    ACTS[name] = (guarantee, layers, function)


APP_PID: Any = object()
READ, WRITE, NETWORK = Guarantee.READ, Guarantee.WRITE, Guarantee.NETWORK
OUTLIVE, APP, KERNEL = Guarantee.OUTLIVE, Guarantee.APP, Guarantee.KERNEL
FILES = "Landlock, mount namespace"
META = "seccomp, mount namespace"
REACH = "seccomp, PID namespace"


@act("read a file in the home folder", READ, FILES)
def _(facts: Facts) -> None:
    Path(facts["home"], "canary").read_text()


@act("list the home folder", READ, FILES)
def _(facts: Facts) -> None:
    os.listdir(facts["home"])


@act("read a file in the folder for temporary files", READ, FILES)
def _(facts: Facts) -> None:
    Path(facts["temporary"], "canary").read_text()


@act("read /etc/passwd", READ, FILES)
def _(facts: Facts) -> None:
    Path("/etc/passwd").read_text()


@act("read a deck of the program's own", READ, FILES)
def _(facts: Facts) -> None:
    if not os.listdir(facts["decks"]):
        raise OSError(errno.ENOENT, "covered")


@act("read a file that the app has open", READ, "Landlock, PID namespace")
def _(facts: Facts) -> None:
    Path(f"/proc/{facts['app']}/fd/{facts['open']}").read_bytes()


@act("read the app's environment", READ, "Landlock, PID namespace")
def _(facts: Facts) -> None:
    Path(f"/proc/{facts['app']}/environ").read_bytes()


@act("read the app's memory", READ, REACH)
def _(facts: Facts) -> None:
    call("process_vm_readv", facts["app"], None, 0, None, 0, 0)


def _each_canary(facts: Facts, change: Callable[[Path], object]) -> None:
    """The change must fail on each; the error of the last is told."""
    failures = 0
    for folder in (facts["home"], facts["temporary"]):
        try:
            change(Path(folder, "canary"))
        except OSError as error:
            failures += 1
            if failures == 2:
                raise error


def _touching(name: str, layers: str, change: Callable[[Path], object]) -> None:
    ACTS[name] = (WRITE, layers, lambda facts: _each_canary(facts, change))


_touching("write to a file", FILES, lambda path: path.open("a").write("x"))
_touching("make a file", FILES, lambda path: path.with_name("made").touch())
_touching("make a folder", FILES, lambda path: path.with_name("folder").mkdir())
_touching("make a link", FILES, lambda path: path.with_name("link").symlink_to("canary"))
_touching("rename a file", FILES, lambda path: path.rename(path.with_name("renamed")).rename(path))
_touching("remove a file", FILES, lambda path: path.with_name("spare").unlink())
_touching("change a file's mode", META, lambda path: path.chmod(0o600))
_touching("change a file's owner", META, lambda path: os.chown(path, os.getuid(), os.getgid()))
_touching("change a file's times", META, lambda path: os.utime(path, (1, 1)))
_touching("change a file's attributes", "seccomp", lambda path: os.setxattr(path, "user.ptquiz", b"x"))
_touching("truncate a file", "Landlock 3, seccomp, mount namespace", lambda path: os.truncate(path, 0))
_touching("truncate a file by reading it", "seccomp, mount namespace", lambda path: os.open(path, os.O_TRUNC))


@act("write where torch is installed", WRITE, FILES)
def _(facts: Facts) -> None:
    Path(facts["torch"], "ptquiz-probe").touch()


@act("truncate a file of torch's by reading it", WRITE, "seccomp, mount namespace")
def _(facts: Facts) -> None:
    # A folder: opening it so cannot harm, and is refused before the kernel sees what it is.
    try:
        os.open(facts["torch"], os.O_TRUNC)
    except IsADirectoryError:
        return


def _connecting(name: str, kind: int, layers: str, family: int, address: Callable[[Facts], Any]) -> None:
    def function(facts: Facts) -> None:
        with socket.socket(family, kind) as link:
            link.settimeout(0.2)
            link.connect(address(facts))
            link.send(b"x")

    ACTS[name] = (NETWORK, layers, function)


NET = "seccomp, network namespace"
_connecting(
    "connect by TCP", socket.SOCK_STREAM, f"{NET}, Landlock 4", socket.AF_INET, lambda facts: tuple(facts["tcp"])
)
_connecting("send by UDP", socket.SOCK_DGRAM, NET, socket.AF_INET, lambda facts: tuple(facts["udp"]))
_connecting("send by UDP over IPv6", socket.SOCK_DGRAM, NET, socket.AF_INET6, lambda facts: ("::1", facts["udp"][1]))
_connecting("connect to a socket file", socket.SOCK_STREAM, META, socket.AF_UNIX, lambda facts: facts["socket"])
_connecting(
    "connect to an abstract socket",
    socket.SOCK_STREAM,
    f"{NET}, Landlock 6",
    socket.AF_UNIX,
    lambda facts: facts["abstract"],
)


@act("listen on a port", NETWORK, NET)
def _(facts: Facts) -> None:
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))


@act("ask the kernel about the network", NETWORK, NET)
def _(facts: Facts) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


@act("start a program", OUTLIVE, "seccomp")
def _(facts: Facts) -> None:
    # Bad pointers: it would fail after the filter.
    call("execve", None, None, None)


RAW.add(ACTS["start a program"][2])
raw("enter new namespaces", KERNEL, "seccomp", "unshare", 0x7FFFFFFF)
raw("mount", KERNEL, "seccomp", "mount", None, None, None, 0, None)
raw("trace a process", APP, "seccomp", "ptrace", -1, 0, None, None)
raw("write to the app's memory", APP, REACH, "process_vm_writev", APP_PID, None, 0, None, 0, 0)
raw("make memory that no limit counts", KERNEL, "seccomp", "memfd_create", None, 0)
raw("keep memory that is mapped nowhere", KERNEL, "seccomp", "mmap", None, 4096, 3, 0x21, -1, 0)
raw("make shared memory that outlives the run", OUTLIVE, "seccomp", "shmget", 0, 0, 0)
raw("load a kernel program", KERNEL, "seccomp", "bpf", -1, None, 0)
raw("watch the processor", KERNEL, "seccomp", "perf_event_open", None, 0, 0, 0, 0)
raw("use io_uring", KERNEL, "seccomp", "io_uring_setup", 0, None)
raw("handle page faults", KERNEL, "seccomp", "userfaultfd", -1)
raw("use the keyring", KERNEL, "seccomp", "keyctl", -1, 0, 0, 0, 0)
raw("type on the terminal", APP, "seccomp", "ioctl", -1, 0x5412, None)
raw("type on the console", APP, "seccomp", "ioctl", -1, 0x541C, None)
raw("name who gets a descriptor's signals", APP, "seccomp", "fcntl", -1, 8, 1)
raw("choose a descriptor's signal", APP, "seccomp", "fcntl", -1, 10, 9)
raw("name who gets a socket's signals", APP, "seccomp", "ioctl", -1, 0x8901, None)


@act("signal the app", APP, f"{REACH}, Landlock 6")
def _(facts: Facts) -> None:
    os.kill(facts["app"], SAME_SIGNAL)


@act("signal a thread of the app", APP, f"{REACH}, Landlock 6")
def _(facts: Facts) -> None:
    call("tgkill", facts["app"], facts["app"], int(SAME_SIGNAL))


@act("signal everyone", APP, f"{REACH}, Landlock 6")
def _(facts: Facts) -> None:
    # In a PID namespace nobody but the run itself is everyone.
    try:
        os.kill(-1, SAME_SIGNAL)
    except ProcessLookupError:
        raise
    if os.getpid() == 1:
        raise ProcessLookupError(errno.ESRCH, "nobody else is there")


@act("lower the app's priority", APP, REACH)
def _(facts: Facts) -> None:
    os.setpriority(os.PRIO_PROCESS, facts["app"], facts["priority"])


@act("move the app to other processors", APP, REACH)
def _(facts: Facts) -> None:
    os.sched_setaffinity(facts["app"], facts["processors"])


@act("change how the app is scheduled", APP, REACH)
def _(facts: Facts) -> None:
    os.sched_setscheduler(facts["app"], os.SCHED_OTHER, os.sched_param(0))


@act("limit the app", APP, REACH)
def _(facts: Facts) -> None:
    call("prlimit64", facts["app"], 7, struct.pack("<QQ", *facts["files"]), None)


@act("hold another descriptor than its own", APP, "closed before the run")
def _(facts: Facts) -> None:
    for descriptor in (0, *range(4, 4096)):
        try:
            fcntl.fcntl(descriptor, fcntl.F_GETFD)
        except OSError:
            continue
        if descriptor or not os.path.samestat(os.fstat(0), os.stat(os.devnull)):
            return
    raise OSError(errno.ENOENT, "nothing else is open")


@act("use root's powers", APP, "given up before the run")
def _(facts: Facts) -> None:
    status = Path("/proc/self/status").read_text() if LINUX else ""
    held = [line for line in status.splitlines() if line.startswith(("CapEff", "CapPrm", "CapInh", "CapAmb"))]
    if os.getuid() != 0 and all(int(line.split()[1], 16) == 0 for line in held):
        raise PermissionError(errno.EPERM, "there are none")


@act("leave a process behind", OUTLIVE, "seccomp, PID namespace")
def _(facts: Facts) -> None:
    """Twice forked and in a session of its own; the probe looks afterwards whether it still holds the pipe."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if os.fork() == 0:
            signal.pause()
        os._exit(0)
    os.waitpid(pid, 0)
