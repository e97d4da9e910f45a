"""Warnings that name a mistake; each is printed by the installed torch or pandas in the sandbox."""

from __future__ import annotations

import pytest

from quizapp.grading.mistake import Mistake
from quizapp.grading.warning_causes import find_warning_cause
from quizapp.sandbox.client import Sandbox
from tests.sandbox.runs import run

PREAMBLE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F"
COLUMN = "x, y = torch.zeros(8, 1), torch.ones(8)\n"
FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3.0, 4.0]})\n"
CHECKPOINT = "from torch.utils.checkpoint import checkpoint\n"
STEPS = """optimizer = torch.optim.SGD([torch.ones(2, requires_grad=True)], lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
"""

WARNINGS = [
    (Mistake.BROADCAST, COLUMN + "F.mse_loss(x, y)", "Line 2: the loss gets a target of shape [8] and an input of"),
    (Mistake.BROADCAST, COLUMN + "nn.MSELoss()(x, y)", "Line 2: "),
    (Mistake.BROADCAST, COLUMN + "F.l1_loss(x, y)", "shape [8, 1], which are broadcast to [8, 8]: give both"),
    (Mistake.BROADCAST, COLUMN + "nn.L1Loss()(x, y)", "Line 2: "),
    (Mistake.BROADCAST, COLUMN + "F.smooth_l1_loss(x, y)", "[8, 8]"),
    (Mistake.BROADCAST, COLUMN + "nn.SmoothL1Loss()(x, y)", "Line 2: "),
    (Mistake.BROADCAST, COLUMN + "F.huber_loss(x, y)", "[8, 8]"),
    (Mistake.BROADCAST, COLUMN + "nn.HuberLoss()(x, y)", "Line 2: "),
    (Mistake.BROADCAST, "try:\n    F.mse_loss(torch.ones(2), torch.ones(3))\nexcept Exception:\n    pass", "[2]: give"),
    (Mistake.NO_GRADIENT, "w = torch.ones(2, requires_grad=True) * 2\nw.sum().backward()\nw.grad", "Line 3: `.grad`"),
    (
        Mistake.NO_GRADIENT,
        CHECKPOINT + "checkpoint(torch.sin, torch.ones(2), use_reentrant=True)",
        "none of the inputs",
    ),
    (
        Mistake.STATEMENT_ORDER,
        STEPS + "scheduler.step()\noptimizer.step()",
        "Line 3: `scheduler.step()` is called before",
    ),
    (Mistake.WRONG_DIMENSION, "F.softmax(torch.ones(2, 2))", "Line 1: `softmax` is called without `dim`"),
    (Mistake.WRONG_DIMENSION, "\nnn.LogSoftmax()(torch.ones(2, 2))", "Line 2: `log_softmax` is called"),
    (Mistake.WRONG_DIMENSION, "torch.cross(torch.ones(2, 3), torch.ones(2, 3))", "pass `dim`"),
    (Mistake.GRAPH_CUT, "torch.tensor(torch.ones(2))", "Line 1: a tensor is constructed from a tensor"),
    (
        Mistake.VIEW,
        "import numpy as np\ntorch.from_numpy(np.broadcast_to(np.ones(1), 3))",
        "Line 2: the tensor shares its",
    ),
    (Mistake.VIEW, "torch.frombuffer(b'1234', dtype=torch.uint8)", "a buffer that must not be changed"),
    (Mistake.PERMUTED, "torch.ones(2, 3, 4).T", "`.T` reverses all dimensions"),
    (Mistake.WRONG_SCALE, "F.kl_div(torch.zeros(2), torch.ones(2))", "`reduction='batchmean'`"),
    (Mistake.DTYPE, "torch.ones(2)[torch.tensor([0, 1], dtype=torch.uint8)]", "`.bool()`"),
    (Mistake.DTYPE, "torch.ones(2, dtype=torch.complex64).float()", "discards the imaginary part"),
    (Mistake.NAN, "torch.ones(1).std()", "too few elements"),
    (Mistake.NOT_CALLED, "async def f():\n    pass\nf()", "`f` is a coroutine"),
    (Mistake.COMPARISON, "x = 5\nx is 3", "Line 2: `is` compares identity"),
    (Mistake.RESHAPED, "torch.add(torch.ones(2), 1, out=torch.ones(3))", "`out` has shape [3]"),
    (Mistake.NOT_CHANGED_IN_PLACE, FRAME + "df['a'][0] = 5", "Line 3: the assignment changes a copy"),
    (Mistake.NOT_CHANGED_IN_PLACE, FRAME + "df[df.a > 1]['b'] = 5", "`df.loc[rows, column] = value`"),
    (
        Mistake.NOT_CHANGED_IN_PLACE,
        FRAME + "df['a'].fillna(0, inplace=True)",
        "Line 3: the in-place method changes a copy",
    ),
]


