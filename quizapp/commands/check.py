"""`ptquiz check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Exit, Problem, UsageError
from quizapp.services import ServiceProvider

if TYPE_CHECKING:
    from quizapp.audit.deck_check import CheckReport

FORMS = ("text", "json", "junit", "github")


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="How to print what was found.")
@click.option("--no-run", is_flag=True, help="Read only: nothing is run, and torch is not needed.")
@click.option("--no-mutants", is_flag=True, help="Do not try machine-made mistakes.")
@click.option(
    "--min-killed",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="An error where a deck's checks notice fewer of the machine-made mistakes.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Cards proved at a time; all cores unless said.")
@click.option("--fresh", is_flag=True, help="Prove everything again, whatever an earlier check has proved.")
@pass_provider
def command(
    provider: ServiceProvider,
    paths: tuple[Path, ...],
    as_json: bool,
    form: str,
    no_run: bool,
    no_mutants: bool,
    min_killed: float,
    jobs: int | None,
    fresh: bool,
) -> int:
    """Load decks and prove them: all that they claim is run.

    The reference and `accept` pass, the starter, each `wrong` and machine-made mistakes fail, `proof` holds, no check
    is idle, nothing is flaky. PATH is a deck file or a folder; without one, all decks that are found are checked.
    """
    from quizapp.audit import reports
    from quizapp.audit.deck_check import check_paths, read_paths
    from quizapp.decks.reader import deck_files

    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder", "name a deck file or a folder of decks")
        if not any(deck_files(path, [])):
            raise UsageError(f"{path}: there is no deck in this folder", "a deck's name ends in `.yaml`")
    chosen = paths or tuple(deck.path for deck in provider.library.decks)
    known = {card.name for card in provider.library.cards()}
    if no_run:
        report = read_paths(chosen, known)
    else:
        from quizapp.audit.prove import Depth

        report = check_paths(
            chosen,
            provider.grader,
            depth=Depth(mutants=not no_mutants),
            jobs=jobs or os.cpu_count() or 1,
            keep_in=None if fresh else provider.locations.cache / "proofs",
            progress=progress(),
            known=known,
        )
    report = replace(report, problems=(*report.problems, *_blind(report, min_killed)))
    click.echo(printed(report, "json" if as_json else form, reports))
    return Exit.CLEAN if report.clean else Exit.NOT_PASSED


def _blind(report: CheckReport, least: float) -> Iterator[Problem]:
    """An error for each deck whose checks notice fewer than `least` per cent of the mutants that are mistakes."""
    for deck in report.decks:
        tally = report.mutants.get(deck.slug)
        if tally and tally.share * 100 < least:
            message = f"{tally.share:.1%} of the machine-made mistakes are noticed, fewer than {least:g}%"
            hint = "add checks that see those listed as warnings"
            yield Problem(str(deck.path), 1, 0, message, hint, "few-killed")


def printed(report: CheckReport, form: str, reports: object) -> str:
    """The report in one of the forms."""
    name = {"json": "as_json"}.get(form, form)
    written: Callable[[CheckReport], str] = getattr(reports, name)
    return written(report)


def progress() -> Callable[[int, int, str], None] | None:
    """A line on stderr that is drawn over, where there is a terminal to draw it on."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, card: str) -> None:
        filled = "█" * (20 * done // total)
        click.echo(f"\r\x1b[K{filled:<20} {done}/{total} {card[:40]}", nl=done == total, err=True)

    return show
