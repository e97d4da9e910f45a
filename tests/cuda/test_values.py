"""Values of the device reach the judge with their dtype, layout and device."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import torch

from quizapp.sandbox.client import Sandbox
from quizapp.sandbox.protocol import Ending
from quizapp.sandbox.values.model import Value
from quizapp.sandbox.values.serialise import decode
from tests.cuda.device_runs import observe_on_cuda, run_on_cuda

pytestmark = [pytest.mark.cuda, pytest.mark.jail]

DTYPES = (
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int8,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.complex128,
)
VIEWS = {
    "a transposed view": ("torch.arange(6.0, device='cuda').reshape(2, 3).T", torch.arange(6.0).reshape(2, 3).T),
    "an expanded view": ("torch.ones(2, 1, device='cuda').expand(2, 3)", torch.ones(2, 3)),
    "a conjugate view": ("torch.full((2,), 1 + 2j, device='cuda').conj()", torch.full((2,), 1 - 2j)),
    "no elements": ("torch.zeros(0, 3, device='cuda')", torch.zeros(0, 3)),
    "no dimensions": ("torch.tensor(7.0, device='cuda')", torch.tensor(7.0)),
    "a tensor with a gradient": ("torch.ones(2, device='cuda', requires_grad=True)", torch.ones(2)),
}
SPARSE = {
    "to_sparse()": torch.sparse_coo,
    "to_sparse_csr()": torch.sparse_csr,
    "to_sparse_csc()": torch.sparse_csc,
}


def observed(sandbox: Sandbox, expressions: Iterable[str]) -> list[Value]:
    """Return the decoded values of expressions on the device, all from one run."""
    report = run_on_cuda(sandbox, "", *expressions)
    assert report.ending is Ending.FINISHED, (report.ending, report.detail)
    without_value = [(seen.number, seen.raised, seen.refused) for seen in report.observations if seen.value is None]
    assert without_value == []
    return [decode(seen.value or b"") for seen in report.observations]


def test_every_dtype_comes_back_with_dtype_and_device(sandbox: Sandbox) -> None:
    values = observed(sandbox, (f"torch.tensor([0, 1, 1], device='cuda').to({dtype})" for dtype in DTYPES))
    for dtype, value in zip(DTYPES, values, strict=True):
        assert (value.kind, dict(value.meta)["device"], value.data.dtype) == ("tensor", "cuda:0", dtype)
        assert torch.equal(value.data, torch.tensor([0, 1, 1]).to(dtype))


def test_views_come_back_with_their_numbers(sandbox: Sandbox) -> None:
    values = observed(sandbox, (expression for expression, _ in VIEWS.values()))
    for (name, (_, expected)), value in zip(VIEWS.items(), values, strict=True):
        assert (name, dict(value.meta)["device"]) == (name, "cuda:0")
        assert torch.equal(value.data, expected), name


@pytest.mark.filterwarnings("ignore:Sparse CS. tensor support is in beta state")
def test_sparse_tensors_come_back_with_their_layouts(sandbox: Sandbox) -> None:
    values = observed(sandbox, (f"(2 * torch.eye(3, device='cuda')).{call}" for call in SPARSE))
    for layout, value in zip(SPARSE.values(), values, strict=True):
        assert (dict(value.meta)["device"], value.data.layout) == ("cuda:0", layout)
        assert torch.equal(value.data.to_dense(), 2 * torch.eye(3))


def test_values_in_containers_and_modules_come_back(sandbox: Sandbox) -> None:
    code = "net = torch.nn.Linear(2, 1, device='cuda')\nwith torch.no_grad(): net.weight.fill_(3)"
    checks = ("{k: v for k, v in net.state_dict().items() if k == 'weight'}", "[net.weight, (net.weight * 2).cpu()]")
    state, (weight, doubled) = observe_on_cuda(sandbox, code, *checks)
    assert list(state) == ["weight"]
    assert torch.equal(state["weight"], weight) and torch.equal(doubled, 2 * weight)


def test_a_value_that_is_too_large_is_refused_by_its_check(sandbox: Sandbox) -> None:
    report = run_on_cuda(sandbox, "x = torch.zeros(2**25, device='cuda')", "x", "x.sum().item()")
    too_large, total = report.observations
    assert (too_large.value, total.value is not None) == (None, True)
    assert too_large.refused
