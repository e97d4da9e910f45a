"""Code that every command shares: passing the services, and the warning about skipped decks."""

from __future__ import annotations

import click

from quizapp.services import ServiceProvider

pass_provider = click.make_pass_decorator(ServiceProvider)


def warn_about_skipped_decks(provider: ServiceProvider) -> None:
    """Print one line on stderr where decks were found that cannot be used."""
    broken = sorted({problem.path for problem in provider.library.problems if problem.severity == "error"})
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        click.echo(f"warning: skipped {broken[0]}{more}; `ptquiz decks` shows the errors", err=True)
