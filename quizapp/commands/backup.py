"""`ptquiz backup` and `restore`: copies of the review store."""

from __future__ import annotations

from pathlib import Path

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import UsageError
from quizapp.services import ServiceProvider


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@pass_provider
def backup(provider: ServiceProvider, file: Path | None) -> None:
    """Copy the store to FILE, or into the folder of backups. Safe while ptquiz is running."""
    from quizapp.review.store.backups import back_up

    stamp = provider.clock().strftime("%Y%m%d-%H%M%S")
    click.echo(back_up(provider.store, file or provider.locations.backups / f"manual-{stamp}.db"))


@click.command("restore")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@pass_provider
def restore(provider: ServiceProvider, file: Path | None) -> None:
    """Replace the store by the backup FILE; the replaced store is kept beside it. Without FILE: list the backups."""
    from quizapp.review.store.backups import describe_backup, list_backups, restore_backup

    if file is None:
        found = list_backups(provider.locations.backups)
        if not found:
            raise UsageError(f"there are no backups in {provider.locations.backups}", "name the file to restore")
        for path in found:
            click.echo(f"{path}  {describe_backup(path)}")
        click.echo("hint: `ptquiz restore FILE` restores one of them", err=True)
        return
    former = restore_backup(provider.locations.store, file)
    click.echo(provider.locations.store)
    if former:
        click.echo(f"the replaced store is now {former}", err=True)
