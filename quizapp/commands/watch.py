"""`ptquiz watch`: check decks whenever they are saved."""

from __future__ import annotations

import time
from pathlib import Path

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Problem, UsageError
from quizapp.services import ServiceProvider
from quizapp.text.streams import echo


@click.command("watch")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mutants", is_flag=True, help="Also try machine-made mistakes; slower.")
@pass_provider
def watch(provider: ServiceProvider, paths: tuple[Path, ...], mutants: bool) -> None:
    """Check decks whenever they are saved; Ctrl-C stops."""
    from quizapp.audit.deck_check import check_paths
    from quizapp.audit.prove import Depth
    from quizapp.audit.reports import text
    from quizapp.audit.watcher import changed_files
    from quizapp.decks.reader import deck_files

    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder", "name a deck file or a folder of decks")
    skipped: list[Problem] = []
    for path in paths:
        deck_files(path, skipped)
    for problem in skipped:
        echo(problem, err=True)
    known = provider.read_library().names()
    for changed in changed_files(paths, time.sleep):
        echo("checking " + ", ".join(path.name for path in changed), err=True)
        report = check_paths(
            changed,
            provider.grader,
            depth=Depth(mutants=mutants),
            proof_folder=provider.locations.cache / "proofs",
            known=known,
        )
        echo(f"{text(report)}\n")
