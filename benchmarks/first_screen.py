"""Process start to first paint: ptquiz beside a Textual app that shows one label, interleaved in one run.

    python benchmarks/first_screen.py [--starts 20]

The clock stops when the first bytes of a drawn screen arrive on a pseudo-terminal of 80x24.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from fcntl import ioctl
from termios import TIOCSWINSZ

from timing import ratio, table

LABEL = """
from textual.app import App
from textual.widgets import Label
class OneLabel(App):
    def compose(self):
        yield Label("loading decks")
OneLabel().run()
"""


def first_paint(arguments: list[str], awaited: bytes) -> float:
    """Return the milliseconds until `awaited` is drawn, then end the process."""
    terminal, program_side = pty.openpty()
    ioctl(program_side, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"PTQUIZ_HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        start = time.perf_counter()
        process = subprocess.Popen(
            arguments,
            stdin=program_side,
            stdout=program_side,
            stderr=program_side,
            env=environment,
            start_new_session=True,
        )
        os.close(program_side)
        seen = b""
        try:
            while awaited not in seen:
                ready, _, _ = select.select([terminal], [], [], 30)
                assert ready, f"nothing was drawn: {seen[-500:]!r}"
                seen += os.read(terminal, 65536)
            return (time.perf_counter() - start) * 1000
        finally:
            process.send_signal(signal.SIGTERM)
            drain(terminal)
            process.wait(30)
            os.close(terminal)


def drain(terminal: int) -> None:
    """Read until the program closes its side, so that output at exit does not block it."""
    while True:
        try:
            if not os.read(terminal, 65536):
                return
        except OSError:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=20)
    rows: dict[str, list[float]] = {"one label": [], "ptquiz": []}
    program = [sys.executable, "-c", "from quizapp.cli import main; main([])"]
    for number in range(parser.parse_args().starts + 1):
        label = first_paint([sys.executable, "-c", LABEL], b"decks")
        screen = first_paint(program, b"ptquiz")
        if number:
            rows["one label"].append(label)
            rows["ptquiz"].append(screen)
    print(table(rows))
    print(f"\nptquiz / one label  {ratio(rows['ptquiz'], rows['one label']):.2f}")


if __name__ == "__main__":
    main()
