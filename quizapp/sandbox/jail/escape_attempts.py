"""Acts that a worker must not be able to perform, attempted in a real worker; harmless if one succeeds."""

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
    """What an act would violate; the value is the message shown when the guarantee is missing."""

    READ = "files outside the interpreter and the scratch folder can be read"
    WRITE = "files outside the scratch folder can be changed"
    NETWORK = "the network can be reached"
    OUTLIVE = "a process may outlive its run"
    APP = "the app can be signalled, slowed or limited"
    KERNEL = "parts of the kernel that tensor code does not need are accessible"


GOT_THROUGH = {errno.EFAULT, errno.EBADF, errno.EINVAL, errno.ENOTTY}
"""Errors of a system call that was executed and failed because of its invalid arguments."""

Facts = dict[str, Any]
ATTEMPTS: dict[str, tuple[Guarantee, str, Callable[[Facts], object]]] = {}
"""Name -> guarantee, layers that stop the act (with a Landlock version if a recent one is needed), attempt."""

_libc = ctypes.CDLL(None, use_errno=True)
_numbers = ARCHITECTURES.get(os.uname().machine, (0, {}))[1] if LINUX else {}

DAEMON_SECONDS = 30

SAME_SIGNAL = signal.SIGURG
"""Ignored by default (`signal(7)`), so the attempt is harmless."""


def attempt(
    name: str, guarantee: Guarantee, layers: str
) -> Callable[[Callable[[Facts], object]], Callable[[Facts], object]]:
    """Register the decorated function as the attempt of an act."""

    def register(function: Callable[[Facts], object]) -> Callable[[Facts], object]:
        ATTEMPTS[name] = (guarantee, layers, function)
        return function

    return register


def call(name: str, *arguments: int | bytes | None) -> int:
    """Make one system call by name; raises OSError, with ENOSYS if the filter has no number for it."""
    if name not in _numbers:
        raise OSError(errno.ENOSYS, "no such system call")
    values = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = _libc.syscall(ctypes.c_long(_numbers[name]), *values)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def app_pid(facts: Facts) -> int:
    """Return the PID of the app; raises ESRCH if that number is one of this process's own threads.

    The numbers of a PID namespace start at 1, and in a container the app may have such a number too.
    """
    pid: int = facts["app"]
    if os.path.exists(f"/proc/self/task/{pid}"):
        raise ProcessLookupError(errno.ESRCH, "the app has no number in this PID namespace")
    return pid


def run_attempts(facts: Facts) -> None:
    """Attempt every act and print the results as one JSON object: name -> error name or `done`."""
    results = {}
    for name, (_, _, function) in ATTEMPTS.items():
        try:
            function(facts)
            results[name] = "done"
        except AttributeError as error:
            # Python lacks the function if the system lacks the call.
            results[name] = "ENOSYS" if error.obj in (os, socket) else "AttributeError"
        except Exception as error:
            number = getattr(error, "errno", None)
            got_through = number in GOT_THROUGH and function in RAW
            results[name] = ("done, and failed with " if got_through else "") + (
                errno.errorcode.get(number or 0) or type(error).__name__
            )
    print(json.dumps(results), flush=True)


RAW: set[Callable[[Facts], object]] = set()


def raw_attempt(name: str, guarantee: Guarantee, layers: str, system_call: str, *arguments: int | bytes | None) -> None:
    """Register a single system call with harmless, invalid arguments; it counts as done if the kernel checked them."""

    def function(facts: Facts) -> object:
        return call(system_call, *(app_pid(facts) if value is APP_PID else value for value in arguments))

    RAW.add(function)
    ATTEMPTS[name] = (guarantee, layers, function)


APP_PID: Any = object()
READ, WRITE, NETWORK = Guarantee.READ, Guarantee.WRITE, Guarantee.NETWORK
OUTLIVE, APP, KERNEL = Guarantee.OUTLIVE, Guarantee.APP, Guarantee.KERNEL
FILES = "Landlock, mount namespace"
META = "seccomp, mount namespace"
REACH = "seccomp, PID namespace"


@attempt("read a file in the home folder", READ, FILES)
def _(facts: Facts) -> None:
    Path(facts["home"], "canary").read_text()


@attempt("list the home folder", READ, FILES)
def _(facts: Facts) -> None:
    os.listdir(facts["home"])


@attempt("read a file in the temporary folder", READ, FILES)
def _(facts: Facts) -> None:
    Path(facts["temporary"], "canary").read_text()


@attempt("read /etc/passwd", READ, FILES)
def _(facts: Facts) -> None:
    Path("/etc/passwd").read_text()


