"""Explanations of beginners' errors; each error is raised by the installed torch."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from quizapp.grading.error_causes import explain_error, find_cause
from quizapp.sandbox.protocol import Raised

pytestmark = pytest.mark.torch

MODULE = "class Net(nn.Module):\n    def __init__(self):\n        {body}\n"
WEIGHT = "w = torch.ones(3, requires_grad=True)\n"

ERRORS = [
    ("matmul", "torch.ones(2, 3) @ torch.ones(2, 3)", "3 columns and 2 rows"),
    ("matmul", "nn.Linear(3, 4)(torch.ones(2, 5))", "5 columns and 3 rows"),
    ("matmul", "torch.ones(2, 3) @ torch.ones(2)", "3 columns and 2 elements"),
    ("matmul", "torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 3, 4))", "4 columns and 3 rows"),
    ("matmul", "torch.ones(2) @ torch.ones(3)", "2 and 3 elements"),
    ("size-mismatch", "torch.ones(2, 3) + torch.ones(2, 4)", "at dimension 1 they are 3 and 4"),
    ("size-mismatch", "torch.cat((torch.ones(2, 3), torch.ones(3, 4)))", "3 and 4"),
    ("size-mismatch", "torch.stack((torch.ones(2), torch.ones(3)))", "one shape"),
    ("size-mismatch", "F.binary_cross_entropy_with_logits(torch.ones(2, 1), torch.ones(2))", "the target has shape"),
    ("expand", "torch.ones(3, 2).expand(4, 2)", "size 3"),
    ("channels", "nn.Conv2d(3, 4, 3)(torch.ones(1, 1, 8, 8))", "3 input channels and is given 1"),
    ("leaf-in-place", WEIGHT + "w += 1", "no_grad"),
    ("leaf-in-place", WEIGHT + "w[0] = 1", "no_grad"),
    ("modified-in-place", WEIGHT + "y = w.exp()\ny += 1\ny.sum().backward()", "changed in place"),
    ("second-backward", WEIGHT + "loss = (w ** 2).sum()\nloss.backward()\nloss.backward()", "compute the loss again"),
    ("non-scalar-grad", WEIGHT + "(w * 2).backward()", "`sum` or `mean`"),
    ("no-graph", "torch.ones(2).sum().backward()", "detached"),
    ("no-grad-yet", WEIGHT + "w.grad.zero_()", "`.grad` is None"),
    ("long-target", "F.cross_entropy(torch.ones(2, 3), torch.ones(2))", "these are Float"),
    ("index-dtype", "nn.Embedding(3, 2)(torch.ones(2))", "`.long()`"),
    ("index-dtype", "torch.ones(2, 2).gather(1, torch.ones(2, 2))", "`.long()`"),
    ("dtype-mismatch", "nn.Linear(2, 2)(torch.ones(2, 2, dtype=torch.float64))", "Double and Float"),
    ("dtype-mismatch", "torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.int64)", "one dtype on both sides"),
    ("integer-mean", "torch.arange(3).mean()", "`.float()`"),
    ("in-place-dtype", "torch.ones(2, dtype=torch.int64).div_(2)", "Float"),
    ("grad-dtype", "torch.ones(2, dtype=torch.int64, requires_grad=True)", "floats"),
    ("device-mismatch", "torch.ones(2) + torch.ones(2, device='meta')", "`.to(device)`"),
    ("dimension-range", "torch.ones(3).sum(dim=1)", "Dimension 1 does not exist"),
    ("index-range", "torch.ones(3)[5]", "Index 5"),
    ("index-range", "torch.ones(3)[torch.tensor([7])]", "Index 7"),
    ("index-range", "nn.Embedding(3, 2)(torch.tensor([5]))", "begin at 0"),
    ("index-range", "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 5]))", "numbered from 0"),
    ("index-range", "F.one_hot(torch.tensor([5]), 3)", "numbered from 0"),
    ("index-range", "[1, 2][2]", "begin at 0"),
    ("too-many-indices", "torch.ones(3)[0, 0]", "the tensor has 1"),
    ("mask-shape", "torch.ones(3)[torch.tensor([True, False])]", "the mask is [2]"),
    ("non-contiguous-view", "torch.ones(2, 3).T.view(6)", "`reshape`"),
    ("reshape", "torch.ones(2, 3).view(4)", "there are 6"),
    ("super-init", MODULE.format(body="self.layer = nn.Linear(2, 2)") + "Net()", "super().__init__()"),
    ("super-init", MODULE.format(body="self.w = nn.Parameter(torch.ones(2))") + "Net()", "super().__init__()"),
    ("super-init", MODULE.format(body="pass") + "Net()(1)", "super().__init__()"),
    ("no-forward", "nn.Module()(1)", "`forward`"),
    ("numpy-grad", WEIGHT + "w.numpy()", "`.detach().numpy()`"),
    ("ambiguous-bool", "if torch.ones(2): pass", "`any()` or `all()`"),
    ("not-a-scalar", "torch.ones(2).item()", "exactly one element"),
    ("not-a-scalar", "float(torch.ones(3))", "exactly one element"),
    ("ragged", "torch.tensor([[1, 2], [3]])", "ragged"),
    ("batch-norm", "nn.BatchNorm1d(3)(torch.ones(1, 3))", "`eval()`"),
    ("no-parameters", "torch.optim.SGD([], lr=0.1)", "ModuleList"),
    ("non-leaf", WEIGHT + "torch.optim.SGD([w * 2], lr=0.1)", "leaves"),
    ("state-dict", "nn.Linear(2, 3).load_state_dict(nn.Linear(3, 3).state_dict())", "`Linear`"),
]


def raised_by(code: str) -> Raised:
    """Return the exception that `code` raises."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec("import torch\nfrom torch import nn\nimport torch.nn.functional as F\n" + code, namespace)
        except Exception as error:
            return Raised(type(error).__name__, str(error))
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(("mistake", "code", "part"), ERRORS, ids=lambda text: text.splitlines()[-1][:50])
def test_a_beginners_error_is_explained(mistake: str, code: str, part: str) -> None:
    found = find_cause(raised_by(code))
    assert found is not None
    assert found[0] == mistake
    assert part in found[1]


@pytest.mark.parametrize("code", ["undefined_name", "1 / 0", "torch.nonsense", "{}['a']", "raise ValueError('mine')"])
def test_other_errors_have_no_explanation(code: str) -> None:
    assert explain_error(raised_by(code)) is None


def test_a_very_long_message_is_cut() -> None:
    assert explain_error(Raised("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (" + "1" * 10**6)) is None
