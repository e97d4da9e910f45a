"""`forbid` and `require`: rules broken in the syntax and by counted calls."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card
from quizapp.decks.fields import CONSTRUCTS, RULE_GROUPS
from quizapp.grading.answer_rules.code_rules import call_rules, find_violations
from quizapp.grading.answer_rules.constructs import NODES
from quizapp.grading.answer_rules.rule_targets import GROUPS

SOFTMAX = ("torch.softmax", ".softmax", "torch.nn.functional.softmax")


def count_violations(
    answer: str,
    *,
    forbid: tuple[str, ...] = (),
    require: tuple[str, ...] = (),
    calls: dict[str, int] | None = None,
    reference: dict[str, int] | None = None,
) -> int:
    """Return how many rules of a card the answer breaks."""
    card = Card("deck", "card", "?", preamble="import torch", given="x = torch.ones(3)", forbid=forbid, require=require)
    return len(find_violations(card, answer, calls or {}, reference))


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("for", "for i in x: pass"),
        ("for", "answer = [i for i in x]"),
        ("for", "answer = sum(i for i in x)"),
        ("for", "answer = {i: 1 for i in x}"),
        ("while", "while True: break"),
        ("if", "if x: pass"),
        ("if", "answer = 1 if x else 2"),
        ("if", "answer = [i for i in x if i]"),
        ("import", "import math"),
        ("import", "from math import pi"),
        ("import", "math = __import__('math')"),
        ("lambda", "f = lambda y: y"),
        ("def", "def f(): pass"),
        ("def", "async def f(): pass"),
        ("torch.softmax", "answer = torch.softmax(x, 0)"),
        ("torch.softmax", "import torch as t\nanswer = t.softmax(x, 0)"),
        ("torch.softmax", "from torch import softmax as s\nanswer = s(x, 0)"),
        ("torch.softmax", "f = torch.softmax\nanswer = f(x, 0)"),
        ("torch.softmax", "answer = getattr(torch, 'softmax')(x, 0)"),
        ("torch.nn.functional.softmax", "import torch.nn.functional as F\nanswer = F.softmax(x, 0)"),
        ("torch.nn.functional.softmax", "from torch.nn import functional\nanswer = functional.softmax(x, 0)"),
        (".softmax", "answer = x.softmax(0)"),
        (".softmax", "answer = torch.Tensor.softmax(x, 0)"),
        ("torch.linalg", "answer = torch.linalg.inv(x)"),
        ("sorted", "answer = sorted([2, 1])"),
        ("math.sqrt", "import math\nanswer = math.sqrt(2)"),
    ],
)
def test_a_use_is_found_in_the_syntax(rule: str, answer: str) -> None:
    assert count_violations(answer, forbid=(rule,)) == 1
    assert count_violations(answer, require=(rule,)) == 0


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("for", "answer = 'for i in x'  # for"),
        ("while", "answer = 1"),
        ("torch.softmax", "answer = x.softmax(0)"),
        (".softmax", "answer = torch.softmax(x, 0)"),
        (".softmax", "class N:\n    def f(self):\n        return self.softmax"),
        ("torch.softmax", "def softmax(y):\n    return y\nanswer = softmax(x)"),
        ("torch.sum", "answer = sum([1, 2])"),
        ("sum", "answer = x.sum()"),
        ("sorted", "sorted = 3\nanswer = sorted"),
        ("torch.soft", "answer = torch.softmax(x, 0)"),
        ("torch.softmax", "answer = ("),
    ],
)
def test_something_similar_is_not_a_use(rule: str, answer: str) -> None:
    assert count_violations(answer, forbid=(rule,)) == 0


def test_a_counted_call_breaks_a_rule_however_it_is_written() -> None:
    answer = "answer = getattr(F, 'soft' + 'max')(x, 0)"
    assert count_violations(answer, forbid=SOFTMAX, calls={"torch.softmax": 1}) == 1
    assert count_violations(answer, forbid=SOFTMAX, calls={}) == 0


@pytest.mark.parametrize(
    ("rule", "answer", "spelling"),
    [
        ("torch.matmul", "answer = x @ x", "@"),
        ("torch.matmul", "x @= x", "@"),
        ("torch.softmax", "import torch.nn.functional as F\nanswer = F.softmax(x, 0)", "torch.nn.functional.softmax"),
        ("torch.linalg.norm", "answer = torch.norm(x)", "torch.norm"),
        ("torch.cat", "answer = torch.concat([x, x])", "torch.concat"),
        ("torch.add", "answer = torch.add_(x, x)", "torch.add_"),
        ("loops", "for i in x: pass", "for"),
        ("loops", "while True: break", "while"),
        ("loops", "answer = [i for i in x]", "for"),
        ("loops", "answer = list(map(abs, x))", "map"),
        ("loops", "import numpy as np\nanswer = np.vectorize(abs)(x)", "numpy.vectorize"),
        ("loops", "def f(n):\n    return f(n - 1) if n else 0", "recursion"),
        ("loops", "class A:\n    def f(self, n):\n        return self.f(n - 1)", "recursion"),
        ("recursion", "def f(n):\n    return f(n - 1) if n else 0", None),
        ("products", "answer = x @ x", "@"),
        ("products", "answer = x.numpy().dot(x.numpy())", ".dot"),
        ("products", "import numpy as np\nanswer = np.linalg.multi_dot([x, x])", "numpy.linalg.multi_dot"),
        ("products", "answer = torch.ops.aten.mm(x, x)", "torch.ops.aten.mm"),
        ("torch.softmax", "answer = torch.ops.aten._softmax(x, 0, False)", "torch.ops.aten._softmax"),
        ("torch.layer_norm", "answer = torch.native_layer_norm(x, [3], None, None, 0.1)", "torch.native_layer_norm"),
        ("torch.einsum", "answer = torch.functional.einsum('i,i->', x, x)", None),
        ("products", "answer = torch.einsum('i,i->', x, x)", "torch.einsum"),
        ("products", "import torch.nn.functional as F\nanswer = F.linear(x, x)", "torch.nn.functional.linear"),
    ],
)
def test_a_rule_bans_every_spelling(rule: str, answer: str, spelling: str | None) -> None:
    card = Card("deck", "card", "?", preamble="import torch", given="x = torch.ones(3)", forbid=(rule,))
    (sentence,) = find_violations(card, answer, {})
    assert sentence.endswith(f"uses `{spelling}`." if spelling else "uses it.")
    assert count_violations(answer, require=(rule,)) == 0


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("torch.norm", "class N:\n    def f(self, model):\n        return model.norm(self)"),
        ("torch.add", "s = set()\ns.add(1)"),
        ("torch.split", "answer = 'a b'.split()"),
        ("torch.matmul", "@decorated\ndef f(): pass"),
        ("loops", "answer = x.sum()"),
        ("loops", "def f(n):\n    return g(n)"),
        ("products", "answer = x * x"),
        ("torch.eq", "answer = torch.equal(x, x)"),
    ],
)
def test_a_method_of_the_same_name_is_only_a_use_if_a_tensor_has_it(rule: str, answer: str) -> None:
    assert count_violations(answer, forbid=(rule,)) == 0


def test_a_method_that_was_called_is_reported_with_its_line() -> None:
    card = Card("deck", "card", "?", preamble="import torch", forbid=("torch.softmax",))
    (sentence,) = find_violations(card, "y = 1\nanswer = x.softmax(0)", {"torch.softmax": 1})
    assert sentence == "`torch.softmax` is not allowed on this card, and line 2 uses `.softmax`."


ALLOW = ("torch.exp", "torch.Tensor.sum")


@pytest.mark.parametrize(
    "answer",
    [
        "answer = torch.exp(x) / x.exp().sum()",
        "import torch as t\nanswer = t.exp(x) * 2 - x",
        "answer = x[:, 0].size(0) + x.shape[0]",
        "def f(x: torch.Tensor) -> torch.Tensor:\n    return torch.exp(x)",
        "answer = torch.exp(x).sum(dtype=torch.float64)",
        "import math\nanswer = math.exp(1)",
        "class N(torch.nn.Module):\n    pass",
        "names = ['b', 'a']\nnames.sort()",
    ],
)
def test_an_answer_of_allowed_names_obeys_the_whitelist(answer: str) -> None:
    assert names_not_allowed(answer, calls={".exp": 1, ".sum": 1, ".size": 1}) == []


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("answer = torch.softmax(x, 0)", "torch.softmax"),
        ("from torch import softmax as s\nanswer = s(x, 0)", "torch.softmax"),
        ("import torch.nn.functional as F\nanswer = F.relu(x)", "torch.nn.functional.relu"),
        ("answer = x.softmax(0)", ".softmax"),
        ("answer = getattr(torch, 'soft' + 'max')(x, 0)", "getattr"),
        ("answer = torch.ops.aten.exp(x)", "torch.ops.aten.exp"),
        ("exec('answer = 1')", "exec"),
        ("answer = vars(torch)['softmax'](x, 0)", "vars"),
        ("from torch import *\nanswer = x", None),
        ("import operator\nanswer = operator.methodcaller('softmax', -1)(x)", "operator.methodcaller"),
    ],
)
def test_a_name_that_is_not_allowed_is_reported(answer: str, name: str | None) -> None:
    (sentence,) = names_not_allowed(answer, calls={".softmax": 1})
    line = len(answer.splitlines()) if name else 1
    name = name or "from torch import *"
    allowed = "`torch.exp`, `torch.Tensor.sum`"
    assert sentence == f"Of torch, only {allowed} may be used on this card, and line {line} uses `{name}`."


def names_not_allowed(answer: str, calls: dict[str, int]) -> list[str]:
    card = Card("deck", "card", "?", preamble="import torch", given="x = torch.ones(3)", allow=ALLOW)
    return find_violations(card, answer, calls)


def test_calls_are_counted_for_rules_on_functions_only() -> None:
    card = Card("deck", "card", "?", forbid=("for", "torch.matmul", "products"), require=(".backward", "lambda"))
    rules = call_rules(card, "x.sum()")
    assert [(rule.name, rule.once) for rule in rules] == [
        ("torch.matmul", False),
        ("products", False),
        (".backward", True),
    ]
    assert "torch.Tensor.__matmul__" in rules[0].targets and "torch.Tensor.matmul" in rules[0].targets
    assert call_rules(Card("deck", "card", "?", allow=ALLOW), "x.sum()")[0].targets == ("torch.Tensor.sum",)


def test_every_construct_of_the_format_is_found_in_the_syntax() -> None:
    assert set(NODES) == set(CONSTRUCTS)
    assert set(GROUPS) == set(RULE_GROUPS)


def test_calls_of_the_checks_are_not_attributed_to_the_answer() -> None:
    assert (
        count_violations(
            "answer = x", forbid=("torch.softmax",), calls={"torch.softmax": 1}, reference={"torch.softmax": 1}
        )
        == 0
    )
    assert (
        count_violations(
            "answer = x", forbid=("torch.softmax",), calls={"torch.softmax": 2}, reference={"torch.softmax": 1}
        )
        == 1
    )


def test_a_required_function_must_be_called() -> None:
    calls = {"torch.einsum": 1}
    never_run = "if False:\n    torch.einsum('i->', x)\nanswer = x.sum()"
    assert count_violations(never_run, require=("torch.einsum",), calls={}, reference=calls) == 1
    assert count_violations("answer = x", require=("torch.einsum",), calls=calls, reference=calls) == 0


def test_an_internal_operator_is_explained() -> None:
    card = Card("deck", "card", "?", forbid=("aten::mm", "torch.softmax"))
    assert find_violations(card, "answer = a @ b", {"aten::mm": 1}) == [
        "The answer makes torch call `aten::mm`, an internal operator, which is not allowed on this card."
    ]
    assert find_violations(card, "answer = f(a)", {"torch.softmax": 1}) == [
        "The answer calls `torch.softmax`, which is not allowed on this card."
    ]


def test_the_line_of_a_violation_is_reported() -> None:
    card = Card("deck", "card", "?", forbid=("for",))
    (sentence,) = find_violations(card, "a = 1\nfor i in []:\n    pass", {})
    assert sentence == "`for` is not allowed on this card, and line 2 uses it."
