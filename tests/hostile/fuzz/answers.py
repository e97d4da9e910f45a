"""Answers as text: everything that the app does with the source of an answer before and after its run."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from hypothesis import strategies as st

from quizapp.decks.card import Card, CardKind, Check, Choice
from quizapp.decks.parsing.python_syntax import ignore_warnings
from quizapp.errors import UsageError
from quizapp.grading.answer_rules.code_rules import call_rules, find_violations
from quizapp.grading.cards.choice_card import read_choices
from quizapp.grading.cards.order_card import find_foreign_line
from quizapp.grading.code_changes.changed_programs import MOST_CHANGES, changed_programs
from quizapp.grading.code_changes.ignored_arguments import find_ignored_argument
from quizapp.grading.pasted_answers import clean_pasted_answer
from quizapp.grading.run_notes import find_run_notes
from quizapp.grading.scoring import Trial
from quizapp.text.pasted_code import clean_code
from quizapp.tui.widgets.highlighting import highlight_python, render_prose
from tests.hostile.fuzz.inputs import MAX_BYTES, mutated, of_tokens
from tests.hostile.fuzz.target import Target

REFERENCE = (
    "import torch.nn.functional as F\n\n\nclass Net(torch.nn.Module):\n    def __init__(self, size):\n"
    "        super().__init__()\n        self.layer = torch.nn.Linear(size, 2, bias=False)\n\n"
    "    def forward(self, x, mask=None):\n        x = x.sum(dim=-1, keepdim=True)[1:, ::2] / 2 ** 0.5\n"
    "        return F.softmax(self.layer(x), dim=1).masked_fill(mask == 0, float('-inf'))\n\n\n"
    "for epoch in range(3):\n    optimizer.zero_grad()\n    loss = ((net(x) - y) ** 2).mean()\n    loss.backward()\n"
    "    optimizer.step()\nanswer = [i for i in range(10) if i % 2 and not i > 5]\n"
)
SEEDS = [
    REFERENCE.encode(),
    b">>> x = torch.ones(2)\n>>> x + 1\ntensor([2., 2.])\n",
    b"In [1]: x = 1\n   ...: y = 2\nOut[1]: 3\n",
    b"```python\nx = 1\n```\n",
    b"    x = 1\n    if x:\n        y = {**a, 'b': f'{x!r:>{w}}'}\n",
    b"match x:\n    case {'a': [1, *rest], **kw} if rest: pass\n    case Point(x=0) | None: pass\n",
    b"async def f(a, /, b=1, *c, d, **e): return [await x async for x in y]\ntry: pass\nexcept* E as e: raise\n",
    b"#1\n#2, 3\n",
]
CARD = Card(
    "a",
    "b",
    "q",
    checks=(Check("answer"),),
    given="x = torch.ones(2)\nw = 1",
    solution=REFERENCE,
    forbid=("loops", "torch.nn.functional.softmax", "sum"),
    require=("products", "torch.where"),
    allow=("torch.sum",),
)
ORDER = Card("a", "o", "q", kind=CardKind.ORDER, checks=(Check("answer"),), solution=REFERENCE, distract=("else:",))
CHOICES = Card("a", "c", "q", kind=CardKind.CHOICE, choices=(Choice("x = 1", True), Choice("2")))


def read(data: bytes) -> object:
    """Clean an answer, apply the rules of a card, and change it as the search for a mistake does."""
    text = clean_code(data.decode("utf-8", "replace"))
    answer, _ = clean_pasted_answer(text)
    programs = list(islice(changed_programs(answer, lambda edit: edit.repaired, REFERENCE), MOST_CHANGES))
    return (
        call_rules(CARD, answer),
        find_violations(CARD, answer, {"loops": 1}),
        find_ignored_argument(answer, REFERENCE),
        find_run_notes(CARD, answer, [Trial(0)]),
        programs,
        highlight_python(answer),
        render_prose(text),
    )


def read_as_lines(data: bytes) -> object:
    """Read an answer to an order card and to a choice card."""
    text = data.decode("utf-8", "replace")
    with suppress(UsageError):
        read_choices(CHOICES, text)
    return find_foreign_line(ORDER, text)


def read_both(data: bytes) -> object:
    """Read an answer to each kind of card."""
    with ignore_warnings():
        return read(data), read_as_lines(data)


TOKENS = [
    *(b"(", b")", b"[", b"]", b"{", b"}", b",", b":", b"=", b"+", b"-", b"~", b"@", b"**", b".", b";", b"\\\n", b"\n"),
    *(b"\n    ", b"not ", b"lambda x: ", b"x", b"self", b"torch.", b".sum(", b"dim=", b"1", b"0.5", b"1e999", b"f'{"),
    *(b"'''", b"b'\\x", b"#", b"def f(x):\n ", b"class C:\n ", b"for x in ", b"if x:\n ", b"x if x else ", b"await "),
    *(
        b"*",
        b"yield ",
        b"import torch as x\n",
        b"from torch import *\n",
        b"global x\n",
        b":=",
        b"match x:\n case ",
        b">>> ",
    ),
    *(
        b"```\n",
        b"0" * 5000,
        b"0xf",
        b"\x0c",
        b"x.",
        b"x(",
        b"print(x)\n",
        b"return ",
        b"with x as y: pass\n",
        b"del x\n",
    ),
]

expressions: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(
        ["x", "y", "1", "-1", "0.5", "1e999", "2j", "''", "b''", "None", "...", "torch.float32", "F", "[]"]
    ),
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format, inner, st.sampled_from(["+", "/", "@", "**", "==", "<", "and", "is not"]), inner
        ),
        st.builds("{}.{}({}, dim={})".format, inner, st.sampled_from(["sum", "view", "to", "softmax"]), inner, inner),
        st.builds("torch.{}(*{}, **{})".format, st.sampled_from(["cat", "where", "nn.Linear"]), inner, inner),
        st.builds("{}[{}:, ..., None, {}]".format, inner, inner, inner),
        st.builds("[{} for x, *y in {} if {}]".format, inner, inner, inner),
        st.builds("(lambda x={}, *a, y: {})".format, inner, inner),
        st.builds("(z := {} if {} else -{})".format, inner, inner, inner),
        st.builds("f'{{{}!r:>{{{}}}}}'".format, st.just("x"), st.just("y")),
        st.builds("{{{}: {}, **{}}}".format, inner, inner, inner),
    ),
    max_leaves=12,
)
statements = st.one_of(
    expressions,
    st.builds("x, *y = a[0] = {}".format, expressions),
    st.builds("x.y += {}".format, expressions),
    st.builds("def f(x, mask={}):\n    {}\n    return {}".format, expressions, expressions, expressions),
    st.builds("for x, (y, z) in {}:\n    {}\nelse:\n    del x[{}]".format, expressions, expressions, expressions),
    st.builds("while {}:\n    loss.backward(); optimizer.step()\n    break".format, expressions),
    st.builds("@{}\nclass C(torch.nn.Module):\n    x: int = {}".format, expressions, expressions),
    st.builds("with {} as x, y:\n    {}".format, expressions, expressions),
    st.builds("match {}:\n    case [1, *_]:\n        {}".format, expressions, expressions),
    st.builds("try:\n    assert {}\nfinally:\n    raise {} from x".format, expressions, expressions),
)
programs = st.lists(statements, max_size=4).map(lambda lines: "\n".join(lines).encode()[:MAX_BYTES])
TARGET = Target(read_both, mutated(SEEDS, TOKENS) | of_tokens(TOKENS) | programs, examples=200, seconds=6.0)
