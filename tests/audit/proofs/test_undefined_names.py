"""Names that nothing binds, found without running the code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.audit.proofs.deferred_checks import undefined_name_findings
from quizapp.audit.proofs.undefined_names import CHECK_NAMES, RUN_NAMES, bound_names, did_you_mean, undefined_names
from quizapp.decks.card import Card, CardKind, Check, Wrong
from quizapp.decks.library import shipped
from quizapp.decks.reader import read_decks
from quizapp.sandbox.client import Sandbox
from tests.sandbox.runs import observe

UNDEFINED = {
    "out = y.to(device)": ["y"],
    "a = 1\nprint(f'{a} {b!r}')": ["b"],
    "def f(x):\n    return x + missing": ["missing"],
    "def f(x=default) -> Result: ...": ["Result", "default"],
    "x = [i for i in items]\nprint(i)": ["items", "i"],
    "class A:\n    size = 1\n    def f(self):\n        return size": ["size"],
    "lambda k: (k, m)": ["m"],
    "try:\n    y\nexcept NotAnError:\n    z": ["NotAnError", "z"],
    "def f():\n    y = 1\nf()\ny": ["y"],
    "import torch.nn.functional as F\nnn.Linear": ["nn"],
}


@pytest.mark.parametrize("source", UNDEFINED)
def test_a_name_that_nothing_binds_is_found(source: str) -> None:
    assert [name for name, _ in undefined_names(source, RUN_NAMES)] == UNDEFINED[source]


DEFINED = [
    "x = 1\nx += 1\ndel x",
    "import a.b, c as d\nfrom e import f as g\na.b, d, g",
    "def f(*args, key=None, **more):\n    return args, key, more, f",
    "class A:\n    size = 1\n    double = size * 2\n    def f(self):\n        return __class__, super().f, A",
    "y = [(i, j) for i in range(2) for j in range(i) if (k := j)]\nprint(k)",
    "def outer():\n    x = 1\n    def inner():\n        nonlocal x\n        x = 2\n    return inner",
    "def f():\n    global y\n    import torch as y\nf()\ny",
    "with open('f') as file, open('g') as (a, b):\n    file, a, b",
    "for i, (j, *k) in []: ...\nelse: i, j, k",
    "try:\n    1\nexcept (OSError, KeyError) as error:\n    error",
    "match [1]:\n    case [a, *b] | {'x': a, **b}:\n        a, b\n    case c:\n        c",
    "__name__, __file__, __debug__, device, tmp, fill, caught, shares_memory",
    "def f():\n    later()\ndef later(): ...",
    "async def f():\n    async for x in g(): x\nasync def g():\n    yield 1",
    "x: int = 1\ndef f():\n    y: Later = 1",
]
"""Programs in which every name is bound."""

UNCERTAIN = [
    "from torch import *\nones(2)",
    "exec('y = 1')\ny",
    "globals()['y'] = 1\ny",
    "import sys\nsys.modules['__main__'].y = 1\ny",
    "import builtins\nbuiltins.y = 1\ny",
    "from __future__ import annotations\ndef f(x: Later): ...",
    "try:\n    y\nexcept NameError:\n    y = 1",
    "try:\n    y\nexcept Exception:\n    pass",
    "import contextlib\nwith contextlib.suppress(Exception):\n    y",
    "caught(lambda: y)",
    "x = (",
]
"""Programs whose names may be bound in ways that the syntax does not show, or that handle the exception."""


@pytest.mark.parametrize("source", DEFINED + UNCERTAIN)
def test_a_name_that_is_or_may_be_bound_is_not_reported(source: str) -> None:
    assert undefined_names(source, RUN_NAMES) == []


def test_a_name_is_located_at_its_first_use_outside_a_handler() -> None:
    source = "try:\n    y\nexcept Exception:\n    pass\nprint(\n    y)\ny"
    assert undefined_names(source, ()) == [("y", 6)]


def test_a_name_is_not_located_in_a_scope_that_binds_it() -> None:
    source = "x = [y for y in []]\ndef f(y):\n    return y\nout = y"
    assert undefined_names(source, ()) == [("y", 4)]


def test_the_nearest_bound_name_is_suggested() -> None:
    assert did_you_mean("logits_", {"logits", "x"}) == "logits"
    assert did_you_mean("prnt", ()) == "print"
    assert did_you_mean("dataset", {"Dataset"}) == "Dataset"
    assert did_you_mean("y", {"x"}) is None


def test_names_of_functions_and_comprehensions_are_not_bound_outside() -> None:
    assert bound_names("def f(a):\n    b = [c for c in a]\nclass D:\n    e = 1") == {"f", "D"}


def test_the_names_of_a_run_are_those_that_a_worker_binds(sandbox: Sandbox) -> None:
    names = "[n for n in sorted(globals()) if not n.startswith('__')]"
    at_start, in_check = observe(sandbox, f"seen = {names}", "seen", ("seen", f"del seen; seen = {names}"), preamble="")
    assert set(at_start) == RUN_NAMES
    assert set(in_check) == CHECK_NAMES


def cuda_card(solution: str, *checks: Check, **fields: object) -> Card:
    """Return a card whose checks need a GPU."""
    on_cuda = tuple(replace(check, device="cuda") for check in checks or (Check("out"),))
    card = Card("d", "a", "?", on_cuda, preamble="import torch", given="x = torch.ones(3)", solution=solution)
    return replace(card, **fields)  # type: ignore[arg-type]


CARDS = {
    "a name in the solution": (cuda_card("out = y.to(device)"), [("solution", "error")]),
    "a name in an accepted answer": (cuda_card("out = x", accept=("out = z",)), [("accept[0]", "error")]),
    "a name in a wrong answer": (cuda_card("out = x", wrong=(Wrong("out = z"),)), [("wrong[0].code", "warning")]),
    "a name in a check": (cuda_card("out = x", Check("ouput")), [("checks[0].see", "error")]),
    "a name in the statements of a check": (
        cuda_card("out = x", Check("y", run="y = ouput")),
        [("checks[0].run", "error")],
    ),
    "a name that a later check binds": (
        cuda_card("out = x", Check("late"), Check("late", run="late = out")),
        [("checks[0].see", "error")],
    ),
    "a name that an earlier check binds": (cuda_card("out = x", Check("y", run="y = out"), Check("y")), []),
    "a name that a check binds before it calls the answer": (
        cuda_card("def out():\n    return scale", Check("out()", run="scale = 2")),
        [],
    ),
    "names of checks": (cuda_card("out = x", Check("stdout, warned, source, again, caught(int, out)")), []),
    "names of checks in the solution": (cuda_card("out = stdout"), [("solution", "error")]),
    "a card without a solution": (cuda_card("", Check("out")), []),
    "an exception that is expected": (cuda_card("out = y", Check("raised")), []),
    "a check that raises on purpose": (cuda_card("del x", Check("x2", raises="NameError")), []),
    "a preamble with a star import": (cuda_card("out = ones(2)", preamble="from torch import *"), []),
}


@pytest.mark.parametrize("name", CARDS)
def test_the_names_of_a_card_are_looked_up_where_its_run_finds_them(name: str) -> None:
    card, expected = CARDS[name]
    assert [(finding.field, finding.severity) for finding in undefined_name_findings(card)] == expected


def test_no_name_of_a_shipped_deck_is_reported() -> None:
    cards = [card for deck in read_decks([shipped()])[0] for card in deck if card.solution]
    assert len(cards) > 200
    for card in cards:
        on_cuda = replace(card, checks=tuple(replace(check, device="cuda") for check in card.checks))
        assert undefined_name_findings(on_cuda) == [], card.name
        assert card.kind in (CardKind.CODE, CardKind.ORDER)
