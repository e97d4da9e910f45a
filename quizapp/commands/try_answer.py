"""`ptquiz try`."""

from __future__ import annotations

from pathlib import Path

import click

from quizapp.commands.answer_file import read_answer
from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.commands.verdict_output import exit_code, operator_line
from quizapp.decks.card import Card, CardKind
from quizapp.errors import UsageError
from quizapp.grading.verdict_json import verdict_as_json
from quizapp.services import ServiceProvider
from quizapp.text.files import is_stream
from quizapp.text.printable import json_text
from quizapp.text.streams import echo
from quizapp.text.verdict_lines import verdict_lines


@click.command("try")
@click.argument("card", metavar="DECK/CARD")
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--watch", "is_watched", is_flag=True, help="Grade FILE after each save, with single keys for the rest.")
@pass_provider
def command(provider: ServiceProvider, card: str, file: str, as_json: bool, is_watched: bool) -> int:
    """Grade one answer to one card, without a review.

    The answer is read from FILE or standard input. For a choice card it is the numbers of the
    chosen lines in the order of the deck, one per line; for an order card the resulting program.

    The exit code is 0 for an answer that passes, 1 for one that does not, and 4 if every check needs a GPU and this
    machine has none. With --watch, it is that of the last verdict.
    """
    wanted = provider.library.card(card)
    warn_about_skipped_decks(provider)
    if is_watched:
        return _watch(provider, wanted, file, as_json)
    answer = read_answer(file)
    if wanted.kind is not CardKind.CHOICE:
        # While this process imports the grader. Not earlier: the end after an error would wait for the sandbox's start.
        provider.sandbox.start()
    verdict = provider.grader.grade(wanted, answer)
    if as_json:
        echo(json_text(verdict_as_json(verdict)))
    else:
        echo("\n".join(verdict_lines(verdict)))
        if verdict.passed and wanted.kind is CardKind.CODE:
            with provider.errors.reported(f"count operators of {wanted.name}", echo, answer):
                echo(operator_line(provider.grader, wanted, answer))
    return exit_code(verdict)


def _watch(provider: ServiceProvider, card: Card, file: str, as_json: bool) -> int:
    """Grade `file` after each save until the learner quits. Raises UsageError if it cannot be watched."""
    from quizapp.commands.own_editor.key_input import KeyInput
    from quizapp.commands.own_editor.try_watch import TryWatch
    from quizapp.commands.own_editor.watch_page import WatchPage

    path = Path(file)
    if file == "-" or is_stream(path):
        raise UsageError(f"{file}: only a file can be watched", "name the file that your editor saves")
    if as_json:
        raise UsageError("--json prints one verdict, and --watch one after each save", "leave one of them out")
    with KeyInput() as keys:
        watch = TryWatch(provider, keys, WatchPage(has_keys=keys.has_keys), card, path)
        watch.watch()
        return watch.exit_code()
