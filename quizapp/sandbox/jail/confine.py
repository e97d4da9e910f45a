"""What a worker is denied, in layers: each one alone would do for most acts, and none is trusted alone."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path

from quizapp.sandbox.jail import landlock, mounts, namespaces, readable_paths, rlimits, seccomp, syscalls
from quizapp.sandbox.jail.layers import Layers

ENDING_NAMES = "HUP QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 ALRM TERM XCPU VTALRM PROF SYS"
ENDING_SIGNALS = tuple(getattr(signal, f"SIG{name}") for name in ENDING_NAMES.split() if hasattr(signal, f"SIG{name}"))


@dataclass(frozen=True, slots=True)
class JailSpec:
    """One worker's place."""

    layers: Layers
    folder: str
    """Its scratch folder, where no namespace gives it one."""

    scratch: int
    cuda: bool = False
    readable: tuple[str, ...] = ()
    """What it may read where no tree of its own says so already."""

    @property
    def scratch_folder(self) -> str:
        return mounts.SCRATCH if self.layers.namespaces else self.folder


def prepare(wanted: Layers, folder: str) -> Layers:
    """In the process that becomes the zygote: give up root, take namespaces; says which layers there are."""
    if not syscalls.LINUX:
        # Whatever confines it was put around it from outside.
        return replace(wanted, namespaces=False, landlock=0, seccomp=False)
    if wanted.namespaces:
        granted = namespaces.enter(folder)
    else:
        granted = False
        namespaces.stay(folder)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    machine = os.uname().machine
    filtered = wanted.seccomp and machine in seccomp.ARCHITECTURES
    if filtered:
        seccomp.prepared(granted, machine)
    return replace(wanted, namespaces=granted, landlock=min(wanted.landlock, landlock.abi()), seccomp=filtered)


def may_read() -> tuple[str, ...]:
    """Everything readable, around what is hidden."""
    holes = readable_paths.hidden()
    paths = [*readable_paths.readable(), *readable_paths.KERNEL_FACTS, *readable_paths.DEVICES]
    return tuple(part for path in paths for part in readable_paths.without(path, holes))


def confine(cell: JailSpec) -> None:
    """Jail this process for good. Whatever fails here ends the worker: a jail with a hole is none."""
    layers = cell.layers
    if syscalls.LINUX:
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if layers.namespaces:
        namespaces.enter_worker(cell.scratch)
        syscalls.end_on_signals(ENDING_SIGNALS)
    else:
        Path(cell.folder).mkdir(0o700)
    os.chdir(cell.scratch_folder)
    if layers.limits:
        rlimits.limit_once(cell.scratch)
    if syscalls.LINUX:
        _restrict(cell)


def _restrict(cell: JailSpec) -> None:
    """Take what Linux lets a process give up."""
    layers = cell.layers
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.drop_capabilities()
    if layers.landlock:
        landlock.restrict(_rules(cell), layers.landlock)
    # Where its files lie among others', the app must see which of them it holds open.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0 if layers.namespaces else 1)
    if layers.seccomp:
        seccomp.install(layers.namespaces, cell.cuda)


def _rules(cell: JailSpec) -> list[landlock.PathRule]:
    own = landlock.READ | landlock.CHANGE
    rules = [landlock.PathRule("/dev/null", landlock.DEVICE), landlock.PathRule(cell.scratch_folder, own)]
    # Of all processes itself alone, by the number that it has there.
    paths = [f"/proc/{os.readlink('/proc/self')}", *cell.readable]
    if cell.layers.namespaces:
        # The tree holds nothing else; this layer says once more that it is only for reading.
        paths += [f"/{name}" for name in os.listdir("/") if name != "proc"] + list(readable_paths.KERNEL_FACTS)
        rules.append(landlock.PathRule(mounts.SHARED_MEMORY, own))
    rules += [landlock.PathRule(path, landlock.READ) for path in paths]
    if cell.cuda:
        rules += [
            landlock.PathRule(path, landlock.DEVICE | landlock.READ_DIR) for path in readable_paths.cuda_devices()
        ]
    return rules
