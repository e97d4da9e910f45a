"""`ptquiz doctor`."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Exit, SandboxError
from quizapp.services import ServiceProvider
from quizapp.text.printable import json_text, visible


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, as_json: bool) -> int:
    """What this machine offers, what the sandbox denies on it, and where files live."""
    facts = gather(provider)
    if as_json:
        click.echo(json_text(facts, indent=2))
    else:
        for line in words(facts):
            click.echo(visible(line))
    return Exit.CLEAN if facts["tier"] else Exit.SANDBOX


def gather(provider: ServiceProvider) -> dict[str, Any]:
    """Everything that doctor says, as plain data; an empty tier means that nothing can be run."""
    where = provider.locations
    facts: dict[str, Any] = {
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
        "decks": [str(deck.path) for deck in provider.library.decks],
    }
    try:
        machine = provider.sandbox.wait(None)
        acts = provider.sandbox.probe()
    except SandboxError as error:
        return facts | {"error": error.message}
    return facts | {
        "torch": machine.torch,
        "cuda": machine.cuda,
        "tier": machine.tier,
        "missing": list(machine.missing),
        "acts": [{"act": act.name, "denied": act.is_denied, "by": act.stopped_by, "happened": act.result} for act in acts],
    }


TIERS = {
    "full": "full: an answer can neither read, change nor reach anything of yours",
    "partial": "partial: your files are safe, but not all is that should be",
    "process": "process: an answer can do nearly all that you can",
}


def words(facts: dict[str, Any]) -> Iterator[str]:
    """The same for a person."""
    tier = facts["tier"]
    yield _row("python", f"{facts['python']} on {facts['system']}")
    yield _row("torch", facts["torch"] or "cannot be loaded")
    yield _row("CUDA", facts["cuda"] or "none; checks that need a GPU are deferred")
    yield _row("sandbox", TIERS[tier] if tier else f"cannot run: {facts['error']}")
    yield from (_row("", f"✗ {text}") for text in facts["missing"])
    if facts["missing"]:
        yield _row("", "so other people's decks are refused here, unless you read them and pass --trust")
    named = (layer for act in facts["acts"] for layer in act["by"].split(", "))
    layers = dict.fromkeys(layer for layer in named if layer and "before" not in layer)
    if layers:
        yield _row("layers", ", ".join(layers))
    yield _row("settings", facts["settings"])
    yield _row("reviews", facts["store"])
    for folder, number in Counter(str(Path(path).parent) for path in facts["decks"]).items():
        yield _row("decks", f"{number} in {folder}")
    if facts["acts"]:
        yield from (
            "",
            "What an answer must not do, tried just now in a real worker; what the kernel said; what stops it:",
        )
        yield from _table(facts["acts"])


def _row(label: str, text: str) -> str:
    return f"{label:<10}{text}"


def _table(acts: list[dict[str, Any]]) -> Iterator[str]:
    width, said = (max(len(act[key]) for act in acts) for key in ("act", "happened"))
    for act in acts:
        symbol = "✓ denied" if act["denied"] else "✗ allowed"
        yield f"  {symbol:<9}  {act['act']:<{width}}  {act['happened']:<{said}}  {act['by'] or 'nothing'}"