@attempt("read a shipped deck", READ, FILES)
def _(facts: Facts) -> None:
    if not os.listdir(facts["decks"]):
        raise OSError(errno.ENOENT, "hidden")


@attempt("read a file that the app has open", READ, "Landlock, PID namespace")
def _(facts: Facts) -> None:
    Path(f"/proc/{app_pid(facts)}/fd/{facts['open']}").read_bytes()


@attempt("read the app's environment", READ, "Landlock, PID namespace")
def _(facts: Facts) -> None:
    Path(f"/proc/{app_pid(facts)}/environ").read_bytes()


@attempt("read the app's memory", READ, REACH)
def _(facts: Facts) -> None:
    call("process_vm_readv", app_pid(facts), None, 0, None, 0, 0)


def _change_canaries(facts: Facts, change: Callable[[Path], object]) -> None:
    """Apply the change to each canary; raise the last error only if all of them failed."""
    failures = 0
    for folder in (facts["home"], facts["temporary"]):
        try:
            change(Path(folder, "canary"))
        except OSError as error:
            failures += 1
            if failures == 2:
                raise error


def _add_file_change(name: str, layers: str, change: Callable[[Path], object]) -> None:
    ATTEMPTS[name] = (WRITE, layers, lambda facts: _change_canaries(facts, change))


_add_file_change("write to a file", FILES, lambda path: path.open("a").write("x"))
_add_file_change("make a file", FILES, lambda path: path.with_name("made").touch())
_add_file_change("make a folder", FILES, lambda path: path.with_name("folder").mkdir())
_add_file_change("make a link", FILES, lambda path: path.with_name("link").symlink_to("canary"))
_add_file_change("rename a file", FILES, lambda path: path.rename(path.with_name("renamed")).rename(path))
_add_file_change("remove a file", FILES, lambda path: path.with_name("spare").unlink())
_add_file_change("change a file's mode", META, lambda path: path.chmod(0o600))
_add_file_change("change a file's owner", META, lambda path: os.chown(path, os.getuid(), os.getgid()))
_add_file_change("change a file's times", META, lambda path: os.utime(path, (1, 1)))
_add_file_change("change a file's attributes", "seccomp", lambda path: os.setxattr(path, "user.ptquiz", b"x"))
_add_file_change("truncate a file", "Landlock 3, seccomp, mount namespace", lambda path: os.truncate(path, 0))
_add_file_change(
    "truncate a file by opening it for reading", "seccomp, mount namespace", lambda path: os.open(path, os.O_TRUNC)
)


@attempt("write where torch is installed", WRITE, FILES)
def _(facts: Facts) -> None:
    Path(facts["torch"], "ptquiz-probe").touch()


@attempt("truncate a file of torch by opening it for reading", WRITE, "seccomp, mount namespace")
def _(facts: Facts) -> None:
    # A folder: harmless, and the filter decides before the kernel sees that it is one.
    try:
        os.open(facts["torch"], os.O_TRUNC)
    except IsADirectoryError:
        return


def _add_connection(name: str, kind: int, layers: str, family: int, address: Callable[[Facts], Any]) -> None:
    def function(facts: Facts) -> None:
        with socket.socket(family, kind) as link:
            link.settimeout(0.2)
            link.connect(address(facts))
            link.send(b"x")

    ATTEMPTS[name] = (NETWORK, layers, function)


NET = "seccomp, network namespace"
_add_connection(
    "connect by TCP", socket.SOCK_STREAM, f"{NET}, Landlock 4", socket.AF_INET, lambda facts: tuple(facts["tcp"])
)
_add_connection("send by UDP", socket.SOCK_DGRAM, NET, socket.AF_INET, lambda facts: tuple(facts["udp"]))
_add_connection(
    "send by UDP over IPv6", socket.SOCK_DGRAM, NET, socket.AF_INET6, lambda facts: ("::1", facts["udp"][1])
)
_add_connection("connect to a socket file", socket.SOCK_STREAM, META, socket.AF_UNIX, lambda facts: facts["socket"])
_add_connection(
    "connect to an abstract socket",
    socket.SOCK_STREAM,
    f"{NET}, Landlock 6",
    socket.AF_UNIX,
    lambda facts: facts["abstract"],
)


@attempt("listen on a port", NETWORK, NET)
def _(facts: Facts) -> None:
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))


@attempt("ask the kernel about the network", NETWORK, NET)
def _(facts: Facts) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


@attempt("start a program", OUTLIVE, "seccomp")
def _(facts: Facts) -> None:
    # With null pointers the call fails even if the filter lets it through.
    call("execve", None, None, None)


