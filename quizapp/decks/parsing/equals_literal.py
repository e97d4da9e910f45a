"""`equals`: plain data, or a tensor or an array written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quizapp.decks.card import Equals
from quizapp.decks.parsing import scalar_parsing
from quizapp.decks.parsing.yaml_tree import Mapping, Node, Scalar, Sequence
from quizapp.decks.problems import did_you_mean, shown

if TYPE_CHECKING:
    from quizapp.decks.parsing.node_decoder import Decoder

INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
DTYPES = ("bool", *INTEGERS, "float16", "bfloat16", "float32", "float64", "complex64", "complex128")


def equals(node: Node, path: str, decoder: Decoder) -> Any:
    """The literal that `equals` writes; faults are told, and give None in their place."""
    form = _form(node)
    if form is None:
        return Equals(_plain(node, path, decoder))
    return _written_out(node, form, path, decoder)


def _form(node: Node) -> str | None:
    """`tensor` or `array`, where the map is one of these written out."""
    if type(node) is not Mapping:
        return None
    keys = [key.value for key, _ in node.pairs if type(key) is Scalar]
    for form in ("tensor", "array"):
        if form in keys and (len(keys) == 1 or "dtype" in keys or len(keys) == 2):
            return form
    return None


def _written_out(node: Node, form: Any, path: str, decoder: Decoder) -> Equals:
    assert type(node) is Mapping
    content: object = None
    dtype: str | None = None
    for key, value in node.pairs:
        name = key.value if type(key) is Scalar else ""
        if name == form:
            content = _plain(value, f"{path}.{form}", decoder)
            _shape(value, f"{path}.{form}", decoder)
        elif name == "dtype":
            dtype = _dtype(value, f"{path}.dtype", decoder)
        else:
            message = f"`{shown(name)}` is not a field of a written-out {form}"
            decoder.tell("unknown-key", key, message, did_you_mean(name, (form, "dtype")))
    return Equals(content, form, dtype)


def _dtype(node: Node, path: str, decoder: Decoder) -> str | None:
    name = node.value.removeprefix("torch.").removeprefix("np.") if type(node) is Scalar else ""
    if name in DTYPES:
        return name
    typed = node.value if type(node) is Scalar else decoder.source.slice(node)
    message = f"`{decoder.prefix}{path}` is not a dtype: `{shown(typed)}`"
    decoder.tell("wrong-value", node, message, did_you_mean(name, DTYPES))
    return None


def _shape(node: Node, path: str, decoder: Decoder) -> tuple[int, ...]:
    """The shape of a written-out tensor: a number, or rows of equal length down to numbers."""
    if type(node) is not Sequence:
        if type(node) is not Scalar or node.style or not isinstance(scalar_parsing.plain(node.value), int | float):
            _not_a_number(node, path, decoder)
        return ()
    shapes = {_shape(item, path, decoder) for item in node.children}
    if len(shapes) > 1:
        message = f"`{decoder.prefix}{path}` has rows of different lengths"
        decoder.tell("ragged", node, message, "write as many values in every row")
    return (len(node.children), *(min(shapes) if shapes else ()))


def _not_a_number(node: Node, path: str, decoder: Decoder) -> None:
    text = node.value if type(node) is Scalar else decoder.source.slice(node)
    message = f"`{decoder.prefix}{path}` holds what is no number: `{shown(text)}`"
    decoder.tell("wrong-type", node, message, "write numbers, `true`, `false`, `.nan` or `.inf`")


def _plain(node: Node, path: str, decoder: Decoder) -> object:
    if type(node) is Scalar:
        return node.value if node.style else scalar_parsing.plain(node.value)
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
            decoder.tell("wrong-type", key_node, message, "use texts and numbers as keys")
        elif key in first:
            message = f"`{shown(key_node.value)}` is given twice, first on line {first[key]}"
            decoder.tell("duplicate-key", key_node, message, "keep one of the two")
        else:
            first[key] = key_node.start_mark.line + 1
            values[key] = _plain(value, path, decoder)
    return values
