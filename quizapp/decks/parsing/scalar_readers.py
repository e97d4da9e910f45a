"""Readers that turn a scalar into the value of a field, by the field's type."""

from __future__ import annotations

import re
from collections.abc import Callable
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from quizapp.decks import fields
from quizapp.decks.card import Cap
from quizapp.decks.fields import Field, Type
from quizapp.decks.parsing import equals_literal, expressions, scalar_parsing
from quizapp.decks.parsing.folded_code import folding_hint, has_folded_fence
from quizapp.decks.parsing.yaml_tree import Scalar
from quizapp.decks.problems import as_code, did_you_mean, shorten
from quizapp.text.counting import format_size

if TYPE_CHECKING:
    from quizapp.decks.parsing.node_decoder import Decoder

INVALID: Any = object()
"""A placeholder for a value that could not be read and whose problem has been reported."""

SLUG = re.compile(fields.SLUG + r"\Z")
CARD_NAME = re.compile(fields.CARD_NAME + r"\Z")
NUMBER_WITH_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[A-Za-z]+\Z")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")


def _text(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    text = node.value
    if field.options and text not in field.options:
        message = f"`{decoder.prefix}{path}` is {as_code(shorten(text))}"
        return decoder.add_problem("wrong-value", node, message, did_you_mean(text, field.options))
    if field.required and not text.strip():
        return decoder.add_problem("empty", node, f"`{decoder.prefix}{path}` is empty", "write the text")
    if field.type is Type.MARKDOWN and has_folded_fence(node, decoder.source):
        message = f"`{decoder.prefix}{path}` contains a code block whose lines YAML joins into one"
        return decoder.add_problem("folded-code", node, message, folding_hint(node))
    return text


def _slug(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    pattern, form = (CARD_NAME, "`id` or `deck/id`") if field.type is Type.CARD else (SLUG, "one such as `cat-rows`")
    if pattern.match(node.value):
        return node.value
    message = f"`{decoder.prefix}{path}` is not a name: {as_code(shorten(node.value))}"
    return decoder.add_problem("bad-name", node, message, f"write {form}: lower-case letters, digits and dashes")


def _name(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if DOTTED.match(node.value):
        return node.value
    message = f"`{decoder.prefix}{path}` is not the name of an exception: {as_code(shorten(node.value))}"
    return decoder.add_problem("bad-name", node, message, "write its class name, such as `TypeError`")


def _code(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    decoder.code.append((node, path, "exec"))
    return node.value


def _answer(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    decoder.answers[path] = node
    return node.value


def _expression(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if not node.value.strip():
        return decoder.add_problem("empty", node, f"`{decoder.prefix}{path}` is empty", "write an expression")
    text = node.value.strip()
    if not text.isidentifier() or iskeyword(text):
        decoder.code.append((node, path, "eval"))
    return text


def _number(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if field.type is Type.TOLERANCE and node.value == "auto":
        return "auto"
    parse, type_name, example = NUMBERS[field.type]
    value = parse(node.value) if not node.style else None
    if value is None:
        message = f"`{decoder.prefix}{path}` is not {type_name}: {as_code(shorten(node.value))}"
        hint = f"write a value such as {example}"
        if node.style and parse(node.value) is not None:
            hint = "remove the quotes"
        elif field.type is not Type.SIZE and (bare := NUMBER_WITH_UNIT.match(node.value)):
            hint = f"write only the number: `{bare[1]}`"
        return decoder.add_problem("wrong-type", node, message, hint)
    low = 0 if field.type is Type.TOLERANCE else field.low
    if (low is not None and value < low) or (field.high is not None and value > field.high):
        format_bound = format_size if field.type is Type.SIZE else "{:g}".format
        span = f"from {format_bound(low or 0)} to {format_bound(field.high)}" if field.high else f"of at least {low:g}"
        message = f"`{decoder.prefix}{path}` is out of range: {as_code(shorten(node.value))}"
        return decoder.add_problem("out-of-range", node, message, f"choose a number {span}")
    return value


def _cap(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    """Read the most of something: an absolute number, or a multiple of what the reference uses."""
    parse, type_name, example = CAPS[field.type]
    factor = scalar_parsing.parse_factor(node.value)
    amount = parse(node.value)
    if factor is None and amount is None:
        message = f"`{decoder.prefix}{path}` is neither {type_name} nor a multiple: {as_code(shorten(node.value))}"
        hint = f"write a value such as {example}, or `2x` for twice what the solution uses"
        return decoder.add_problem("wrong-type", node, message, hint)
    value = amount if factor is None else factor
    if value is None or not 0 < value < MAX_CAP:
        message = f"`{decoder.prefix}{path}` is out of range: {as_code(shorten(node.value))}"
        return decoder.add_problem("out-of-range", node, message, "choose a number above 0")
    return Cap(float(value), factor is not None)


def _flag(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    value = scalar_parsing.parse_flag(node.value) if not node.style else None
    if value is None:
        message = f"`{decoder.prefix}{path}` is neither true nor false: {as_code(shorten(node.value))}"
        return decoder.add_problem("wrong-type", node, message, "write `true` or `false`, without quotes")
    return value


def _function(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    if problem := expressions.function_name_problem(node.value):
        message = f"`{decoder.prefix}{path}` {problem[0]}: {as_code(shorten(node.value))}"
        return decoder.add_problem("bad-function", node, message, problem[1])
    return node.value


def _map(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    """Read plain text in place of a map: the value of its field `short`."""
    table = field.table
    if table is None or table.short is None:
        what = table.what if table else "a map"
        return decoder.add_problem(
            "wrong-type",
            node,
            f"`{decoder.prefix}{path}` is not a map: {as_code(shorten(node.value))}",
            f"write {what} as keys and values",
        )
    short = table.index[table.short]
    value = READERS[short.type](decoder, node, short, f"{path}.{short.name}")
    decoder.positions[f"{path}.{short.name}"] = decoder.positions[path]
    return INVALID if value is INVALID else {table.short: value}


def _data(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    return equals_literal.read_equals(node, path, decoder)


def _reject_scalar(decoder: Decoder, node: Scalar, field: Field, path: str) -> Any:
    expected = "a list of cards" if field.type is Type.CARDS else "a map from card ids"
    message = f"`{path}` is not {expected}: {as_code(shorten(node.value))}"
    return decoder.add_problem("wrong-type", node, message, CONTAINER_HINTS[field.type])


Reader = Callable[["Decoder", Scalar, Field, str], Any]

NUMBERS: dict[Type, tuple[Callable[[str], Any], str, str]] = {
    Type.INTEGER: (scalar_parsing.parse_integer, "a whole number", "`2`"),
    Type.NUMBER: (scalar_parsing.parse_number, "a number", "`2` or `1e-5`"),
    Type.TOLERANCE: (scalar_parsing.parse_number, "a number", "`1e-5`, or `auto`"),
    Type.SIZE: (scalar_parsing.parse_size, "a size", "`512 MiB` or `64 KiB`"),
}

CAPS: dict[Type, tuple[Callable[[str], int | None], str, str]] = {
    Type.COUNT_CAP: (scalar_parsing.parse_integer, "a whole number", "`40`"),
    Type.SIZE_CAP: (scalar_parsing.parse_size, "a size", "`64 MiB`"),
}

MAX_CAP = float(1 << 50)

CONTAINER_HINTS = {
    Type.CARDS: "begin each card with `- id:`",
    Type.BY_NAME: "write each card's texts under its id",
}

TYPE_NAMES = {
    Type.TEXT: "text",
    Type.MARKDOWN: "text",
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
    Type.COUNT_CAP: "a number or a multiple",
    Type.SIZE_CAP: "a size or a multiple",
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
    Type.COUNT_CAP: _cap,
    Type.SIZE_CAP: _cap,
    Type.FLAG: _flag,
    Type.DATA: _data,
    Type.MAP: _map,
    Type.CARDS: _reject_scalar,
    Type.BY_NAME: _reject_scalar,
}
