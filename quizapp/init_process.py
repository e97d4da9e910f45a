"""Process 1 of a container: passes signals on to the app, which is its child, and reaps orphans.

The kernel gives orphans to process 1 and ignores signals for which it has no handler: `pid_namespaces(7)`.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

PASSED_ON = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2}


def fork_as_process_one() -> None:
    """In process 1, fork and return in the child only; process 1 ends with it. Otherwise return at once."""
    if os.getpid() != 1 or not sys.platform.startswith("linux"):
        return
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Signals that are blocked wait for `sigwaitinfo` and are not lost.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {*PASSED_ON, signal.SIGCHLD})
    if app := os.fork():
        _serve(app)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _serve(app: int) -> NoReturn:
    while True:
        info = signal.sigwaitinfo({*PASSED_ON, signal.SIGCHLD})
        if info.si_signo == signal.SIGCHLD:
            _reap(app)
        elif info.si_code <= 0:
            # Sent by a process. The kernel sends those of the terminal to the app too: `sigaction(2)`.
            os.kill(app, info.si_signo)


def _reap(app: int) -> None:
    """Collect the exit status of every child that has ended; end with the status of the app."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == app:
            # The kernel kills every other process of the namespace. 128 and the signal: `docker run`, `bash(1)`.
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
        if pid == 0:
            return
