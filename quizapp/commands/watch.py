"""`ptquiz watch`: check decks whenever they are saved."""

from __future__ import annotations

import time
from pathlib import Path

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Problem
from quizapp.services import ServiceProvider
from quizapp.text.printable import one_line
from quizapp.text.streams import echo


@click.command("watch")
@click.argument("paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option("--mutants", is_flag=True, help="Also try machine-made mistakes; slower.")
@pass_provider
def watch(provider: ServiceProvider, paths: tuple[Path, ...], mutants: bool) -> None:
    """Check decks whenever they are saved; Ctrl-C stops."""
    from quizapp.audit.deck_check import check_paths
    from quizapp.audit.prove import Depth
    from quizapp.audit.reports import text
    from quizapp.audit.watcher import changed_files
    from quizapp.decks.deck_paths import require_path
    from quizapp.decks.deck_search import deck_files

    for path in paths:
        require_path(path)
    skipped: list[Problem] = []
    for path in paths:
        deck_files(path, skipped)
    for problem in dict.fromkeys(skipped):
        echo(problem, err=True)
    known = provider.read_library().names()
    for changed in changed_files(paths, time.sleep):
        echo("checking " + ", ".join(one_line(path.name) for path in changed), err=True)
        report = check_paths(
            changed,
            provider.grader,
            depth=Depth(mutants=mutants),
            proof_folder=provider.locations.cache / "proofs",
            known=known,
            named=paths,
        )
        echo(f"{text(report)}\n")
