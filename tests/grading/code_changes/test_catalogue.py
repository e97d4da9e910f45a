"""The changes of a program: each typical mistake is one change away from the right code, in both directions."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from quizapp.grading.code_changes.catalogue import find_edits
from quizapp.grading.code_changes.changed_programs import MOST_NODES, changed_programs
from quizapp.grading.code_changes.code_tree import CodeTree
from quizapp.grading.code_changes.rules.ingredients import find_ingredients
from quizapp.grading.mistake import Mistake

REFERENCE = """
def f(frame, n):
    return frame["units"].clip(lower=0, upper=n).sort_values("price", ascending=False).head(3)
"""

REPAIRS = {
    "x.softmax(0)": ("x.softmax(-1)", Mistake.WRONG_DIMENSION),
    "x.mean(dim=1)": ("x.mean(dim=(0, 2, 3))", Mistake.WRONG_DIMENSION),
    "x - x.mean(0)": ("x - x.mean(0, keepdim=True)", Mistake.LOST_DIMENSION),
    "x.mean()": ("x.mean(dim=-1)", Mistake.WRONG_DIMENSION),
    "x @ w": ("x @ w.mT", Mistake.TRANSPOSED),
    "x.permute(0, 1, 2)": ("x.permute(2, 0, 1)", Mistake.PERMUTED),
    "y.reshape(n, d)": ("y.transpose(1, 2).reshape(n, d)", Mistake.RESHAPED),
    "x < 3": ("x <= 3", Mistake.BOUNDARY),
    "x > y": ("x < y", Mistake.COMPARISON),
    "a - b": ("b - a", Mistake.OPERANDS),
    "a - b / c": ("(a - b) / c", Mistake.PRECEDENCE),
    "w + lr * g": ("w - lr * g", Mistake.STEP_DIRECTION),
    "scores / d": ("scores / d ** 0.5", Mistake.WRONG_SCALE),
    "centred / x.var(0)": ("centred / x.var(0) ** 0.5", Mistake.SQUARE_SQRT),
    "x[~mask]": ("x[mask]", Mistake.MASK_INVERTED),
    "x[mask]": ("x[~mask]", Mistake.MASK_INVERTED),
    "scores * mask": ("scores.masked_fill(mask == 0, float('-inf'))", Mistake.MASK_FILL),
    "s.masked_fill(m, 0)": ("s.masked_fill(m, float('-inf'))", Mistake.MASK_FILL),
    "torch.tril(m)": ("torch.triu(m)", Mistake.TRIANGLE),
    "m.triu(0)": ("m.triu(1)", Mistake.TRIANGLE_BOUNDARY),
    "m.triu()": ("m.triu(diagonal=1)", Mistake.TRIANGLE_BOUNDARY),
    "F.l1_loss(a, b)": ("F.mse_loss(a, b)", Mistake.WRONG_LOSS),
    "F.mse_loss(a, b)": ("F.mse_loss(a, b, reduction='sum')", Mistake.WRONG_LOSS),
    "F.cross_entropy(x.softmax(1), y)": ("F.cross_entropy(x, y)", Mistake.REPEATED_ACTIVATION),
    "x.std(0)": ("x.std(0, correction=0)", Mistake.BIASED),
    "x.sort()": ("x.sort(descending=True)", Mistake.SORTED_OTHER_WAY),
    "x == float('nan')": ("x.isnan()", Mistake.NAN_EQUALITY),
    "frame[['a']]": ("frame['a']", Mistake.FRAME_OR_SERIES),
    "range(n)": ("range(n + 1)", Mistake.OFF_BY_ONE),
    "x[1:]": ("x[:-1]", Mistake.OFF_BY_ONE),
    "pred - y": ("pred.squeeze(-1) - y", Mistake.BROADCAST),
    "net(x).detach()": ("net(x)", Mistake.GRAPH_CUT),
    "(1 - b) * x + b * y": ("b * x + (1 - b) * y", Mistake.EXCHANGED),
    "norm(relu(x))": ("relu(norm(x))", Mistake.STATEMENT_ORDER),
    "x.shape[0]": ("x.shape[1]", Mistake.WRONG_DIMENSION),
}
"""Expression of an answer -> right expression, and the mistake."""

PROGRAMS = {
    """
    def step(model, opt, x, y):
        F.mse_loss(model(x), y).backward()
        opt.step()
    """: ("opt.zero_grad()\n    F.mse_loss(model(x), y).backward()", Mistake.ACCUMULATED_GRADIENTS),
    """
    def step(model, opt, x, y):
        opt.zero_grad()
        F.mse_loss(model(x), y).backward()
    """: (".backward()\n    opt.step()", Mistake.NOT_UPDATED),
    """
    def update(params, lr):
        for p in params:
            p = p - lr * p.grad
    """: ("p.data.copy_(p - lr * p.grad)", Mistake.REBOUND_NAME),
    """
    def update(params):
        for p in params:
            p.sub_(p.grad)
        for p in params:
            p.grad = None
    """: ("params = list(params)", Mistake.EXHAUSTED_ITERATOR),
    """
    def scale(x):
        x *= 2
        return x
    """: ("deepcopy(x)", Mistake.ARGUMENT_CHANGED),
    """
    def total(rows):
        result = 0
        for row in rows:
            result += row
            return result
    """: ("        result += row\n    return result", Mistake.INDENTATION),
    """
    def total(rows):
        for row in rows:
            result = 0
            result += row
        return result
    """: ("result = 0\n    for row in rows", Mistake.INDENTATION),
    """
    def attend(q, k, v):
        return f(k @ q.T, k) @ v
    """: ("f(q @ k.T, q) @ v", Mistake.EXCHANGED),
    """
    def norm(x):
        return (x - x.mean(0)) / x.std(0)
    """: ("(x - x.mean(1)) / x.std(1)", Mistake.WRONG_DIMENSION),
    """
    def loss(a, b, c):
        return f(a, c)
    """: ("f(a, b)", Mistake.WRONG_NAME),
}
"""Program of an answer -> part of the right program, and the mistake."""


@pytest.mark.parametrize("answer", REPAIRS)
def test_a_mistake_in_an_expression_is_one_change_from_the_right_one(answer: str) -> None:
    right, mistake = REPAIRS[answer]
    code = f"def f(x, y):\n    return {answer}"
    assert mistake in {
        program.said[0]
        for program in changed_programs(code, lambda edit: edit.repaired)
        if f"return {ast.unparse(ast.parse(right))}" in program.code
    }


@pytest.mark.parametrize("answer", PROGRAMS)
def test_a_mistake_in_a_program_is_one_change_from_the_right_one(answer: str) -> None:
    right, mistake = PROGRAMS[answer]
    programs = changed_programs(dedent(answer), lambda edit: edit.repaired)
    assert mistake in {program.said[0] for program in programs if right in program.code}


IMITATIONS = {
    "opt.zero_grad()\nloss.backward()": ("loss.backward()", Mistake.ACCUMULATED_GRADIENTS),
    "loss.backward()\nopt.step()": ("loss.backward()", Mistake.NOT_UPDATED),
    "net.eval()\ny = net(x)": ("net.train()", Mistake.TRAINING_MODE),
    "y = x @ w + bias": ("y = x @ w", Mistake.MISSING_BIAS),
    "y = F.conv2d(x, w, b)": ("F.conv2d(x, w)", Mistake.MISSING_BIAS),
    "y = scores / math.sqrt(d)": ("y = scores / d", Mistake.WRONG_SCALE),
    "y = x.view(a, b, c, d).transpose(1, 2)": ("x.view(a, c, b, d)", Mistake.RESHAPED),
    "with torch.no_grad():\n    y = f(x)": ("y = f(x)", Mistake.GRAPH_ATTACHED),
    "y = f(x).detach()": ("y = f(x)", Mistake.GRAPH_ATTACHED),
    "y = table.reset_index()": ("y = table", Mistake.INDEX),
    "y = x.clone()": ("y = x", Mistake.VIEW),
    "p -= lr * p.grad": ("p = p - lr * p.grad", Mistake.REBOUND_NAME),
    "total += x": ("total = x", Mistake.LEFT_OUT),
    "y = share * 100": ("y = share", Mistake.SCALED),
}
"""Part of a reference -> part of the program that behaves like a wrong answer, and the mistake."""


@pytest.mark.parametrize("reference", IMITATIONS)
def test_a_reference_is_one_change_from_a_typical_wrong_answer(reference: str) -> None:
    wrong, mistake = IMITATIONS[reference]
    programs = list(changed_programs(reference, lambda edit: edit.imitated))
    assert mistake in {program.said[0] for program in programs if wrong in program.code}


@pytest.mark.parametrize("code", [*(f"y = {text}" for text in REPAIRS), *map(dedent, PROGRAMS)])
def test_every_change_is_a_valid_program_that_differs(code: str) -> None:
    tree = CodeTree(ast.parse(code))
    before = ast.dump(tree.tree)
    for edit in find_edits(tree, find_ingredients(REFERENCE, tree.tree)):
        changed = tree.replaced(edit.replacements)
        ast.parse(changed)
        assert 1 <= edit.line <= code.count("\n") + 1
    assert ast.dump(tree.tree) == before, "the tree itself was changed"


@pytest.mark.parametrize(
    "code",
    [
        "y = " + "+".join(["x"] * MOST_NODES),
        "y = " + "(" * 150 + "x" + ")" * 150,
        "y = " + "-" * 5000 + "x",
        "y = " + "-" * 700 + "x",
        "y = x" + ".a" * 700,
        "y = " + "f(" * 90 + "x" + ")" * 90,
        "y = '" + "a" * 100_000 + "'",
        "def f(:",
        "y = '\\ud800'",
        "\x00",
        "",
    ],
    ids=["long", "nested", "deep", "signs", "attributes", "calls", "text", "no Python", "surrogate", "null", "empty"],
)
def test_programs_that_cannot_be_changed_give_nothing_or_end(code: str) -> None:
    assert len(list(changed_programs(code, lambda edit: edit.repaired))) < MOST_NODES


INGREDIENTS = {
    'frame["price"].head(3)': 'frame["units"].head(3)',
    "frame.clip(upper=n)": "frame.clip(upper=n, lower=0)",
    "frame.clip(lower=1, upper=n)": "frame.clip(lower=0, upper=n)",
    'frame.sort_values("units")': 'frame.sort_values("price")',
    "frame.tail(5)": "frame.head(3)",
}
"""Expression of an answer -> the same with a part of the reference."""


@pytest.mark.parametrize("answer", INGREDIENTS)
def test_numbers_texts_arguments_and_functions_are_taken_from_the_reference(answer: str) -> None:
    code = f"def f(frame, limit):\n    return {answer.replace('n)', 'limit)')}"
    right = ast.unparse(ast.parse(INGREDIENTS[answer].replace("=n", "=limit")))
    assert any(right in p.code for p in changed_programs(code, lambda edit: edit.repaired, REFERENCE))
