"""The names that code binds, also in code that does not parse yet. Contains no widget."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator, Sequence
from functools import cache

from textual._tree_sitter import get_language
from tree_sitter import Language, Node, Parser

from quizapp.text.printable import visible
from quizapp.tui.widgets.completion_source import CompletionName

MAX_CHARACTERS = 20_000
"""Longer code is not searched for names: it is searched after each key."""

MAX_SIGNATURE = 120
TARGETS = {
    "assignment": "left",
    "augmented_assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "named_expression": "name",
    "aliased_import": "alias",
}
"""Kind of node -> its field that binds names."""

NOT_BOUND = frozenset({"attribute", "subscript", "call", "type"})
"""Nodes in a target that only read names."""


@cache
def _grammar() -> Language:
    grammar = get_language("python")
    assert grammar is not None
    return grammar


@cache
def language_names() -> tuple[CompletionName, ...]:
    """Return Python's keywords and builtins."""
    words = [CompletionName(word, "keyword", "") for word in keyword.kwlist]
    names = [name for name in dir(builtins) if not name.startswith("_")]
    return tuple(words) + tuple(CompletionName(name, "builtin", "") for name in names if not keyword.iskeyword(name))


def names_in_code(sources: Sequence[str]) -> list[CompletionName]:
    """Return the names that `sources` bind in any scope, each once, and Python's own; those bound last come first."""
    found: dict[str, CompletionName] = {}
    for source in reversed(sources):
        for name in _bound(source[:MAX_CHARACTERS]):
            found.setdefault(name.text, name)
    return [*found.values(), *(name for name in language_names() if name.text not in found)]


def _bound(source: str) -> Iterator[CompletionName]:
    pending = [Parser(_grammar()).parse(source.encode()).root_node]
    while pending:
        node = pending.pop()
        yield from _bound_by(node)
        pending += node.named_children


def _bound_by(node: Node) -> Iterator[CompletionName]:
    """Yield the names that a node binds itself."""
    match node.type:
        case "function_definition" | "class_definition":
            name, parameters = node.child_by_field_name("name"), node.child_by_field_name("parameters")
            if name is not None:
                signature = " ".join(_text(parameters).split())[:MAX_SIGNATURE] if parameters is not None else ""
                yield CompletionName(_text(name), node.type.partition("_")[0], signature)
        case "parameters" | "lambda_parameters":
            yield from (CompletionName(_text(name), "argument", "") for name in _parameters(node))
        case "import_statement" | "import_from_statement":
            names = node.children_by_field_name("name")
            first = [name.named_children[0] for name in names if name.type == "dotted_name" and name.named_children]
            yield from (CompletionName(_text(name), "import", "") for name in first)
        case "as_pattern_target":
            yield from _targets(node, "variable")
        case kind if field := TARGETS.get(kind):
            target = node.child_by_field_name(field)
            if target is not None:
                yield from _targets(target, "import" if kind == "aliased_import" else "variable")


def _parameters(node: Node) -> Iterator[Node]:
    for parameter in node.named_children:
        name = parameter.child_by_field_name("name") or parameter
        # `x: int`, `*rest` and `**rest` contain their name; `x` is one.
        pending = [name]
        while pending:
            inner = pending.pop()
            if inner.type == "identifier":
                yield inner
            elif inner.type in ("typed_parameter", "list_splat_pattern", "dictionary_splat_pattern"):
                pending += inner.named_children[:1]


def _targets(node: Node, kind: str) -> Iterator[CompletionName]:
    pending = [node]
    while pending:
        inner = pending.pop()
        if inner.type == "identifier":
            yield CompletionName(_text(inner), kind, "")
        elif inner.type not in NOT_BOUND:
            pending += inner.named_children


def _text(node: Node) -> str:
    return visible((node.text or b"").decode(errors="replace"))