RAW.add(ATTEMPTS["start a program"][2])
raw_attempt("enter new namespaces", KERNEL, "seccomp", "unshare", 0x7FFFFFFF)
raw_attempt("mount", KERNEL, "seccomp", "mount", None, None, None, 0, None)
raw_attempt("trace a process", APP, "seccomp", "ptrace", -1, 0, None, None)
raw_attempt("write to the app's memory", APP, REACH, "process_vm_writev", APP_PID, None, 0, None, 0, 0)
raw_attempt("make memory that no limit counts", KERNEL, "seccomp", "memfd_create", None, 0)
raw_attempt("keep unmapped memory allocated", KERNEL, "seccomp", "mmap", None, 4096, 3, 0x21, -1, 0)
raw_attempt("make shared memory that outlives the run", OUTLIVE, "seccomp", "shmget", 0, 0, 0)
raw_attempt("load a kernel program", KERNEL, "seccomp", "bpf", -1, None, 0)
raw_attempt("use performance counters", KERNEL, "seccomp", "perf_event_open", None, 0, 0, 0, 0)
raw_attempt("use io_uring", KERNEL, "seccomp", "io_uring_setup", 0, None)
raw_attempt("handle page faults", KERNEL, "seccomp", "userfaultfd", -1)
raw_attempt("use the keyring", KERNEL, "seccomp", "keyctl", -1, 0, 0, 0, 0)
raw_attempt("insert input into the terminal", APP, "seccomp", "ioctl", -1, 0x5412, None)
raw_attempt("insert input into the console", APP, "seccomp", "ioctl", -1, 0x541C, None)
raw_attempt("choose who receives a descriptor's signals", APP, "seccomp", "fcntl", -1, 8, 1)
raw_attempt("choose a descriptor's signal", APP, "seccomp", "fcntl", -1, 10, 9)
raw_attempt("choose who receives a socket's signals", APP, "seccomp", "ioctl", -1, 0x8901, None)


@attempt("signal the app", APP, f"{REACH}, Landlock 6")
def _(facts: Facts) -> None:
    os.kill(app_pid(facts), SAME_SIGNAL)


@attempt("signal a thread of the app", APP, f"{REACH}, Landlock 6")
def _(facts: Facts) -> None:
    call("tgkill", app_pid(facts), app_pid(facts), int(SAME_SIGNAL))


@attempt("signal every process", APP, f"{REACH}, Landlock 6")
def _(facts: Facts) -> None:
    os.kill(-1, SAME_SIGNAL)
    # Process 1 of a PID namespace reaches only its own run.
    if os.getpid() == 1:
        raise ProcessLookupError(errno.ESRCH, "no other process exists")


@attempt("lower the app's priority", APP, REACH)
def _(facts: Facts) -> None:
    os.setpriority(os.PRIO_PROCESS, app_pid(facts), facts["priority"])


@attempt("move the app to other processors", APP, REACH)
def _(facts: Facts) -> None:
    os.sched_setaffinity(app_pid(facts), facts["processors"])


@attempt("change how the app is scheduled", APP, REACH)
def _(facts: Facts) -> None:
    os.sched_setscheduler(app_pid(facts), os.SCHED_OTHER, os.sched_param(0))


@attempt("limit the app", APP, REACH)
def _(facts: Facts) -> None:
    call("prlimit64", app_pid(facts), 7, struct.pack("<QQ", *facts["files"]), None)


@attempt("use an inherited descriptor", APP, "closed before the run")
def _(facts: Facts) -> None:
    for descriptor in sorted({0, *range(4, 4096)} - set(facts["driver"])):
        try:
            fcntl.fcntl(descriptor, fcntl.F_GETFD)
        except OSError:
            continue
        if descriptor or not os.path.samestat(os.fstat(0), os.stat(os.devnull)):
            return
    raise OSError(errno.ENOENT, "no other descriptor is open")


@attempt("use root's privileges", APP, "given up before the run")
def _(facts: Facts) -> None:
    status = Path("/proc/self/status").read_text() if LINUX else ""
    held = [line for line in status.splitlines() if line.startswith(("CapEff", "CapPrm", "CapInh", "CapAmb"))]
    if os.getuid() != 0 and all(int(line.split()[1], 16) == 0 for line in held):
        raise PermissionError(errno.EPERM, "no capabilities")


@attempt("leave a process behind", OUTLIVE, "seccomp, PID namespace")
def _(facts: Facts) -> None:
    """Leave a daemon; the probe checks afterwards whether it still has the worker's pipe open."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if os.fork() == 0:
            # Where nothing stops the daemon, it ends by itself.
            signal.alarm(DAEMON_SECONDS)
            signal.pause()
        os._exit(0)
    os.waitpid(pid, 0)
