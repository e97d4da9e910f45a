"""The call around the cursor and the signature that is shown for it."""

from __future__ import annotations

import pytest

from quizapp.tui.widgets.call_signature import OpenCall, call_at, current_parameter, render_signature, split_signature


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("x = torch.cat(", OpenCall("torch.cat", 0)),
        ("torch.cat((x, y), ", OpenCall("torch.cat", 1)),
        ("torch.cat((x, y), dim=", OpenCall("torch.cat", 1, "dim")),
        ("f(x == ", OpenCall("f", 0)),
        ("f(g(x), [1, 2], {3: 4}, h", OpenCall("f", 3)),
        ("f(g(", OpenCall("g", 0)),
        ("f(g(x)", OpenCall("f", 0)),
        ("f('a, (b', ", OpenCall("f", 1)),
        ("f(  # one (\n    x,\n", OpenCall("f", 1)),
        ('f("""a\n(""", ', OpenCall("f", 1)),
        ("f(x)", None),
        ("def f(x, ", None),
        ("(x, ", None),
        ("x[0](", None),
        ("f([x, ", OpenCall("f", 0)),
        ("f(x, (y, z", OpenCall("f", 1)),
        ("[x, ", None),
        ("", None),
    ],
)
def test_innermost_open_call_is_found(text: str, call: OpenCall | None) -> None:
    lines = text.split("\n")
    assert call_at(lines, len(lines) - 1, len(lines[-1])) == call


def test_parameters_are_split_at_their_own_commas() -> None:
    assert split_signature("(x, dim: tuple[int, int] = (1, 2), *, out=None) -> Tensor") == (
        ["x", "dim: tuple[int, int] = (1, 2)", "*", "out=None"],
        " -> Tensor",
    )
    assert split_signature("()") == ([], "")
    assert split_signature("(x, y") == (["x", "y"], "")


@pytest.mark.parametrize(
    ("signature", "call", "parameter"),
    [
        ("(x, dim=0)", OpenCall("f", 1), "dim=0"),
        ("(x, dim=0)", OpenCall("f", 0, "dim"), "dim=0"),
        ("(x, /, y)", OpenCall("f", 1), "y"),
        ("(*sizes, out=None)", OpenCall("f", 3), "*sizes"),
        ("(x, *, out=None)", OpenCall("f", 1), None),
        ("(x, **more)", OpenCall("f", 1, "other"), "**more"),
        ("(x: int)", OpenCall("f", 0, "x"), "x: int"),
        ("(x)", OpenCall("f", 2), None),
    ],
)
def test_parameter_of_the_argument_at_the_cursor_is_found(
    signature: str, call: OpenCall, parameter: str | None
) -> None:
    parameters, _ = split_signature(signature)
    index = current_parameter(parameters, call)
    assert (None if index is None else parameters[index]) == parameter


def test_current_parameter_is_emphasised() -> None:
    line = render_signature(OpenCall("torch.cat", 1), "(tensors, dim=0) -> Tensor")
    assert line.plain == "torch.cat(tensors, dim=0) -> Tensor"
    assert [line.plain[span.start : span.end] for span in line.spans if span.style] == ["dim=0"]
