"""Confines a worker in layers: defence in depth, no single layer is relied on."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path

from quizapp.sandbox.jail import landlock, mounts, namespaces, readable_paths, rlimits, seccomp, syscalls
from quizapp.sandbox.jail.cuda_driver import NO_DRIVER, CudaDriver
from quizapp.sandbox.jail.layers import Layers

ENDING_NAMES = "HUP QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 ALRM TERM XCPU VTALRM PROF SYS"
# Process 1 of a PID namespace ignores signals without a handler that it sends to itself: `pid_namespaces(7)`.
ENDING_SIGNALS = tuple(getattr(signal, f"SIG{name}") for name in ENDING_NAMES.split() if hasattr(signal, f"SIG{name}"))


@dataclass(frozen=True, slots=True)
class JailSpec:
    """The jail of one worker."""

    layers: Layers
    folder: str
    """The scratch folder if namespaces are not used."""

    scratch: int
    """Bytes of files that the worker may write."""

    driver: CudaDriver | None = None
    """The CUDA driver's files, which a run with CUDA may use; None for every other run."""

    readable: tuple[str, ...] = ()
    """Paths that may be read if no mount namespace limits them already."""

    @property
    def scratch_folder(self) -> str:
        """The scratch folder as the worker sees it."""
        return mounts.SCRATCH if self.layers.namespaces else self.folder


def prepare(wanted: Layers, folder: str, driver: CudaDriver = NO_DRIVER) -> Layers:
    """Give up root and enter namespaces, in the process that becomes the zygote; return the layers available.

    The files of `driver` are visible in its tree.
    """
    if not syscalls.LINUX:
        # On macOS, `sandbox-exec` confines the process from outside.
        return replace(wanted, namespaces=False, landlock=0, seccomp=False)
    if wanted.namespaces:
        granted = namespaces.enter(folder, driver)
    else:
        granted = False
        namespaces.enter_without(folder)
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    machine = os.uname().machine
    has_filter = wanted.seccomp and machine in seccomp.ARCHITECTURES
    if has_filter:
        seccomp.prepared(granted, machine)
    return replace(wanted, namespaces=granted, landlock=min(wanted.landlock, landlock.abi()), seccomp=has_filter)


def visible_paths(driver: CudaDriver = NO_DRIVER) -> tuple[str, ...]:
    """Return every path that a worker may read, without the hidden ones."""
    hidden_paths = readable_paths.hidden()
    paths = [*readable_paths.readable(), *readable_paths.KERNEL_FACTS, *readable_paths.DEVICES]
    paths += [*driver.folders, *driver.kernel_files]
    return tuple(part for path in paths for part in readable_paths.without(path, hidden_paths))


def confine(jail: JailSpec) -> None:
    """Jail this process irrevocably, all but `close`. Any exception must end the worker: its jail is incomplete."""
    layers = jail.layers
    if syscalls.LINUX:
        syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if layers.namespaces:
        namespaces.enter_worker(jail.scratch)
        syscalls.end_on_signals(ENDING_SIGNALS)
    else:
        Path(jail.folder).mkdir(0o700)
    os.chdir(jail.scratch_folder)
    if layers.limits:
        rlimits.limit_once(jail.scratch, cuda=jail.driver is not None)
    if syscalls.LINUX:
        # Both confine one thread and those that it starts later, so they come before the threads of CUDA.
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        syscalls.drop_capabilities()
        if layers.landlock:
            landlock.restrict(_path_rules(jail), layers.landlock)
        # The files in /proc of an undumpable process belong to root: the app must count the worker's mappings and open
        # files, and CUDA writes some of them at its start.
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)


def close(jail: JailSpec) -> None:
    """Close the last layer, once CUDA has started: a filter of system calls for all threads of this process."""
    if syscalls.LINUX and jail.layers.seccomp:
        seccomp.install(jail.layers.namespaces, jail.driver is not None)


def _path_rules(jail: JailSpec) -> list[landlock.PathRule]:
    read_write = landlock.READ | landlock.CHANGE
    rules = [landlock.PathRule("/dev/null", landlock.DEVICE), landlock.PathRule(jail.scratch_folder, read_write)]
    # Of all processes only the worker itself.
    own_process = f"/proc/{os.readlink('/proc/self')}"
    paths = [*(f"{own_process}/{name}" for name in readable_paths.PROCESS_FACTS), *jail.readable]
    if jail.layers.namespaces:
        # The mounts are read-only already; Landlock enforces it a second time.
        paths += [f"/{name}" for name in os.listdir("/") if name != "proc"] + list(readable_paths.KERNEL_FACTS)
        rules.append(landlock.PathRule(mounts.SHARED_MEMORY, read_write))
    rules += [landlock.PathRule(path, landlock.READ) for path in paths]
    if jail.driver is not None:
        rules += [landlock.PathRule(path, landlock.DEVICE) for path in jail.driver.devices]
        rules += [landlock.PathRule(path, landlock.READ) for path in jail.driver.kernel_files]
        # The driver names its threads: it opens `task/<tid>/comm` with O_TRUNC.
        rules.append(landlock.PathRule(own_process, landlock.READ | landlock.WRITE_FILE | landlock.TRUNCATE))
    return rules
