"""The names that code binds, also while it is being typed."""

from __future__ import annotations

import pytest

from quizapp.tui.widgets.completion_source import CompletionName, CompletionRequest
from quizapp.tui.widgets.known_names import KnownNames, is_completable
from quizapp.tui.widgets.names_in_code import language_names, names_in_code


def bound(code: str) -> set[str]:
    """Return the names that `code` binds, without Python's own."""
    own = set(language_names())
    return {name.text for name in names_in_code([code]) if name not in own}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import numpy as np, os.path", {"np", "os"}),
        ("from torch import nn as net, optim", {"net", "optim"}),
        ("total: int = 3", {"total"}),
        ("total += (count := 3)", {"total", "count"}),
        ("first, (second, *rest) = values", {"first", "second", "rest"}),
        ("x[index] = y.attribute = 3", set()),
        ("def area(width, *, height: int = 1, **more): ...", {"area", "width", "height", "more"}),
        ("scale = lambda value, factor=2: value", {"scale", "value", "factor"}),
        ("for row, column in pairs: pass", {"row", "column"}),
        ("[inner for inner in x]", {"inner"}),
        ("with open(p) as file: pass", {"file"}),
        ("try:\n    pass\nexcept E as error:\n    pass", {"error"}),
        ("class Net: pass", {"Net"}),
        ("total = 3\nanswer = torch.cat((tot", {"total"}),
        ("def f(width):\n    return wid", {"f", "width"}),
    ],
)
def test_names_of_every_binding_are_found(code: str, names: set[str]) -> None:
    assert bound(code) == names


def test_function_has_its_signature() -> None:
    found = names_in_code(["def area(width,\n         height=1): ..."])
    assert CompletionName("area", "function", "(width, height=1)") in found


def test_own_names_come_before_those_of_python() -> None:
    texts = [name.text for name in names_in_code(["inside = 1"]) if name.text.startswith("in")]
    assert texts[0] == "inside" and {"in", "input", "int"} <= set(texts)


def test_names_of_an_owner_are_known_after_the_sandbox_found_them() -> None:
    known, request = KnownNames(["import torch"]), CompletionRequest("", "torch", "ca")
    assert known.find(request, "") is None
    known.cache.add(request, [CompletionName("cat", "function", "(tensors)"), CompletionName("cauchy", "", "")])
    found = known.find(CompletionRequest("", "torch", "cat"), "")
    assert found is not None and [name.text for name in found] == ["cat"]
    assert known.find(CompletionRequest("x = 1", "torch", "cat"), "") is None


def test_names_that_the_worker_may_have_left_out_are_asked_for_again() -> None:
    known = KnownNames([])
    known.cache.add(CompletionRequest("", "torch", ""), [CompletionName(f"a{number}", "", "") for number in range(200)])
    assert known.find(CompletionRequest("", "torch", "b"), "") is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("to", "", True),
        ("t", "", False),
        ("torch.", "", True),
        ("x = f(to", ")", True),
        ("to", "tal", False),
        ("'to", "'", False),
        ("# to", "", False),
        ("x[0].to", "", False),
        ("1e5", "", False),
        ("f(x).re", "", False),
    ],
)
def test_list_opens_by_itself_only_at_the_end_of_a_name(before: str, after: str, expected: bool) -> None:
    from quizapp.tui.widgets.completion_source import completion_request

    line = before + after
    assert is_completable(line, len(before), completion_request([line], 0, len(before))) is expected
