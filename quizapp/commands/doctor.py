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
from quizapp.text.printable import json_text
from quizapp.text.streams import echo


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, as_json: bool) -> int:
    """Show what this machine offers, what the sandbox denies on it, and where files are."""
    facts = gather(provider)
    if as_json:
        echo(json_text(facts, indent=2))
    else:
        for line in report_lines(facts):
            echo(line)
    return Exit.CLEAN if facts["tier"] else Exit.SANDBOX


def gather(provider: ServiceProvider) -> dict[str, Any]:
    """Return the whole report as plain data; an empty tier means that nothing can be run."""
    where = provider.locations
    facts: dict[str, Any] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "torch": None,
        "cuda": None,
        "cuda_problem": None,
        "tier": None,
        "missing": [],
        "acts": [],
        "error": None,
        "settings": str(where.settings),
        "store": str(where.store),
        "errors": None if (count := provider.errors.count()) is None else {"path": str(where.errors), "count": count},
        "decks": [str(deck.path) for deck in provider.read_library().decks],
    }
    try:
        machine = provider.sandbox.wait(None)
        acts = provider.sandbox.probe()
    except SandboxError as error:
        return facts | {"error": error.message}
    return facts | {
        "torch": machine.torch,
        "cuda": machine.cuda,
        "cuda_problem": machine.cuda_problem,
        "tier": machine.tier,
        "missing": list(machine.missing),
        "acts": [
            {"act": act.name, "denied": act.is_denied, "by": act.stopped_by, "happened": act.result} for act in acts
        ],
    }


TIERS = {
    "full": "full: an answer cannot read, change or reach anything of yours",
    "partial": "partial: your files are safe, but not everything else",
    "process": "process: an answer can do almost everything that you can",
}


def report_lines(facts: dict[str, Any]) -> Iterator[str]:
    """Format the report."""
    tier = facts["tier"]
    yield _row("python", f"{facts['python']} on {facts['system']}")
    yield _row("torch", facts["torch"] or "cannot be loaded")
    yield _row("CUDA", facts["cuda"] or "none; checks that need a GPU are deferred")
    if facts["cuda_problem"]:
        yield _row("", f"{'✗' if facts['cuda'] is None else 'not in namespaces:'} {facts['cuda_problem']}")
    yield _row("sandbox", TIERS[tier] if tier else f"cannot run: {facts['error']}")
    yield from (_row("", f"✗ {text}") for text in facts["missing"])
    if facts["missing"]:
        yield _row("", "so decks from elsewhere are refused here, unless you read them and pass --trust")
    named = (layer for act in facts["acts"] for layer in act["by"].split(", "))
    layers = dict.fromkeys(layer for layer in named if layer and "before" not in layer)
    if layers:
        yield _row("layers", ", ".join(layers))
    yield _row("settings", facts["settings"])
    yield _row("reviews", facts["store"])
    if errors := facts["errors"]:
        yield _row("errors", f"{errors['count']} in {errors['path']}: please report them with this file")
    for folder, number in Counter(str(Path(path).parent) for path in facts["decks"]).items():
        yield _row("decks", f"{number} in {folder}")
    if facts["acts"]:
        yield from (
            "",
            "Forbidden operations, each tried just now in a worker: the result, and the layers that stop it",
        )
        yield from _table(facts["acts"])


def _row(label: str, text: str) -> str:
    return f"{label:<10}{text}"


def _table(acts: list[dict[str, Any]]) -> Iterator[str]:
    width, result_width = (max(len(act[key]) for act in acts) for key in ("act", "happened"))
    for act in acts:
        symbol = "✓ denied" if act["denied"] else "✗ allowed"
        yield f"  {symbol:<9}  {act['act']:<{width}}  {act['happened']:<{result_width}}  {act['by'] or 'nothing'}"
