"""Two runs that cooperate: nothing of the first reaches a later one; what simultaneous runs can tell each other."""

from __future__ import annotations

import json
import threading

import pytest

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending, Limits, Report
from tests.sandbox.runs import run

pytestmark = pytest.mark.jail

LOOK = """
import errno, fcntl, glob, json, os, resource, signal, socket, struct
from quizapp.sandbox.jail.escape_attempts import call

def result_of(function):
    try:
        return repr(function())
    except OSError as error:
        return errno.errorcode[error.errno]

def bound(name):
    with socket.socket(socket.AF_UNIX) as link:
        return link.bind(name)

def lock_of(path):
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return fcntl.fcntl(file, fcntl.F_GETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))

FOLDERS = [tmp, os.path.dirname(tmp), "/dev/shm", "/tmp", "/var/tmp", "/run", "/run/lock", os.path.expanduser("~")]
STATUS = tuple("Umask Uid Gid Groups SigQ SigBlk SigIgn SigCgt Cap NoNewPrivs Seccomp Cpus_allowed".split())
OWN_LIMITS = (resource.RLIMIT_DATA, resource.RLIMIT_CPU)
seen = {f"files in {folder}".replace(tmp, "tmp"): result_of(lambda: sorted(os.listdir(folder))) for folder in FOLDERS}
seen |= {f"left in {folder}".replace(tmp, "tmp"): result_of(lambda: glob.glob(folder + "/left*")) for folder in FOLDERS}
seen |= {
    "status": [line.split() for line in open("/proc/self/status") if line.startswith(STATUS)],
    "limits": [resource.getrlimit(kind) for kind in range(16) if kind not in OWN_LIMITS],
    "priority": os.getpriority(os.PRIO_PROCESS, 0),
    "nice of all": os.getpriority(os.PRIO_USER, os.getuid()),
    "scheduling": (os.sched_getscheduler(0), sorted(os.sched_getaffinity(0))),
    "timers": [signal.getitimer(kind) for kind in range(3)],
    "environment": {name: value for name, value in os.environ.items() if tmp not in value},
    "locks": result_of(lambda: lock_of(LOCKED)),
    "abstract socket": result_of(lambda: bound("\\0left")),
    "key": result_of(lambda: call("request_key", b"user", b"left", None, -4)),
    "shared memory": result_of(lambda: call("shmget", 0x4C454654, 0, 0)),
    "semaphores": result_of(lambda: call("semget", 0x4C454654, 0, 0)),
    "messages": result_of(lambda: call("msgget", 0x4C454654, 0)),
    "queue": result_of(lambda: call("mq_open", b"left", 0, 0, None)),
    "capacity of a pipe": fcntl.fcntl(os.pipe()[0], 1032),
    "files of the module": sorted(os.listdir(os.path.dirname(json.__file__))),
    "modules": [name for name in ("left", "json.left") if name in __import__("sys").modules],
    "torch": (torch.get_num_threads(), torch.get_default_dtype(), torch.initial_seed(), hasattr(torch, "left")),
}
print(json.dumps(seen, default=str))
"""
LEAVE = """
import fcntl, glob, json, os, resource, signal, socket, sys
from quizapp.sandbox.jail.escape_attempts import call
kept = []

def leave(function):
    try:
        kept.append(function())
    except OSError:
        pass

for folder in (tmp, os.path.dirname(tmp), "/dev/shm", "/tmp", "/var/tmp", "/run/lock", os.path.dirname(json.__file__)):
    leave(lambda: open(f"{folder}/left.py", "w").write("x"))
    leave(lambda: os.mkdir(f"{folder}/left"))
    leave(lambda: os.mkfifo(f"{folder}/left.pipe"))
    leave(lambda: os.symlink("/", f"{folder}/left.link"))
lock = open(LOCKED, "rb")
leave(lambda: fcntl.flock(lock, fcntl.LOCK_EX))
leave(lambda: fcntl.lockf(lock, fcntl.LOCK_SH))
link = socket.socketpair()[0]
leave(lambda: kept.append(socket.socket(socket.AF_UNIX)) or kept[-1].bind("\\0left"))
leave(lambda: call("add_key", b"user", b"left", b"x", 1, -4))
leave(lambda: call("shmget", 0x4C454654, 4096, 0o1666))
leave(lambda: call("semget", 0x4C454654, 1, 0o1666))
leave(lambda: call("msgget", 0x4C454654, 0o1666))
leave(lambda: call("mq_open", b"left", 0o102, 0o600, None))
leave(lambda: os.nice(5))
leave(lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}))
leave(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128)))
leave(lambda: open("/proc/self/oom_score_adj", "w").write("900"))
leave(lambda: [kept.append(os.pipe()) for _ in range(20)])
leave(lambda: [fcntl.fcntl(pipe[0], 1031, 1 << 20) for pipe in kept if isinstance(pipe, tuple)])
os.umask(0)
os.environ["LEFT"] = "x"
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
signal.setitimer(signal.ITIMER_REAL, 1000)
leave(lambda: os.kill(os.getpid(), signal.SIGUSR1))
torch.left = torch.manual_seed(9)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(2)
sys.modules["left"] = sys.modules["json.left"] = sys
"""
LOCK = """
import fcntl, time
file = open(LOCKED, "rb")
"""
HOLD = f"{LOCK}fcntl.flock(file, fcntl.LOCK_EX)\ntime.sleep(600)"
NOTICE = f"""{LOCK}
def is_free():
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True
while is_free():
    time.sleep(0.01)
"""


def locked(module: str) -> str:
    """Return code that chooses a file to lock: a different one for each test, because locks are visible to all."""
    return f"LOCKED = {module}.__file__"


def run_to_its_end(sandbox: Sandbox, code: str, module: str) -> Report:
    """Run code that may lock a module's file; also wait until its process has ended, which the next run would not."""
    report = run(sandbox, code, given=locked(module))
    while sandbox._workers.pool._places.has_dead:
        threading.Event().wait(0.01)
    return report


def test_a_later_run_sees_nothing_of_an_earlier_one(sandbox: Sandbox) -> None:
    before, left, after = (run_to_its_end(sandbox, code, "torch") for code in (LOOK, LEAVE, LOOK))
    assert [report.raised for report in (before, left, after)] == [None] * 3
    assert json.loads(after.stdout) == json.loads(before.stdout)


def test_what_the_earlier_run_leaves_could_be_seen(sandbox: Sandbox) -> None:
    before, within = (run_to_its_end(sandbox, code, "torch.random") for code in (LOOK, LEAVE + LOOK))
    states = [json.loads(report.stdout) for report in (before, within)]
    changed = {name for name in states[0] if states[0][name] != states[1][name]}
    assert {"files in tmp", "left in tmp", "status", "limits", "environment", "timers", "modules", "torch"} <= changed


def test_simultaneous_runs_can_communicate_by_locks_on_files_that_both_can_read(own_sandbox: Sandbox) -> None:
    holder = threading.Thread(target=run, args=(own_sandbox, HOLD), kwargs={"given": locked("torch.serialization")})
    holder.start()
    report = run(own_sandbox, NOTICE, given=locked("torch.serialization"), limits=Limits(seconds=60))
    own_sandbox.cancel()
    holder.join()
    assert report.ending is Ending.FINISHED
