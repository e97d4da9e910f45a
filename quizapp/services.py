"""Puts the rooms together for one command, each only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import click

from quizapp.settings import Locations, Settings, locations, read_settings

if TYPE_CHECKING:
    from quizapp.decks.library import Library
    from quizapp.grading.grader import Grader
    from quizapp.review.session import Session
    from quizapp.review.store import Store
    from quizapp.sandbox.client import Sandbox


def utc_now() -> datetime:
    """The one clock; everything below is handed it."""
    return datetime.now(UTC)


@dataclass
class Context:
    """What the options before the command's name said."""

    decks: tuple[str, ...] = ()
    trust: bool = False
    clock: Callable[[], datetime] = utc_now

    @cached_property
    def locations(self) -> Locations:
        return locations()

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.locations.settings)

    @cached_property
    def library(self) -> Library:
        from quizapp.decks.library import load_library

        return load_library(self.decks, settings=self.settings, keep_in=self.locations.cache / "decks")

    @cached_property
    def store(self) -> Store:
        from quizapp.review.store_access import open_store

        return open_store(self.locations, self.settings, self.clock())

    @cached_property
    def sandbox(self) -> Sandbox:
        from quizapp.sandbox.client import Sandbox

        return Sandbox()

    @cached_property
    def grader(self) -> Grader:
        from quizapp.grading.grader import Grader

        return Grader(self.sandbox, trust=self.trust)

    def warn_of_broken_decks(self) -> None:
        """One line on stderr where decks were found that cannot be used."""
        broken = sorted({problem.path for problem in self.library.problems if problem.severity == "error"})
        if broken:
            more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
            click.echo(f"warning: left out: {broken[0]}{more}; `ptquiz decks` says what is wrong", err=True)

    def session(self, decks: tuple[str, ...] = ()) -> Session:
        from quizapp.review.session import Session

        return Session(self.library, self.grader, self.store, self.settings, self.clock, decks=decks or None)

    def close(self) -> None:
        """End the sandbox, if one was started."""
        for name in ("sandbox", "store"):
            if name in self.__dict__:
                self.__dict__[name].close()


pass_context = click.make_pass_decorator(Context)
