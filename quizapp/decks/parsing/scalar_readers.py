"""One scalar -> one value, by its field's type: a table of readers, and what each type is called in messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from quizapp.decks import fields
from quizapp.decks.fields import Field, Type
from quizapp.decks.parsing import equals_literal, expressions, scalar_parsing
from quizapp.decks.parsing.yaml_tree import Scalar
from quizapp.decks.problems import did_you_mean, shown

if TYPE_CHECKING:
    from quizapp.decks.parsing.node_decoder import Decoder

MISSING: Any = object()
"""Stands for a value that could not be read; its problem has been told."""

SLUG = re.compile(fields.SLUG + r"\Z")
CARD_NAME = re.compile(fields.CARD_NAME + r"\Z")
NUMBER_WITH_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[A-Za-z]+\Z")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")


def _text(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    text = node.value
    if field.options and text not in field.options:
        message = f"`{decoder.prefix}{path}` is `{shown(text)}`"
        return decoder.tell("wrong-value", node, message, did_you_mean(text, field.options))
    if field.required and not text.strip():
        return decoder.tell("empty", node, f"`{decoder.prefix}{path}` is empty", "write its text")
    return text


def _slug(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    pattern, form = (CARD_NAME, "`id` or `deck/id`") if field.type is Type.CARD else (SLUG, "one such as `cat-rows`")
    if pattern.match(node.value):
        return node.value
    message = f"`{decoder.prefix}{path}` is not a name: `{shown(node.value)}`"
    return decoder.tell("bad-name", node, message, f"write {form}: small letters, digits and dashes")


def _name(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if DOTTED.match(node.value):
        return node.value
    message = f"`{decoder.prefix}{path}` is not the name of an exception: `{shown(node.value)}`"
    return decoder.tell("bad-name", node, message, "write its class name, such as `TypeError`")


def _code(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    decoder.code.append((node, path, "exec"))
    return node.value


def _answer(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    decoder.nodes[path] = node
    return node.value


def _expression(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if not node.value.strip():
        return decoder.tell("empty", node, f"`{decoder.prefix}{path}` is empty", "write an expression")
    text = node.value.strip()
    if not text.isidentifier() or iskeyword(text):
        decoder.code.append((node, path, "eval"))
    return text


def _number(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if field.type is Type.TOLERANCE and node.value == "auto":
        return "auto"
    read, words, example = NUMBERS[field.type]
    value = read(node.value) if not node.style else None
    if value is None:
        message = f"`{decoder.prefix}{path}` is not {words}: `{shown(node.value)}`"
        hint = f"write one such as {example}"
        if node.style and read(node.value) is not None:
            hint = "remove the quotes"
        elif field.type is not Type.SIZE and (alone := NUMBER_WITH_UNIT.match(node.value)):
            hint = f"write the number alone: `{alone.group(1)}`"
        return decoder.tell("wrong-type", node, message, hint)
    low = 0 if field.type is Type.TOLERANCE else field.low
    if (low is not None and value < low) or (field.high is not None and value > field.high):
        shape = scalar_parsing.in_bytes if field.type is Type.SIZE else "{:g}".format
        span = f"of {low:g} or more" if field.high is None else f"from {shape(low or 0)} to {shape(field.high)}"
        message = f"`{decoder.prefix}{path}` is out of range: `{shown(node.value)}`"
        return decoder.tell("out-of-range", node, message, f"choose a number {span}")
    return value


def _flag(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    value = scalar_parsing.flag(node.value) if not node.style else None
    if value is None:
        message = f"`{decoder.prefix}{path}` is neither true nor false: `{shown(node.value)}`"
        return decoder.tell("wrong-type", node, message, "write `true` or `false`, without quotes")
    return value


def _function(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if fault_of := expressions.not_a_function(node.value):
        message = f"`{decoder.prefix}{path}` {fault_of[0]}: `{shown(node.value)}`"
        return decoder.tell("bad-function", node, message, fault_of[1])
    return node.value


def _map(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    """A bare text in place of a map: its main field."""
    table = field.table
    if table is None or table.short is None:
        what = table.what if table else "a map"
        return decoder.tell(
            "wrong-type",
            node,
            f"`{decoder.prefix}{path}` is not a map: `{shown(node.value)}`",
            f"write {what} as keys and values",
        )
    short = table.index[table.short]
    got = READERS[short.type](decoder, node, short, f"{path}.{short.name}")
    decoder.packed[f"{path}.{short.name}"] = decoder.packed[path]
    return MISSING if got is MISSING else {table.short: got}


def _data(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    return equals_literal.equals(node, path, decoder)


def _no_scalar(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    wanted = "a list of cards" if field.type is Type.CARDS else "a map from card ids"
    return decoder.tell("wrong-type", node, f"`{path}` is not {wanted}: `{shown(node.value)}`", CONTAINERS[field.type])


Reader = Callable[["Decoder", Scalar, Field, str], Any]

NUMBERS: dict[Type, tuple[Callable[[str], Any], str, str]] = {
    Type.INTEGER: (scalar_parsing.integer, "a whole number", "`2`"),
    Type.NUMBER: (scalar_parsing.number, "a number", "`2` or `1e-5`"),
    Type.TOLERANCE: (scalar_parsing.number, "a number", "`1e-5`, or `auto`"),
    Type.SIZE: (scalar_parsing.size, "a size", "`512 MiB` or `64 KiB`"),
}

CONTAINERS = {
    Type.CARDS: "begin each card with `- id:`",
    Type.BY_NAME: "write each card's texts under its id",
}

WORDS = {
    Type.TEXT: "a text",
    Type.MARKDOWN: "a text",
    Type.SLUG: "a name",
    Type.CARD: "the name of a card",
    Type.CODE: "code",
    Type.ANSWER: "an answer",
    Type.NAME: "a name",
    Type.FUNCTION: "a name",
    Type.INTEGER: "a whole number",
    Type.NUMBER: "a number",
    Type.TOLERANCE: "a number",
    Type.FLAG: "true or false",
    Type.SIZE: "a size",
}

READERS: dict[Type, Reader] = {
    Type.TEXT: _text,
    Type.MARKDOWN: _text,
    Type.SLUG: _slug,
    Type.CARD: _slug,
    Type.CODE: _code,
    Type.ANSWER: _answer,
    Type.EXPRESSION: _expression,
    Type.NAME: _name,
    Type.FUNCTION: _function,
    Type.INTEGER: _number,
    Type.NUMBER: _number,
    Type.TOLERANCE: _number,
    Type.SIZE: _number,
    Type.FLAG: _flag,
    Type.DATA: _data,
    Type.MAP: _map,
    Type.CARDS: _no_scalar,
    Type.BY_NAME: _no_scalar,
}
