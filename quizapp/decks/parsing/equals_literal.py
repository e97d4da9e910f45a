"""Reads `equals`: plain data, or the values of a tensor or an array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from quizapp.decks.card import Equals
from quizapp.decks.parsing import scalar_parsing
from quizapp.decks.parsing.yaml_tree import Mapping, Node, Scalar, Sequence
from quizapp.decks.problems import as_code, did_you_mean, shorten

if TYPE_CHECKING:
    from quizapp.decks.parsing.node_decoder import Decoder

INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
DTYPES = ("bool", *INTEGERS, "float16", "bfloat16", "float32", "float64", "complex64", "complex128")


def read_equals(node: Node, path: str, decoder: Decoder) -> Equals:
    """Return the literal; report invalid parts to the decoder and read them as None."""
    form = _form(node)
    if form is None:
        return Equals(_plain(node, path, decoder))
    return _values(node, form, path, decoder)


def _form(node: Node) -> Literal["tensor", "array"] | None:
    """Return whether a map contains a `tensor` or an `array`; None for plain data."""
    if type(node) is not Mapping:
        return None
    keys = [key.value for key, _ in node.pairs if type(key) is Scalar]
    forms: tuple[Literal["tensor", "array"], ...] = ("tensor", "array")
    for form in forms:
        if form in keys and (len(keys) == 1 or "dtype" in keys or len(keys) == 2):
            return form
    return None


def _values(node: Node, form: Literal["tensor", "array"], path: str, decoder: Decoder) -> Equals:
    assert type(node) is Mapping
    content: object = None
    dtype: str | None = None
    for key, value in node.pairs:
        name = key.value if type(key) is Scalar else ""
        if name == form:
            content = _plain(value, f"{path}.{form}", decoder)
            _check_shape(value, f"{path}.{form}", decoder)
        elif name == "dtype":
            dtype = _dtype(value, f"{path}.dtype", decoder)
        else:
            message = f"{as_code(shorten(name))} is not a field of a literal {form}"
            decoder.add_problem("unknown-key", key, message, did_you_mean(name, (form, "dtype")))
    return Equals(content, form, dtype)


def _dtype(node: Node, path: str, decoder: Decoder) -> str | None:
    name = node.value.removeprefix("torch.").removeprefix("np.") if type(node) is Scalar else ""
    if name in DTYPES:
        return name
    typed = node.value if type(node) is Scalar else decoder.source.text_of(node)
    message = f"`{decoder.prefix}{path}` is not a dtype: {as_code(shorten(typed))}"
    decoder.add_problem("wrong-value", node, message, did_you_mean(name, DTYPES))
    return None


def _check_shape(node: Node, path: str, decoder: Decoder) -> tuple[int, ...]:
    """Return the shape of nested lists: all rows must have the same length and contain numbers."""
    if type(node) is not Sequence:
        if (
            type(node) is not Scalar
            or node.style
            or not isinstance(scalar_parsing.parse_plain(node.value), int | float)
        ):
            _add_not_a_number(node, path, decoder)
        return ()
    shapes = {_check_shape(item, path, decoder) for item in node.children}
    if len(shapes) > 1:
        message = f"`{decoder.prefix}{path}` has rows of different lengths"
        decoder.add_problem("ragged", node, message, "write the same number of values in every row")
    return (len(node.children), *(min(shapes) if shapes else ()))


def _add_not_a_number(node: Node, path: str, decoder: Decoder) -> None:
    text = node.value if type(node) is Scalar else decoder.source.text_of(node)
    message = f"`{decoder.prefix}{path}` contains a value that is not a number: {as_code(shorten(text))}"
    decoder.add_problem("wrong-type", node, message, "write numbers, `true`, `false`, `.nan` or `.inf`")


def _plain(node: Node, path: str, decoder: Decoder) -> object:
    if type(node) is Scalar:
        return node.value if node.style else scalar_parsing.parse_plain(node.value)
    if type(node) is Sequence:
        return [_plain(item, path, decoder) for item in node.children]
    if type(node) is Mapping:
        return _plain_map(node, path, decoder)
    return None


def _plain_map(node: Mapping, path: str, decoder: Decoder) -> dict[object, object]:
    values: dict[object, object] = {}
    first: dict[object, int] = {}
    for key_node, value in node.pairs:
        key = _plain(key_node, path, decoder)
        if type(key_node) is not Scalar:
            message = f"`{decoder.prefix}{path}` has a key that is a list or a map"
            decoder.add_problem("wrong-type", key_node, message, "use text and numbers as keys")
        elif key in first:
            message = f"{as_code(shorten(key_node.value))} is given twice, first on line {first[key]}"
            decoder.add_problem("duplicate-key", key_node, message, "keep one of the two")
        else:
            first[key] = key_node.start_mark.line + 1
            values[key] = _plain(value, path, decoder)
    return values
