"""`ptquiz try`."""

from __future__ import annotations

from pathlib import Path

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.decks.card import CardKind
from quizapp.errors import Exit, UsageError
from quizapp.grading.verdict import Outcome
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.services import ServiceProvider
from quizapp.text.files import NotUtf8Error, decode_text
from quizapp.text.printable import json_text
from quizapp.text.streams import echo, read_bytes
from quizapp.text.verdict_lines import verdict_lines

MAX_ANSWER_BYTES = 1 << 20


@click.command("try")
@click.argument("card", metavar="DECK/CARD")
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, card: str, file: str, as_json: bool) -> int:
    """Grade one answer to one card, without a review.

    The answer is read from FILE or standard input. For a choice card it is the numbers of the
    chosen lines in the order of the deck, one per line; for an order card the resulting program.

    The exit code is 0 for an answer that passes, 1 for one that does not, and 4 if every check needs a GPU and this
    machine has none.
    """
    wanted = provider.library.card(card)
    warn_about_skipped_decks(provider)
    answer = read_answer(file)
    verdict = provider.grader.grade(wanted, answer)
    if as_json:
        echo(json_text(verdict_as_json(verdict)))
    else:
        echo("\n".join(verdict_lines(verdict)))
        if verdict.passed and wanted.kind is CardKind.CODE:
            mine, reference = provider.grader.count_operators(wanted, answer)
            echo(f"torch operators called: {mine} by your answer, {reference} by the reference")
    if verdict.outcome is Outcome.DEFERRED:
        return Exit.DEFERRED
    return Exit.CLEAN if verdict.passed else Exit.NOT_PASSED


def read_answer(file: str) -> str:
    """Return the text of an answer. Raise UsageError if it cannot be read."""
    try:
        data = read_bytes(MAX_ANSWER_BYTES + 1) if file == "-" else _bytes(Path(file))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name the file with the answer, or `-`") from error
    if len(data) > MAX_ANSWER_BYTES:
        raise UsageError(f"{file}: larger than 1 MiB", "an answer is a few lines of code")
    try:
        return decode_text(data).replace("\r\n", "\n")
    except NotUtf8Error as error:
        raise UsageError(f"{file}:{error.line}:{error.column}: {error.message}", "save the answer as UTF-8") from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_ANSWER_BYTES + 1)