@pytest.mark.parametrize(("mistake", "code", "sentence"), WARNINGS, ids=lambda part: str(part).splitlines()[-1][:40])
def test_a_warning_is_the_cause_and_is_removed_from_the_text(
    mistake: Mistake, code: str, sentence: str, sandbox: Sandbox
) -> None:
    before, after = "import sys\nprint('before', file=sys.stderr)\n", "\nprint('after', file=sys.stderr)"
    report = run(sandbox, before + code + after, preamble=PREAMBLE)
    cause = find_warning_cause(report.stderr)
    assert cause is not None and report.raised is None
    assert (cause.proof.mistake, cause.stderr) == (mistake, "before\nafter\n")
    assert cause.proof.line is not None
    own_line = cause.proof.sentence.replace(f"Line {cause.proof.line}: ", f"Line {cause.proof.line - 2}: ")
    assert sentence in own_line


def test_a_warning_of_several_lines_is_removed_everywhere_and_names_the_first(sandbox: Sandbox) -> None:
    code = f"{COLUMN}for _ in range(3):\n    F.mse_loss(x, y)\nF.l1_loss(x, y)\nimport warnings\nwarnings.warn('mine')"
    cause = find_warning_cause(run(sandbox, code, "F.mse_loss(x, y)", preamble=PREAMBLE).stderr)
    assert cause is not None
    assert (cause.proof.line, cause.stderr) == (3, "<answer>:6: UserWarning: mine\n")


def test_a_warning_in_a_check_has_no_line(sandbox: Sandbox) -> None:
    code = "w = torch.ones(2, requires_grad=True) * 2\nw.sum().backward()"
    cause = find_warning_cause(run(sandbox, code, "w.grad").stderr)
    assert cause is not None
    assert (cause.proof.line, cause.proof.sentence[:30]) == (None, "`.grad` is read of a tensor th")


def test_a_warning_that_the_reference_prints_too_is_not_the_mistake(sandbox: Sandbox) -> None:
    reference = run(sandbox, "F.softmax(torch.ones(2, 2))", preamble=PREAMBLE).stderr
    answer = run(sandbox, "x = torch.ones(2, 2)\nF.softmax(x)", preamble=PREAMBLE).stderr
    assert find_warning_cause(answer, reference) is None
    assert find_warning_cause(answer) is not None


def test_a_warning_of_the_given_code_is_not_the_mistake(sandbox: Sandbox) -> None:
    report = run(sandbox, "1", given="F.softmax(torch.ones(2))", preamble=PREAMBLE)
    assert "Implicit dimension" in report.stderr
    assert find_warning_cause(report.stderr) is None


@pytest.mark.parametrize(
    "text", ["", "hello\n", "<answer>:1: UserWarning: mine\n", "Using a target size (torch.Size([8]))"]
)
def test_other_text_has_no_cause(text: str) -> None:
    assert find_warning_cause(text) is None


def test_the_warning_of_older_pandas_is_known() -> None:
    text = (
        "<answer>:3: SettingWithCopyWarning: \nA value is trying to be set on a copy of a slice from a DataFrame.\n"
        "Try using .loc[row_indexer,col_indexer] = value instead\n\nSee the caveats in the documentation: "
        "https://pandas.pydata.org/pandas-docs/stable/user_guide/indexing.html#returning-a-view-versus-a-copy\nmine\n"
    )
    cause = find_warning_cause(text)
    assert cause is not None
    assert (cause.proof.mistake, cause.proof.line, cause.stderr) == (Mistake.NOT_CHANGED_IN_PLACE, 3, "mine\n")
