"""`ptquiz doctor`."""

from __future__ import annotations

import platform

import click

from quizapp.commands.context import Context, pass_context
from quizapp.errors import Exit, SandboxError
from quizapp.sandbox.printable import dumped


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_context
def command(context: Context, as_json: bool) -> int:
    """What this machine offers, what the sandbox denies on it, and where files live."""
    facts = gather(context)
    if as_json:
        click.echo(dumped(facts, indent=2))
    else:
        for line in words(facts):
            click.echo(line)
    return Exit.CLEAN if facts["tier"] else Exit.SANDBOX


def gather(context: Context) -> dict[str, object]:
    """Everything that doctor says, as plain data; an empty tier means that nothing can be run."""
    where = context.locations
    facts: dict[str, object] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "torch": None,
        "cuda": None,
        "tier": None,
        "missing": [],
        "acts": [],
        "error": None,
        "settings": str(where.settings),
        "store": str(where.store),
        "decks": [str(deck.path) for deck in context.library.decks],
    }
    try:
        machine = context.sandbox.wait(None)
        acts = context.sandbox.probe()
    except SandboxError as error:
        return facts | {"error": error.message}
    return facts | {
        "torch": machine.torch,
        "cuda": machine.cuda,
        "tier": machine.tier,
        "missing": list(machine.missing),
        "acts": [{"act": act.name, "denied": act.held, "by": act.stopped_by, "happened": act.happened} for act in acts],
    }


def words(facts: dict[str, object]) -> list[str]:
    """The same for a person."""
    rows = [
        f"{'python':<10}{facts['python']} on {facts['system']}",
        f"{'torch':<10}{facts['torch'] or 'cannot be loaded'}",
        f"{'CUDA':<10}{facts['cuda'] or 'none; checks that need a GPU are deferred'}",
        f"{'sandbox':<10}{facts['tier'] or 'cannot run: ' + str(facts['error'])}",
    ]
    missing, acts, decks = facts["missing"], facts["acts"], facts["decks"]
    assert isinstance(missing, list) and isinstance(acts, list) and isinstance(decks, list)
    rows += [f"{'':<10}not guaranteed here: {text}" for text in missing]
    rows += [f"{'settings':<10}{facts['settings']}", f"{'reviews':<10}{facts['store']}"]
    rows += [f"{'deck':<10}{path}" for path in decks]
    if acts:
        rows += ["", "What an answer must not do, tried in a real worker:"]
        width = max(len(act["act"]) for act in acts)
        for act in acts:
            symbol = "✓ denied" if act["denied"] else "✗ allowed"
            rows.append(f"  {symbol:<9}  {act['act']:<{width}}  {act['by']}  {act['happened']}")
    return rows
