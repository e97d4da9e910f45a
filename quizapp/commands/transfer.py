"""`ptquiz export` and `import`: the reviews as JSON or CSV."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quizapp.commands.context import FilePath, pass_provider, warn_about_future_reviews
from quizapp.errors import UsageError
from quizapp.services import ServiceProvider
from quizapp.text.counting import format_bytes, plural
from quizapp.text.files import NotUtf8Error, decode_text, replaced
from quizapp.text.streams import DataOutput, echo

if TYPE_CHECKING:
    from quizapp.review.store_access import ExportFormat

F = TypeVar("F", bound=Callable[..., Any])

IMPORT_HINT = "name a file that `ptquiz export` wrote"
MAX_BYTES = 512 * 1024**2
"""Size of a file to import: more than a million reviews."""


def format_option(text: str) -> Callable[[F], F]:
    return click.option("--format", "form", type=click.Choice(["json", "csv"]), help=text)


@click.command("export")
@format_option("Default: by the ending of FILE, else json.")
@click.argument("file", required=False, type=FilePath(path_type=Path, writable=True))
@pass_provider
def export(provider: ServiceProvider, form: ExportFormat | None, file: Path | None) -> None:
    """Write the reviews to FILE or standard output: json contains everything, csv only the log."""
    from quizapp.review.store.backups import is_database
    from quizapp.review.store_access import export_reviews

    if form is None:
        form = "csv" if file and file.suffix.lower() == ".csv" else "json"
    if file is None:
        export_reviews(provider.store, DataOutput(), form)
        return
    if file.is_dir():
        raise UsageError(f"{file} is a folder", "name a file that can be written")
    if file.is_file() and is_database(file):
        raise UsageError(f"{file} is a store or a backup of one, which an export does not replace", "name another file")
    try:
        with replaced(file) as partial, partial.open("w", encoding="utf-8", newline="") as out:
            export_reviews(provider.store, out, form)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name a file that can be written") from error


@click.command("import")
@format_option("Default: found in FILE.")
@click.argument("file", type=FilePath(path_type=Path))
@pass_provider
def import_(provider: ServiceProvider, form: ExportFormat | None, file: Path) -> None:
    """Add the reviews of an export to the store. Existing entries stay, and nothing is added twice."""
    from quizapp.review.store_access import find_format, import_reviews

    try:
        text = _read(file)
        form = form or find_format(text, file.suffix)
        added = import_reviews(provider.store, io.StringIO(text, newline=""), form, provider.settings)
    except UsageError as error:
        raise UsageError(f"{file}: {error.message}", error.hint) from error
    echo(f"{plural(added, 'entry')} added")
    warn_about_future_reviews(provider)


def _read(file: Path) -> str:
    try:
        with file.open("rb") as source:
            # Of a pipe, the size is known only after reading.
            is_large = os.fstat(source.fileno()).st_size > MAX_BYTES
            data = b"" if is_large else source.read(MAX_BYTES + 1)
        if is_large or len(data) > MAX_BYTES:
            raise UsageError(f"larger than {format_bytes(MAX_BYTES)}, so not an export of ptquiz", IMPORT_HINT)
        return decode_text(data)
    except OSError as error:
        raise UsageError(error.strerror or str(error), IMPORT_HINT) from error
    except NotUtf8Error as error:
        raise UsageError(str(error), IMPORT_HINT) from error
