"""The loop of a watching command: keys, saves of the watched file, and results of runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from quizapp.commands.own_editor.file_watch import INTERVAL, FileWatch
from quizapp.commands.own_editor.key_input import KeyInput
from quizapp.commands.own_editor.latest_run import LatestRun
from quizapp.commands.own_editor.watch_page import WatchPage
from quizapp.commands.verdict_output import SEARCHING
from quizapp.decks.card import Card
from quizapp.errors import PtquizError, SandboxError
from quizapp.services import ServiceProvider
from quizapp.text.printable import one_line

RUNNING = "running …"
WARMING_UP = "the sandbox is warming up …"


class WatchLoop(ABC):
    """Watches one file at a time; everything but the runs happens in the caller's thread."""

    file: FileWatch

    def __init__(self, provider: ServiceProvider, keys: KeyInput, page: WatchPage, cancel: Callable[[], None]) -> None:
        """`cancel` cancels the answer that is being run."""
        self.provider, self.keys, self.page = provider, keys, page
        self.is_over = False
        self._cancel = cancel
        self.runs = LatestRun(self._cancel_run)
        self._status = ""
        provider.grader.on_search = self._report_search

    @property
    @abstractmethod
    def actions(self) -> Mapping[str, Callable[[], None]]:
        """Key -> what it does."""

    @abstractmethod
    def begin(self) -> None:
        """Show the first card. Raises PtquizError."""

    @abstractmethod
    def submit(self) -> None:
        """Read the watched file and run its answer. Raises PtquizError."""

    def watch(self) -> None:
        """Run until the learner quits. Raises SandboxError if no answer can be run."""
        self.provider.sandbox.start()
        try:
            self.begin()
            while not (self.is_over or self.keys.is_stopped):
                self.step()
        finally:
            self.is_over = True
            self.runs.close()
            self.page.close()

    def run(self, work: Callable[[], object], show: Callable[..., None]) -> None:
        """Run `work` in the thread of runs, and show its result."""
        self.page.show_status(RUNNING if self.provider.sandbox.ready else WARMING_UP)
        self.runs.submit(work, show)

    def header(self, card: Card) -> str:
        """Return the first line of a page: local time, card and file."""
        return f"{self.provider.clock().astimezone():%H:%M:%S}  {card.name}  {one_line(str(self.file.path))}"

    def show_error(self, error: PtquizError) -> None:
        self.page.show(f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))

    def step(self) -> None:
        """Wait at most two intervals for something to do, do it, and show its errors.

        Raises SandboxError if no answer can be run.
        """
        try:
            self._step()
        except SandboxError:
            raise
        except PtquizError as error:
            self.show_error(error)

    def _step(self) -> None:
        self.runs.poll(INTERVAL)
        self.keys.wait(0 if self.runs.is_running else INTERVAL)
        if self._status and self.runs.is_running:
            self.page.show_status(self._status)
        self._status = ""
        if self.keys.has_continued:
            self.keys.has_continued = False
            self.page.show("")
        if self.file.is_saved():
            self.submit()
        elif not self.runs.is_running and (action := self.actions.get(self.keys.take())):
            action()

    def _report_search(self) -> None:
        # Called in the thread of runs, which prints nothing.
        self._status = SEARCHING

    def _cancel_run(self) -> None:
        self._cancel()
        if self.is_over:
            # Also ends a run that waits for the sandbox.
            self.provider.sandbox.close()
