"""`ptquiz leeches`: cards that are forgotten again and again, with the last answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.services import ServiceProvider
from quizapp.text.counting import plural
from quizapp.text.durations import local_time
from quizapp.text.printable import json_text, one_line, visible
from quizapp.text.streams import echo

if TYPE_CHECKING:
    from quizapp.review.analysis.leech import Leech

MAX_LINES = 6
"""Lines shown of each answer."""


@click.command("leeches")
@click.option("--suspend", metavar="CARD", multiple=True, help="Suspend this card until you undo it.")
@click.option("--flag", metavar="CARD", multiple=True, help="Flag this card.")
@click.option("--reset", metavar="CARD", multiple=True, help="Reset this card: it is new again.")
# The name of --reset in version 0.1.0.
@click.option("--anew", metavar="CARD", multiple=True, hidden=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@pass_provider
def leeches(
    provider: ServiceProvider,
    suspend: tuple[str, ...],
    flag: tuple[str, ...],
    reset: tuple[str, ...],
    anew: tuple[str, ...],
    as_json: bool,
) -> None:
    """List cards that you forget again and again, with your last answers, which often show what you confuse."""
    from quizapp.review.analysis.leech import apply_leech_action, find_leeches
    from quizapp.review.days import Days
    from quizapp.review.deck_sync import sync_decks

    warn_about_skipped_decks(provider)
    sync_decks(provider.library, provider.store)
    days = Days(starts=provider.settings.day_offset)
    for action, names in (("suspend", suspend), ("flag", flag), ("reset", reset + anew)):
        for name in names:
            apply_leech_action(provider.store, provider.library.card(name).name, action, provider.clock(), days)
    found = find_leeches(provider.store, provider.settings)
    if as_json:
        echo(json_text([_as_object(leech) for leech in found], indent=2))
        return
    for leech in found:
        echo("\n".join(_lines(leech)))
    if found:
        echo("hint: use `--suspend`, `--flag` or `--reset` with a card's name; `ptquiz undo` reverts it", err=True)
    else:
        echo(f"no card was forgotten {plural(provider.settings.leech_lapses, 'time')}", err=True)


def _as_object(leech: Leech) -> dict[str, object]:
    answers = [
        {"at": a.at.isoformat(), "outcome": a.outcome, "said": a.summary, "answer": a.answer} for a in leech.answers
    ]
    return {"card": leech.card, "lapses": leech.lapses, "answers": answers}


def _lines(leech: Leech) -> Iterator[str]:
    yield f"{one_line(leech.card)}  forgotten {plural(leech.lapses, 'time')}"
    for answer in leech.answers:
        explanation = f": {one_line(answer.summary)}" if answer.summary else ""
        yield f"  {local_time(answer.at)}  {one_line(answer.outcome)}{explanation}"
        lines = visible(answer.answer.rstrip()).splitlines()
        yield from (f"      {line}" for line in lines[:MAX_LINES])
        if len(lines) > MAX_LINES:
            yield f"      … {plural(len(lines) - MAX_LINES, 'more line')}"
