"""No answer can bring about the outcome `internal`, which is never rated and says that ptquiz failed."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest

from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.grader import Grader
from quizapp.grading.verdict import Outcome

PARENTHESES, LINKS, ITEMS = 5_000, 1_500, 1 << 18

ANSWERS = {
    "nested parentheses": f"answer = {'(' * PARENTHESES}x{')' * PARENTHESES}",
    "nested parentheses within the parser's limit": f"answer = {'(' * 150}x{')' * 150}",
    "nested lists": f"answer = {'[' * 90}x{']' * 90}",
    "a chain of attributes": f"answer = x{'.data' * LINKS}",
    "a chain of calls": f"answer = x{'.clone()' * LINKS}",
    "a chain of names of torch": f"answer = torch{'.torch' * LINKS}.sum(x)",
    "a long sum": f"answer = x{' + x' * LINKS}",
    "many signs": f"answer = {'-' * LINKS}x",
    "many comparisons": f"answer = x{' < x' * LINKS}",
    "many conditions": "if 0: pass\n" + "elif 0: pass\n" * LINKS + "answer = x",
    "nested functions": "".join(f"{' ' * depth}def f{depth}():\n" for depth in range(95)) + " " * 95 + "pass",
    "a list of many items": f"answer = [{'1, ' * 20_000}]",
    "a large list": f"answer = [{'1, ' * ITEMS}]",
    "a large text": f"answer = '{'a' * (1 << 20)}'",
    "a long name": f"answer = {'n' * (1 << 18)}",
    "many lines": "x\n" * 50_000 + "answer = x",
    "a null byte": "answer = x\0",
    "a null byte in a text": "answer = '\0'",
    "half a character": "answer = '\udcff'",
    "half a character as a name": "\ud800 = x",
    "half a character in a value": "answer = '\\ud800\\udfff\\udc00'",
    "form feeds": "\f\n\fanswer = x\f\n\f",
    "other ends of lines": "answer = x\rq = 1\x85\u2028\u2029\v",
    "a byte order mark": "\ufeffanswer = x",
    "an encoding": "# -*- coding: no-such-encoding -*-\nanswer = x",
    "a huge integer": "answer = 1 << 100_000",
    "a huge integer as text": f"answer = {'9' * 5_000}",
    "a class that is another": (
        "class Tensor(torch.Tensor):\n    @property\n    def __class__(self): raise ValueError(1)\n"
        "answer = x.as_subclass(Tensor)"
    ),
    "a class that changes": "class A: pass\nanswer = A()\nanswer.__class__ = type('A', (), {'shape': property(exit)})",
    "a metaclass without a name": (
        "class M(type):\n    __name__ = property(lambda self: 1 / 0)\n    __module__ = __qualname__ = None\n"
        "class A(metaclass=M): pass\nanswer = A()"
    ),
    "a subclass with functions": (
        "class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, *a, **k): raise KeyError('no')\n"
        "answer = x.as_subclass(T)"
    ),
    "a subclass that lies": (
        "class T(torch.Tensor):\n    shape = 'square'\n    dtype = property(lambda self: 5)\n"
        "    def numel(self): return -1\nanswer = x.as_subclass(T)"
    ),
    "a parameter": "answer = torch.nn.Parameter(x)",
    "NaN with payloads": (
        "answer = torch.tensor([0x7ff0dead, 0x7fc00001, -1, 0x7f800001], dtype=torch.int64).to(torch.int32)"
        ".view(torch.float32)"
    ),
    "NaN in a float": "import struct\nanswer = struct.unpack('<d', b'\\x01\\0\\0\\0\\0\\0\\xf0\\x7f')[0]",
    "signed zeros and infinities": "answer = torch.tensor([-0.0, float('inf'), float('-inf'), float('nan')])",
    "empty tensors of odd dtypes": (
        "answer = [torch.empty(0, 3, dtype=d) for d in vars(torch).values() if isinstance(d, torch.dtype)\n"
        "          and not str(d).startswith(('torch.q', 'torch.bits', 'torch.uint1', 'torch.int1'))]"
    ),
    "small floats": "answer = x.to(torch.float8_e4m3fn)",
    "bits": "answer = torch.empty(0, dtype=torch.bits8)",
    "a quantised tensor": "answer = torch.quantize_per_tensor(x, 0.1, 0, torch.quint8)",
    "huge strides": "answer = torch.empty(4).as_strided((1, 1), (1 << 62, 1 << 61))",
    "a huge shape without memory": "answer = torch.empty(1).expand(1 << 60)",
    "a huge shape without elements": "answer = torch.empty(0, 1 << 40, 1 << 20)",
    "many dimensions": "answer = torch.ones([1] * 64)",
    "a tensor on meta": "answer = torch.empty(1 << 40, device='meta')",
    "sparse tensors": "answer = torch.eye(4).to_sparse(), torch.eye(4).to_sparse_csr()",
    "an invalid sparse tensor": (
        "answer = torch.sparse_coo_tensor(torch.tensor([[9]]), torch.ones(1), (2,), check_invariants=False)"
    ),
    "a nested tensor": "answer = torch.nested.nested_tensor([x, x[:1]])",
    "a tensor without storage": "x.untyped_storage().resize_(0)\nanswer = x",
    "an array of objects": "import numpy\nanswer = numpy.array([x, None, answer_of := {}], dtype=object)",
    "an array of records": "import numpy\nanswer = numpy.zeros(2, dtype=[('a', 'f4'), ('b', 'O')])",
    "dates": "import numpy\nanswer = numpy.array(['NaT', '2020'], dtype='datetime64[ns]')",
    "an exception without text": (
        "class E(Exception):\n    def __str__(self): raise self\n    __repr__ = __str__\nraise E"
    ),
    "an exception with a number as text": "class E(Exception):\n    def __str__(self): return 5\nraise E",
    "an exception with half a character": "raise ValueError('\\udc80' * 10)",
    "a group of exceptions": "raise ExceptionGroup('g', [ValueError(i) for i in range(99)])",
    "an exception that causes itself": "e = ValueError()\ne.__cause__ = e\nraise e",
    "a syntax error by hand": "raise SyntaxError('s', ('<answer>', -5, 1 << 70, None))",
    "keys that cannot be compared": "answer = {float('nan'): 1, None: 2, (): 3, b'': 4, 1j: 5}",
    "a cycle": "answer = []\nanswer.append(answer)",
    "recursion in a value": "answer = []\nfor _ in range(100_000): answer = [answer]",
    "star imports and aliases": "from torch import *\nimport torch as a, torch.nn as b\na = b = a.b = a\nanswer = b",
    "patterns": "match x:\n    case [*_, {'a': int(), **r}] | (1 | 2): pass\n    case _: answer = x",
    "no code": "",
    "only a comment": "#",
}
"""What is nasty -> answer."""


def make_card(id: str, *checks: Check, **fields: Any) -> Card:
    given = "x = torch.arange(4.)\n"
    return Card("deck", id, "?", checks, preamble="import torch\n", given=given, trusted=True, **fields)


SOLUTION = "answer = x * 1.5"
BANS = ("for", "products", "torch.einsum", "recursion")
CARDS = (
    make_card(
        "rules",
        *(Check("answer"), Check("raised", hidden=True)),
        solution=SOLUTION,
        forbid=BANS,
        require=("torch.mul",),
    ),
    make_card("allow", Check("answer"), solution=SOLUTION, allow=("torch.sum",)),
    make_card("strict", Check("answer", strict=True), solution=SOLUTION),
)
PREDICT = make_card("predict", Check("x * 1.5"), kind=CardKind.PREDICT)


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS, ids=attrgetter("id"))
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_makes_ptquiz_fail(grader: Grader, card: Card, answer: str) -> None:
    verdict = grader.grade(card, answer)
    assert verdict.outcome is not Outcome.INTERNAL, verdict.detail
    assert not verdict.passed


PREDICTIONS = (
    *("(" * 5_000, "[" * 5_000 + "]" * 5_000, "-" * 5_000 + "1", "1" * 5_000, "1e999999", "0x" + "f" * 9_000, "nan"),
    *("\0", "\udcff", "'\\ud800'", "\f", "{[]: 1}", "1_" * 999 + "1", "b'\\xff'", "..." * 999, "9" * (1 << 18)),
)


@pytest.mark.parametrize("typed", PREDICTIONS, ids=lambda typed: ascii(typed[:9]))
def test_no_prediction_makes_ptquiz_fail(grader: Grader, typed: str) -> None:
    verdict = grader.grade(PREDICT, typed)
    assert verdict.outcome is not Outcome.INTERNAL, verdict.detail
    assert not verdict.passed
