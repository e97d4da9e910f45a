"""`ptquiz check`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Exit, Problem, UsageError
from quizapp.services import ServiceProvider
from quizapp.text.counting import plural
from quizapp.text.streams import echo, redraw

if TYPE_CHECKING:
    from quizapp.audit.deck_check import CheckReport

NOT_READ = frozenset(
    {
        *("missing-file", "not-a-file", "unreadable-folder", "linked-folder"),
        *("not-a-deck", "deck-copy", "duplicate-deck"),
    }
)
"""Kinds of problems of files that are not among the decks to check."""

FORMAT_NAMES = ("text", "json", "junit", "github")


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path(readable=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--format", "form", type=click.Choice(FORMAT_NAMES), default="text", help="Output format.")
@click.option("--no-run", is_flag=True, help="Only read the decks; runs nothing and needs no torch.")
@click.option("--no-mutants", is_flag=True, help="Skip machine-made mistakes.")
@click.option(
    "--min-killed",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Fail if a deck's checks detect fewer of the machine-made mistakes.",
)
@click.option("--require-cuda", is_flag=True, help="Fail if a card was not proved because this machine has no GPU.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=None,
    help="Cards proved at a time; default: as many as processors. Fewer if memory would not suffice.",
)
@click.option("--fresh", is_flag=True, help="Prove everything again, without cached results.")
@pass_provider
def command(
    provider: ServiceProvider,
    paths: tuple[Path, ...],
    as_json: bool,
    form: str,
    no_run: bool,
    no_mutants: bool,
    min_killed: float,
    require_cuda: bool,
    jobs: int | None,
    fresh: bool,
) -> int:
    """Validate decks by running every claim.

    The reference and `accept` pass; the starter, each `wrong` and machine-made mistakes fail; each `proof` passes; no
    check is idle or flaky. PATH is a deck file or a folder; the default is every deck that is found.

    Checks that need a GPU are listed as not proved on a machine without one.
    """
    from quizapp.audit.deck_check import check_paths, read_paths
    from quizapp.audit.reports import FORMATS
    from quizapp.decks.library import require_deck

    for path in paths:
        require_deck(path)
    if require_cuda and no_run:
        raise UsageError("`--no-run` proves nothing that `--require-cuda` could require", "leave out one of the two")
    library = provider.read_library()
    chosen, known = paths or library.files, library.names()
    if no_run:
        report = read_paths(chosen, known)
    else:
        from quizapp.audit.prove import Depth
        from quizapp.sandbox.host.capacity import processors

        report = check_paths(
            chosen,
            provider.grader,
            depth=Depth(mutants=not no_mutants),
            jobs=jobs or processors(),
            proof_folder=provider.locations.cache / "proofs",
            read_proofs=not fresh,
            progress=progress(),
            known=known,
        )
    if jobs and 0 < report.jobs < jobs:
        echo(
            f"note: {plural(report.jobs, 'job')} instead of {jobs}: more could need more memory than there is", err=True
        )
    # Of all decks, those that were not read are missing too.
    missing = () if paths else (p for p in library.problems if p.kind in NOT_READ)
    failures = (*missing, *_too_few_killed(report, min_killed), *(_without_cuda(report) if require_cuda else ()))
    report = replace(report, problems=(*report.problems, *failures))
    echo(FORMATS["json" if as_json else form](report))
    return Exit.CLEAN if report.clean else Exit.NOT_PASSED


def _too_few_killed(report: CheckReport, least: float) -> Iterator[Problem]:
    """Yield an error for each deck whose checks detect fewer than `least` per cent of the mutants that are mistakes."""
    for deck in report.decks:
        tally = report.mutants.get(deck.slug)
        if tally and tally.share * 100 < least:
            message = f"{tally.share:.1%} of the machine-made mistakes are detected, fewer than {least:g}%"
            hint = "add checks that detect those listed as warnings"
            yield Problem(str(deck.path), 1, 0, message, hint, "few-killed")


def _without_cuda(report: CheckReport) -> Iterator[Problem]:
    """Yield an error for each deck with cards that were not proved, because CUDA cannot be used here."""
    from quizapp.audit.deck_check import NO_GPU

    for (path, reason), count in Counter((unproved.path, unproved.reason) for unproved in report.unproved).items():
        why = "this machine has no GPU" if reason == NO_GPU else reason
        message = f"{plural(count, 'card')} {'was' if count == 1 else 'were'} not proved: {why}"
        yield Problem(path, 0, 0, message, "check the deck on a machine with a GPU", "needs-cuda")


def progress() -> Callable[[int, int, str], None] | None:
    """Return a callback that redraws a progress line on stderr; None without a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def show(done: int, total: int, card: str) -> None:
        filled = "█" * (20 * done // total)
        redraw(f"{filled:<20} {done}/{total} {card[:40]}", is_last=done == total)

    return show
